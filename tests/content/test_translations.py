"""What is said in a language: all of a screen or none of it, read by somebody or only numbers."""

import io
from collections.abc import Callable, Collection
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from rights_line.content.approval_rule import needed_roles
from rights_line.content.approvals import fingerprint
from rights_line.content.loader import ContentSources, build_library
from rights_line.content.source import SourceString, content_files, source_strings
from rights_line.content.yaml_file import load_yaml
from rights_line.core.conversation import respond
from rights_line.core.library import Edition, Library, Screen
from rights_line.core.messages import Inbound
from tests.support.clock import TUESDAY
from tests.support.folders import (
    NEW_TOPIC,
    ROWS,
    add,
    change,
    keep_little,
    put,
    restate,
    swap,
    topic,
)

ZZ_WORDS = "locales/zz/words.yaml"
ZZ_CATALOG = "locales/zz/LC_MESSAGES/messages.po"
LIFELINES = {"112", "22331160", "116111"}


@pytest.fixture
def folder(folder: Path) -> Path:
    """A copy of some of the real content, in two languages."""
    keep_little(folder)
    return folder


@pytest.fixture
def with_zz(folder: Path) -> Path:
    """The same with an invented language, which says everything in English after a mark."""
    add_row(folder, "full")
    change(folder, ZZ_WORDS, put("work: [zedwork]\n"))
    translate(folder)
    return folder


def add_row(folder: Path, state: str) -> None:
    """Add a row like the Polish one: an invented language, of whose texts this is the state."""
    polish = (folder / ROWS).read_text(encoding="utf-8").partition("\npl:\n")[2]
    kept = [
        line
        for line in polish.splitlines()
        if line.split(":")[0].strip() not in ("number", "word", "label", "own_name", "locale")
        if not line.lstrip().startswith(("texts", "fold", "{", "norwegian"))
    ]
    made = ['  number: "77"', "  word: DEZED", "  label: Zed", "  own_name: Zèd", "  locale: eo"]
    made += ["  norwegian: sedsk", f"  texts: {state}"]
    change(folder, ROWS, add("\n".join(["zz:", *kept, *made, ""])))


def to_say(folder: Path) -> list[SourceString]:
    """Return all that is to be translated."""
    return [
        text
        for path in content_files(folder / "content")
        for text in source_strings(load_yaml(path, []))
    ]


def translate(folder: Path, left_out: Collection[SourceString] = (), fuzzy: bool = False) -> None:
    """Write the invented language's catalog; what is left out is fuzzy, or not there at all."""
    catalog = Catalog(fuzzy=False)
    for text in to_say(folder):
        if fuzzy or text not in left_out:
            flags = ["fuzzy"] if text in left_out else []
            catalog.add(text.message, f"zz {text.message}", context=text.context, flags=flags)
    written = io.BytesIO()
    write_po(written, catalog)
    change(folder, ZZ_CATALOG, put(written.getvalue().decode()))


def approve(folder: Path, tag: str, but: Collection[int] = ()) -> None:
    """Record every approval that a language needs, but for the strings at some places."""
    sources = ContentSources(folder)
    strings = [
        (text, sources.languages[tag].translate(text.context, text.message))
        for text in sources.texts
    ]
    left_out = {place % len(strings) for place in but}
    rows = [
        f'"{fingerprint(text, string)}":\n'
        + "".join(f'- {{role: {role}, by: AB, "on": 2026-11-24}}\n' for role in needed_roles(tag))
        for place, (text, string) in enumerate(strings)
        if string and place not in left_out
    ]
    change(folder, f"locales/{tag}/review.yaml", put("".join(rows)))


def drafts(folder: Path) -> Library:
    """Return everything, read by somebody or not."""
    return build_library(ContentSources(folder), "drafts")


def approved(folder: Path) -> Library:
    """Return what a line on duty says."""
    return build_library(ContentSources(folder), "approved")


def say(library: Library, text: str, tag: str | None = None) -> str:
    """Return the answer to a text."""
    return respond(Inbound("sender", text), tag, library, TUESDAY, has_memory=True)[0].text


def in_english(edition: Edition) -> set[str]:
    """Return the codes of the screens that an edition says in English."""
    return {code for code, screen in edition.screens.items() if screen.language == "en"}


def numbers_in(text: str) -> set[str]:
    """Return the telephone numbers of the bare numbers card, one a line."""
    return {"".join(filter(str.isdecimal, line.partition("(")[0])) for line in text.splitlines()}


def links_to(code: str) -> Callable[[Screen], bool]:
    """Tell of a screen whether it shows a code."""
    return lambda screen: f"\n{code} " in f"\n{screen.links}"


def has_code(*codes: str) -> Callable[[Screen], bool]:
    """Tell of a screen whether it has one of these codes."""
    return lambda screen: screen.code in codes


def is_whole(screen: Screen, english: Screen, helplines: str) -> bool:
    """Tell whether a screen is all in the invented language, or all in English after helplines."""
    if screen.language == "zz":
        return all("zz " in line for line in f"{screen.body}\n{screen.links}".splitlines())
    return (screen.body, screen.links, screen.notices) == (
        f"{helplines}\n{english.body}",
        english.links.replace("ENGLISH", "DEZED"),
        english.notices,
    )


