"""Translated screens: all or none of a screen, approved or only bare numbers."""

import io
from collections.abc import Callable, Collection
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from rights_line.content.approval_rule import needed_roles
from rights_line.content.assembly.library_builder import build_library
from rights_line.content.assembly.rendering import HELPLINE_PHRASES
from rights_line.content.files import approvals_file, yaml_file
from rights_line.content.files.content_reader import EnglishString, content_files, english_strings
from rights_line.content.loader import ContentSources
from rights_line.core.conversation.turn import conversation_reply
from rights_line.core.library import Edition, Library
from rights_line.core.messages import Inbound
from rights_line.core.screen import Head, Screen
from tests.support.clock import TUESDAY
from tests.support.folders import (
    NEW_TOPIC,
    ROWS,
    add,
    change,
    put,
    topic,
)

ZZ_WORDS = "locales/zz/words.yaml"
ZZ_CATALOG = "locales/zz/LC_MESSAGES/messages.po"
LIFELINES = {"112", "22331160", "116111"}


@pytest.fixture
def folder(small_folder: Path) -> Path:
    """A copy of the small content."""
    return small_folder


@pytest.fixture
def with_zz(folder: Path) -> Path:
    """The same with an invented language, in which every text is English after "zz"."""
    add_row(folder, "full")
    change(folder, ZZ_WORDS, put("work: [zedwork]\n"))
    translate(folder)
    return folder


def add_row(folder: Path, state: str) -> None:
    """Add an invented language: a row like the Polish one, with `texts: <state>`."""
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


def strings_to_translate(folder: Path) -> list[EnglishString]:
    """Return every string to translate."""
    return [
        text
        for path in content_files(folder / "content")
        for text in english_strings(yaml_file.load(path, []))
    ]


def translate(folder: Path, left_out: Collection[EnglishString] = (), fuzzy: bool = False) -> None:
    """Write the catalog of the invented language; strings left out are fuzzy or absent."""
    catalog = Catalog(fuzzy=False)
    for text in strings_to_translate(folder):
        if fuzzy or text not in left_out:
            flags = ["fuzzy"] if text in left_out else []
            catalog.add(text.message, f"zz {text.message}", context=text.context, flags=flags)
    written = io.BytesIO()
    write_po(written, catalog)
    change(folder, ZZ_CATALOG, put(written.getvalue().decode()))


def approve(folder: Path, tag: str, omit: Collection[int] = ()) -> None:
    """Record every approval that a language needs, except for strings at some positions."""
    sources = ContentSources(folder)
    strings = [
        (text, sources.languages[tag].translate(text.context, text.message))
        for text in sources.texts
    ]
    left_out = {place % len(strings) for place in omit}
    rows = [
        f'"{approvals_file.fingerprint(text, string)}":\n'
        + "".join(
            f'- {{role: {role}, by: {by}, "on": 2026-11-24}}\n'
            for role, by in zip(needed_roles(tag), ("AB", "CD"), strict=False)
        )
        for place, (text, string) in enumerate(strings)
        if string and place not in left_out
    ]
    change(folder, f"locales/{tag}/review.yaml", put("".join(rows)))


MENUS = {"0", "0?", "?", "9"}  # three of them mark the link to the last


def drafts(folder: Path) -> Library:
    """Return the library with every text, approved or not."""
    return build_library(ContentSources(folder), "drafts")


def approved(folder: Path) -> Library:
    """Return the library with approved texts only."""
    return build_library(ContentSources(folder), "approved")


def reply(library: Library, text: str, tag: str | None = None) -> str:
    """Return the reply to a text."""
    return conversation_reply(Inbound("sender", text), tag, library, TUESDAY, has_memory=True)[
        0
    ].text


def in_english(edition: Edition) -> set[str]:
    """Return the codes of the screens that an edition has in English."""
    return {code for code, screen in edition.screens.items() if screen.language == "en"}


def numbers_in(text: str) -> set[str]:
    """Return the phone numbers of the bare numbers, one on each line."""
    return {"".join(filter(str.isdecimal, line.partition("(")[0])) for line in text.splitlines()}


def links_to(code: str) -> Callable[[Screen], bool]:
    """Return a check whether a screen links to a code."""
    return lambda screen: f"\n{code} " in f"\n{screen.links}"


def has_code(*codes: str) -> Callable[[Screen], bool]:
    """Return a check whether a screen has one of these codes."""
    return lambda screen: screen.code in codes


