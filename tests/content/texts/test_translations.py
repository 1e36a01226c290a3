"""Translated screens: all or none of a screen, approved or only bare numbers."""

import io
from collections.abc import Callable, Collection
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from rights_line.content import yaml_file
from rights_line.content.assembly.texts import HELPLINE_PHRASES
from rights_line.content.catalogs import EnglishString, english_strings
from rights_line.content.content_reader import content_files
from rights_line.core import Inbound
from rights_line.core.conversation import conversation_reply
from rights_line.core.library import Edition, Library
from rights_line.core.screen import Head, Screen
from tests.support.clock import TUESDAY
from tests.support.folders import NEW_TOPIC, ROWS, add, change, put, topic
from tests.support.wording import HELPLINES
from tests.support.worlds import library_at

ZZ_WORDS = "locales/zz/words.yaml"
ZZ_CATALOG = "locales/zz/LC_MESSAGES/messages.po"


@pytest.fixture
def with_zz(small_folder: Path) -> Path:
    """The small content with an invented language, in which every text is English after "zz"."""
    add_row(small_folder, "full")
    change(small_folder, ZZ_WORDS, put("work: [zedwork]\n"))
    translate(small_folder)
    return small_folder


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


MENUS = {"0", "0?", "?", "9"}  # three of them mark the link to the last


def reply(library: Library, text: str, tag: str | None = None) -> str:
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
    return lambda screen: f"\n{code} " in f"\n{screen.links}"


def is_whole(screen: Screen, english: Screen, edition: Edition, english_helplines: str) -> bool:
    """Return whether a screen is all "zz", or all English below its two lines.

    A screen that begins with the line of helplines does not say them twice.
    """
    if screen.language == "zz":
        return all("zz " in line for line in f"{screen.body}\n{screen.links}".splitlines())
    own = english.body.removeprefix(english_helplines).lstrip()
    return (screen.body, screen.links, screen.notices) == (
        f"{edition.helplines}\n{edition.interpreter}\n{own}".rstrip(),
        english.links.replace("ENGLISH", "DEZED"),
        english.notices,
    )


@pytest.mark.parametrize(
    ("context", "fuzzy", "shows"),
    [
        pytest.param("work", True, links_to("4"), id="fuzzy title"),
        pytest.param("menu", True, links_to("0"), id="fuzzy label of the menu"),
        pytest.param("work", False, links_to("4"), id="title in menus"),
        pytest.param("udi", False, lambda screen: "23 35 16 00" in screen.body, id="contact"),
        pytest.param("menu", False, links_to("0"), id="label of the menu"),
        pytest.param("hours", False, lambda screen: ":00" in screen.body, id="hours"),
        pytest.param("closed", False, lambda screen: bool(screen.notices), id="closed"),
        pytest.param("holiday", False, lambda screen: bool(screen.notices), id="holiday"),
    ],
)
def test_screen_with_an_untranslated_part_is_all_in_english(
    with_zz: Path, context: str, fuzzy: bool, shows: Callable[[Screen], bool]
) -> None:
    part = next(text for text in strings_to_translate(with_zz) if text.context == context)
    translate(with_zz, [part], fuzzy)
    library = library_at(with_zz)
    edition, english = library.editions["zz"], library.editions["en"]
    lacking = {code for code, screen in english.screens.items() if shows(screen)}
    assert lacking
    assert in_english(edition) == lacking
    for code in english.screens:
        assert is_whole(edition.screens[code], english.screens[code], edition, english.helplines)
        stateless = edition.screens[code].stateless
        assert is_whole(stateless, english.screens[code].stateless, edition, english.helplines)


def test_link_to_an_untranslated_screen_without_english_has_the_own_word(with_zz: Path) -> None:
    """The word ENGLISH would lead nowhere if English is not offered."""
    part = [text for text in strings_to_translate(with_zz) if text.context == "work"][2]
    translate(with_zz, [part], fuzzy=False)
    library = library_at(with_zz, offered=["zz"])
    links = library.editions["zz"].screens["4"].stateless_links
    assert "DEZED 41 zz Pay (English)" in links.splitlines()


@pytest.mark.parametrize("phrase", HELPLINE_PHRASES)
def test_helpline_phrase_that_waits_is_in_english_and_nothing_else(
    with_zz: Path, phrase: str
) -> None:
    """Its English changed: the menu and the screens stay in the language."""
    translate(with_zz, [text for text in strings_to_translate(with_zz) if text.context == phrase])
    editions = library_at(with_zz).editions
    assert in_english(editions["zz"]) == set()
    english, own = editions["en"].helplines, editions["zz"].helplines
    assert own.replace("zz ", "") == english
    assert own.count("zz ") == len(HELPLINE_PHRASES) - 1


def test_library_without_approvals_has_only_bare_numbers(with_zz: Path) -> None:
    library = library_at(with_zz, "approved")
    assert numbers_in(library.start) == numbers_in(library.start_stateless) == {*HELPLINES}
    for edition in library.editions.values():
        for screen in edition.screens.values():
            assert numbers_in(screen.body) == {*HELPLINES}
            assert screen.links == screen.stateless_links == ""


def test_new_language_needs_only_a_row_and_a_folder(with_zz: Path) -> None:
    """It is listed, chosen, understood and served; the other languages do not change."""
    library = library_at(with_zz)
    change(with_zz, ROWS, lambda whole: whole.partition("\nzz:\n")[0] + "\n")
    before = library_at(with_zz)
    assert library.start == f"{before.start}\n77 Zed"
    assert library.start_stateless == f"{before.start_stateless}\nDEZED"
    assert library.codes == before.codes
    assert {tag: library.editions[tag] for tag in before.editions} == before.editions
    edition = library.editions["zz"]
    work = edition.screens["4"]
    assert reply(library, "DEZED 4").startswith(work.body)
    headed = work.texts(edition.form).headed(Head.HELPLINES)
    assert reply(library, "zedwork").startswith(headed.body)
    assert reply(library, "zèd") == reply(library, "77", "?") == reply(library, "0", "zz")


def test_language_without_texts_is_answered_with_helplines_and_norwegian_name(
    small_folder: Path,
) -> None:
    """It needs no catalog."""
    before = library_at(small_folder)
    add_row(small_folder, "started")
    change(small_folder, ZZ_WORDS, put("work: [zedwork]\n"))
    library = library_at(small_folder)
    assert library.start == before.start
    assert library.editions == before.editions
    answer = reply(library, "zedwork")
    assert answer == reply(library, "zed") == reply(library, "77", "?")
    assert {"Zèd", "2 English"} <= set(answer.splitlines())
    assert "sedsk" in answer
    assert answer.startswith(library.helplines)


def test_new_topic_needs_only_a_file(with_zz: Path) -> None:
    """It is listed and served in each language; only the menus that lead to it change."""
    before = library_at(with_zz)
    change(with_zz, NEW_TOPIC, topic("Call {rosa}.", title="Zedtopic"))
    change(with_zz, "locales/en/words.yaml", add("zz: [zedtopic]\n"))
    library = library_at(with_zz)
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