@pytest.mark.parametrize(
    ("context", "place", "fuzzy", "shows"),
    [
        pytest.param("work", 0, True, links_to("4"), id="title, fuzzy"),
        pytest.param("work", 2, True, has_code("41"), id="second text, fuzzy"),
        pytest.param("menu", 0, True, links_to("0"), id="label of the menu, fuzzy"),
        pytest.param("work", 0, False, links_to("4"), id="title in menus"),
        pytest.param("danger", 0, False, links_to("1"), id="first title"),
        pytest.param("work", 1, False, has_code("4"), id="text"),
        pytest.param("work", 2, False, has_code("41"), id="second text"),
        pytest.param("udi", 1, False, has_code("23351600"), id="contact"),
        pytest.param(
            "udi", 0, False, lambda screen: "23 35 16 00" in screen.body, id="contact's name"
        ),
        pytest.param("unclear", 0, False, has_code("?"), id="not understood"),
        pytest.param("menu", 0, False, links_to("0"), id="label of the menu"),
        pytest.param("languages", 0, False, links_to("99"), id="label of the languages"),
        pytest.param("close_label", 0, False, links_to("00"), id="label of the end"),
        pytest.param("hours", 0, False, lambda screen: ":00" in screen.body, id="hours"),
        pytest.param("closed", 0, False, lambda screen: bool(screen.notices), id="closed"),
        pytest.param("holiday", 0, False, lambda screen: bool(screen.notices), id="holiday"),
    ],
)
def test_a_screen_that_lacks_a_part_is_said_whole_in_english(
    with_zz: Path, context: str, place: int, fuzzy: bool, shows: Callable[[Screen], bool]
) -> None:
    """Whatever part has no translation to be served: no screen is half in another language."""
    part = [text for text in to_say(with_zz) if text.context == context][place]
    translate(with_zz, [part], fuzzy)
    library = drafts(with_zz)
    edition, english = library.editions["zz"], library.editions["en"]
    lacking = {code for code, screen in english.screens.items() if shows(screen)}
    assert lacking
    assert in_english(edition) == lacking
    for code in english.screens:
        assert is_whole(edition.screens[code], english.screens[code], edition.helplines)
        assert is_whole(
            edition.stateless_screens[code], english.stateless_screens[code], edition.helplines
        )


def test_all_that_is_translated_is_said(with_zz: Path) -> None:
    """With everything translated nothing is in English."""
    edition = drafts(with_zz).editions["zz"]
    assert in_english(edition) == set()
    assert edition.helplines.startswith("zz ")


def test_helplines_alone_make_a_language(with_zz: Path) -> None:
    """A language of one sentence says each screen in English after the helplines in its own."""
    translate(with_zz, [text for text in to_say(with_zz) if text.context != "helplines"])
    edition = drafts(with_zz).editions["zz"]
    assert in_english(edition) == edition.screens.keys()
    assert all(screen.body.startswith("zz ") for screen in edition.screens.values())


def test_nothing_is_approved(with_zz: Path) -> None:
    """Before anybody has read anything the first answer, and every other, is bare numbers."""
    library = approved(with_zz)
    assert numbers_in(library.start) == numbers_in(library.start_stateless) == LIFELINES
    for edition in library.editions.values():
        for screen in (*edition.screens.values(), *edition.stateless_screens.values()):
            assert numbers_in(screen.body) == LIFELINES
            assert screen.links == ""


@pytest.mark.parametrize(
    ("read", "tags"),
    [(("en",), ("en",)), (("zz",), ()), (("en", "zz"), ("en", "zz"))],
    ids=["English", "zz without English", "both"],
)
def test_what_is_approved_is_served(
    with_zz: Path, read: tuple[str, ...], tags: tuple[str, ...]
) -> None:
    """An approved language is sent and listed, while English is; the others are not."""
    for tag in read:
        approve(with_zz, tag)
    library, everything = approved(with_zz), drafts(with_zz)
    for tag, edition in library.editions.items():
        assert (edition == everything.editions[tag]) == (tag in tags)
    for start, listed in (
        (library.start, {"en": "2 English", "zz": "77 Zed", "pl": "9 Polski"}),
        (library.start_stateless, {"en": "ENGLISH", "zz": "DEZED", "pl": "POLSKI"}),
    ):
        assert [line for line in start.splitlines() if line in listed.values()] == [
            listed[tag] for tag in tags
        ]


@pytest.mark.parametrize("place", [0, 1, 7, -1])
def test_one_string_that_nobody_has_read(with_zz: Path, place: int) -> None:
    """With a single draft in it a language says the bare numbers."""
    approve(with_zz, "en")
    approve(with_zz, "zz", but=[place])
    library = approved(with_zz)
    assert numbers_in(say(library, "DEZED 4")) == LIFELINES
    assert "77 Zed" not in library.start
    assert "2 English" in library.start