def is_whole(screen: Screen, english: Screen, edition: Edition) -> bool:
    """Return whether a screen is all "zz", or all English below its two lines."""
    if screen.language == "zz":
        return all("zz " in line for line in f"{screen.body}\n{screen.links}".splitlines())
    return (screen.body, screen.links, screen.notices) == (
        f"{edition.helplines}\n{edition.interpreter}\n{english.body}",
        english.links.replace("ENGLISH", "DEZED"),
        english.notices,
    )


@pytest.mark.parametrize(
    ("context", "place", "fuzzy", "shows"),
    [
        pytest.param("work", 0, True, links_to("4"), id="fuzzy title"),
        pytest.param("work", 2, True, has_code("41"), id="fuzzy second text"),
        pytest.param("menu", 0, True, links_to("0"), id="fuzzy label of the menu"),
        pytest.param("work", 0, False, links_to("4"), id="title in menus"),
        pytest.param("danger", 0, False, links_to("1"), id="first title"),
        pytest.param("work", 1, False, has_code("4"), id="text"),
        pytest.param("work", 2, False, has_code("41"), id="second text"),
        pytest.param("udi", 1, False, has_code("23351600"), id="contact"),
        pytest.param(
            "udi", 0, False, lambda screen: "23 35 16 00" in screen.body, id="name of a contact"
        ),
        pytest.param("unclear", 0, False, has_code("?"), id="not understood"),
        pytest.param("menu", 0, False, links_to("0"), id="label of the menu"),
        pytest.param("languages", 0, False, links_to("99"), id="label of the languages"),
        pytest.param("close_label", 0, False, links_to("00"), id="label of 00"),
        pytest.param("hours", 0, False, lambda screen: ":00" in screen.body, id="hours"),
        pytest.param("closed", 0, False, lambda screen: bool(screen.notices), id="closed"),
        pytest.param("holiday", 0, False, lambda screen: bool(screen.notices), id="holiday"),
    ],
)
def test_screen_with_an_untranslated_part_is_all_in_english(
    with_zz: Path, context: str, place: int, fuzzy: bool, shows: Callable[[Screen], bool]
) -> None:
    part = [text for text in strings_to_translate(with_zz) if text.context == context][place]
    translate(with_zz, [part], fuzzy)
    library = drafts(with_zz)
    edition, english = library.editions["zz"], library.editions["en"]
    lacking = {code for code, screen in english.screens.items() if shows(screen)}
    assert lacking
    assert in_english(edition) == lacking
    for code in english.screens:
        assert is_whole(edition.screens[code], english.screens[code], edition)
        stateless = edition.stateless_screens[code]
        assert is_whole(stateless, english.stateless_screens[code], edition)


def test_link_to_an_untranslated_screen_says_english(with_zz: Path) -> None:
    """With a session after its label, without one by the word of English."""
    part = [text for text in strings_to_translate(with_zz) if text.context == "work"][2]
    translate(with_zz, [part], fuzzy=False)
    edition = drafts(with_zz).editions["zz"]
    marked, words = (
        [line for line in screens["4"].links.splitlines() if "41 " in line]
        for screens in (edition.screens, edition.stateless_screens)
    )
    assert in_english(edition) == {"41"}
    assert marked == ["41 zz Pay (English)"]
    assert words == ["ENGLISH 41 zz Pay"]


def test_link_to_an_untranslated_screen_without_english_has_the_own_word(with_zz: Path) -> None:
    """The word ENGLISH would lead nowhere if English is not offered."""
    part = [text for text in strings_to_translate(with_zz) if text.context == "work"][2]
    translate(with_zz, [part], fuzzy=False)
    library = build_library(ContentSources(with_zz), "drafts", ["zz"])
    links = library.editions["zz"].stateless_screens["4"].links
    assert "DEZED 41 zz Pay (English)" in links.splitlines()


def test_edition_with_only_the_helplines_translated_is_english_after_them(with_zz: Path) -> None:
    translate(
        with_zz,
        [text for text in strings_to_translate(with_zz) if text.context not in HELPLINE_PHRASES],
    )
    edition = drafts(with_zz).editions["zz"]
    assert in_english(edition) == edition.screens.keys()
    assert all(screen.body.startswith("zz ") for screen in edition.screens.values())


