"""The letters of a reply: those that the sender writes."""

import pytest
import regex

from rights_line.core import Inbound
from rights_line.core.conversation import conversation_reply
from rights_line.core.library import Library
from tests.support.clock import TUESDAY

CYRILLIC = regex.compile(r"\p{Cyrillic}")
SLEEP = {
    "bg": "nqma kade da spia",
    "uk": "meni nema de spaty, dopomozhit",
    "ru": "mne negde spat, pomogite",
}


def replies(library: Library, texts: list[str], tag: str | None = None) -> list[str | None]:
    """Send texts one after the other; return the tag after each, whose letters the reply has."""
    found = []
    for text in texts:
        reply, tag = conversation_reply(Inbound("sender", text), tag, library, TUESDAY, True)
        is_cyrillic = bool(CYRILLIC.search(reply.text))
        assert is_cyrillic == (tag in ("bg", "uk", "ru", "bg?")), (text, reply.text)
        found.append(tag)
    return found


@pytest.mark.parametrize("tag", SLEEP)
def test_who_writes_in_latin_letters_gets_them(tag: str, library: Library) -> None:
    assert replies(library, [SLEEP[tag], "4", "0"]) == [f"{tag}-Latn"] * 3


def test_letters_change_with_those_of_a_text_and_stay_for_a_code(library: Library) -> None:
    texts = [SLEEP["bg"], "нямам пари", "4", "nqmam pari", "BULGARSKI 4", "00"]
    assert replies(library, texts) == ["bg-Latn", "bg", "bg", "bg-Latn", "bg-Latn", None]


@pytest.mark.parametrize(
    "text", ["4", "ok", "NAV", "doctor", "BULGARSKI", "BULGARSKI 4", "112", "😀"]
)
def test_text_that_says_nothing_about_letters_keeps_them(text: str, library: Library) -> None:
    assert replies(library, [text], "bg") in (["bg"], ["bg?"])


def test_one_word_that_latin_languages_have_too_keeps_the_letters(library: Library) -> None:
    assert replies(library, ["lekar"], "bg") == ["bg"]
    assert replies(library, ["nqma lekar"], "bg") == ["bg-Latn"]


def test_language_word_begins_in_the_letters_of_the_language(library: Library) -> None:
    """It is printed on cards in Latin letters, for all phones."""
    assert replies(library, ["UKRAINSKA", "4", "RUSSKI 4"]) == ["uk", "uk", "ru"]
    assert replies(library, [SLEEP["uk"], "RUSSKI 4"]) == ["uk-Latn", "ru"]


def test_text_that_is_not_understood_keeps_the_letters(library: Library) -> None:
    tags = replies(library, [SLEEP["bg"], "xqzw", "xqzw", "4"])
    assert tags == ["bg-Latn", "bg-Latn?", "bg-Latn?", "bg-Latn"]


def test_other_language_has_its_own_letters(library: Library) -> None:
    assert replies(library, [SLEEP["bg"], "nie mam gdzie spać", "4"])[1:] == ["pl", "pl"]


@pytest.mark.parametrize("tag", SLEEP)
def test_title_in_latin_letters_leads_to_its_screen(tag: str, library: Library) -> None:
    lines = library.latin_editions[tag].links
    for code in {*lines} - library.contact_codes:
        title = lines[code].removeprefix(f"{code} ").removesuffix(" (English)").lower()
        reply, _ = conversation_reply(Inbound("sender", title), tag, library, TUESDAY, True)
        assert reply.screen == (tag, code), title