def test_one_letter_of_a_translation_voids_its_approval(with_zz: Path) -> None:
    """What was read is not what is said any more: the language is a draft again."""
    for tag in ("en", "zz"):
        approve(with_zz, tag)
    change(with_zz, ZZ_CATALOG, restate("close_label", swap("zz", "zy")))
    library = approved(with_zz)
    assert numbers_in(say(library, "DEZED")) == LIFELINES
    assert "77 Zed" not in library.start
    assert "2 English" in library.start


def test_one_letter_of_the_source_voids_every_approval(with_zz: Path) -> None:
    """When the English changes, nobody has read it, and no translation says the same any more."""
    change(with_zz, NEW_TOPIC, topic("Zz Zz Zz"))
    translate(with_zz)
    for tag in ("en", "zz"):
        approve(with_zz, tag)
    assert approved(with_zz).start == drafts(with_zz).start.replace("\n9 Polski", "")
    change(with_zz, NEW_TOPIC, topic("Zz Zz Zy"))
    assert numbers_in(approved(with_zz).start) == LIFELINES
    assert in_english(drafts(with_zz).editions["zz"]) == {"92"}


def test_an_approval_is_of_one_language(with_zz: Path) -> None:
    """Who has read the English has not read the translation."""
    for tag in ("en", "zz"):
        approve(with_zz, tag)
    assert ContentSources(with_zz).is_approved("zz")
    review = (with_zz / "locales/en/review.yaml").read_text(encoding="utf-8")
    change(with_zz, "locales/zz/review.yaml", put(review))
    assert not ContentSources(with_zz).is_approved("zz")


def test_a_fingerprint_is_of_source_and_translation() -> None:
    """An approval names the context, the English and what is said: none may change under it."""
    rows = [("work", "ab", "c"), ("work", "a", "bc"), ("work", "ab", "d"), ("talk", "ab", "c")]
    rows += [("work", "abc", "c"), ("work", "ab", "")]
    made = [
        fingerprint(SourceString(context, message, Path("zz.yaml"), 1, ""), translation)
        for context, message, translation in rows
    ]
    assert len(set(made)) == len(rows)
    moved = fingerprint(SourceString("work", "ab", Path("other.yaml"), 2, "Zz"), "c")
    assert moved == made[0]


def test_an_approval_may_be_written_by_hand(with_zz: Path) -> None:
    """Who writes `on: 2026-11-24`, as the remedy of the fault says, has written a date."""
    for tag in ("en", "zz"):
        approve(with_zz, tag)
    change(with_zz, "locales/zz/review.yaml", lambda whole: whole.replace('"on"', "on"))
    assert ContentSources(with_zz).is_approved("zz")


def test_a_language_is_a_row_and_a_folder(folder: Path, with_zz: Path) -> None:
    """An invented language is listed, chosen, understood and spoken; nothing else changes."""
    library = drafts(with_zz)
    change(folder, ROWS, lambda whole: whole.partition("\nzz:\n")[0] + "\n")
    before = drafts(folder)
    assert library.start == f"{before.start}\n77 Zed"
    assert library.start_stateless == f"{before.start_stateless}\nDEZED"
    assert library.codes == before.codes
    assert {tag: library.editions[tag] for tag in before.editions} == before.editions
    work = library.editions["zz"].screens["4"].body
    assert say(library, "DEZED 4").startswith(work)
    assert say(library, "zedwork").startswith(work)
    assert say(library, "zèd") == say(library, "77", "?") == say(library, "0", "zz")


def test_a_language_may_only_be_understood(folder: Path) -> None:
    """With no texts it needs no catalog: she is told the numbers and what to say on the phone."""
    before = drafts(folder)
    add_row(folder, "none")
    change(folder, ZZ_WORDS, put("work: [zedwork]\n"))
    library = drafts(folder)
    assert library.start == before.start
    assert library.editions == before.editions
    answer = say(library, "zedwork")
    assert answer == say(library, "zed") == say(library, "77", "?")
    assert {"Zèd", "2 English"} <= set(answer.splitlines())
    assert "sedsk" in answer
    assert answer.startswith(library.helplines)


def test_a_topic_is_a_file(with_zz: Path) -> None:
    """An invented topic is listed and answered in each language; nothing else changes."""
    before = drafts(with_zz)
    change(with_zz, NEW_TOPIC, topic("Call {rosa}.", title="Zedtopic"))
    change(with_zz, "locales/en/words.yaml", add("zz: [zedtopic]\n"))
    library = drafts(with_zz)
    assert library.start == before.start
    assert library.codes == {**before.codes, "92": "92"}
    for tag, edition in library.editions.items():
        old = before.editions[tag]
        assert "\n92 Zedtopic\n" in f"\n{edition.screens['9'].links}\n"
        assert edition.screens["9"].language == "en"
        assert edition.screens["92"].body.endswith("Call 22 33 11 60.")
        assert {code: edition.screens[code] for code in old.screens if code != "9"} == {
            code: screen for code, screen in old.screens.items() if code != "9"
        }
    assert say(library, "zedtopic") == say(library, "92", "en")
    assert say(library, "zed 92").startswith(library.editions["zz"].helplines)