@pytest.mark.parametrize("phrase", HELPLINE_PHRASES)
def test_helpline_phrase_that_waits_is_in_english_and_nothing_else(
    with_zz: Path, phrase: str
) -> None:
    """Its English changed: the menu and the screens stay in the language."""
    translate(with_zz, [text for text in strings_to_translate(with_zz) if text.context == phrase])
    editions = drafts(with_zz).editions
    assert in_english(editions["zz"]) == set()
    english, own = editions["en"].helplines, editions["zz"].helplines
    assert own.replace("zz ", "") == english
    assert own.count("zz ") == len(HELPLINE_PHRASES) - 1


def test_library_without_approvals_has_only_bare_numbers(with_zz: Path) -> None:
    library = approved(with_zz)
    assert numbers_in(library.start) == numbers_in(library.start_stateless) == LIFELINES
    for edition in library.editions.values():
        for screen in (*edition.screens.values(), *edition.stateless_screens.values()):
            assert numbers_in(screen.body) == LIFELINES
            assert screen.links == ""


def test_language_with_one_unapproved_string_sends_the_screens_without_it(with_zz: Path) -> None:
    """The screens with it are in English; without a string of its core, the numbers alone."""
    approve(with_zz, "en")
    sources = ContentSources(with_zz)
    for place, text in enumerate(sources.texts):
        key = (text.context, text.message)
        if place % (3 if key in sources.approval.core else 9):
            continue  # a sample; test_screen_approval.py leaves out each screen of the core
        approve(with_zz, "zz", omit=[place])
        library, strings = approved(with_zz), sources.approval.strings
        assert ("77 Zed" in library.start) == (key not in sources.approval.core), key
        assert "2 English" in library.start
        if key in sources.approval.core:
            assert numbers_in(reply(library, "DEZED 4")) == LIFELINES
        else:
            lacking = {code for code, keys in strings.items() if key in keys}
            assert in_english(library.editions["zz"]) == lacking


def test_fingerprint_depends_on_context_source_and_translation_only() -> None:
    """A string that moves to another file keeps its approval."""
    rows = [("work", "ab", "c"), ("work", "a", "bc"), ("work", "ab", "d"), ("talk", "ab", "c")]
    rows += [("work", "abc", "c"), ("work", "ab", "")]
    made = [
        approvals_file.fingerprint(
            EnglishString(context, message, Path("zz.yaml"), 1, ""), translation
        )
        for context, message, translation in rows
    ]
    assert len(set(made)) == len(rows)
    moved = approvals_file.fingerprint(
        EnglishString("work", "ab", Path("other.yaml"), 2, "Zz"), "c"
    )
    assert moved == made[0]


def test_new_language_needs_only_a_row_and_a_folder(folder: Path, with_zz: Path) -> None:
    """It is listed, chosen, understood and served; the other languages do not change."""
    library = drafts(with_zz)
    change(folder, ROWS, lambda whole: whole.partition("\nzz:\n")[0] + "\n")
    before = drafts(folder)
    assert library.start == f"{before.start}\n77 Zed"
    assert library.start_stateless == f"{before.start_stateless}\nDEZED"
    assert library.codes == before.codes
    assert {tag: library.editions[tag] for tag in before.editions} == before.editions
    work = library.editions["zz"].screens["4"]
    assert reply(library, "DEZED 4").startswith(work.body)
    assert reply(library, "zedwork").startswith(work.texts().headed(Head.HELPLINES).body)
    assert reply(library, "zèd") == reply(library, "77", "?") == reply(library, "0", "zz")


def test_language_without_texts_is_answered_with_helplines_and_norwegian_name(folder: Path) -> None:
    """It needs no catalog."""
    before = drafts(folder)
    add_row(folder, "none")
    change(folder, ZZ_WORDS, put("work: [zedwork]\n"))
    library = drafts(folder)
    assert library.start == before.start
    assert library.editions == before.editions
    answer = reply(library, "zedwork")
    assert answer == reply(library, "zed") == reply(library, "77", "?")
    assert {"Zèd", "2 English"} <= set(answer.splitlines())
    assert "sedsk" in answer
    assert answer.startswith(library.helplines)


def test_new_topic_needs_only_a_file(with_zz: Path) -> None:
    """It is listed and served in each language; only the menus that lead to it change."""
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
        assert edition.screens["92"].body.endswith("Call 22 33 11 60. Under 18: 116 111.")
        changed = {code for code in old.screens if edition.screens[code] != old.screens[code]}
        assert changed == ({"9"} if tag == "en" or old.screens["9"].language == "en" else MENUS)
    assert reply(library, "zedtopic", "en") == reply(library, "92", "en")
    assert reply(library, "zed 92").startswith(library.editions["zz"].helplines)
