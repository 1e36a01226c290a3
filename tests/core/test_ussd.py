"""A USSD session follows from all that was sent in it, and nothing else."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_line.content.loader import ROOT, ContentSources, build_library
from rights_line.core.conversation import AWAITING_LANGUAGE
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.core.understanding import understand
from rights_line.core.understanding.intents import AskLanguage
from rights_line.core.ussd import respond_ussd
from rights_line.core.ussd_pages import fits
from tests.support.clock import TUESDAY
from tests.support.twilio_phone import without_spaces

LIFELINES = ("112", "22331160", "116111")
# hypothesis does not take fixtures of a session
drafts = cache(lambda: build_library(ContentSources(ROOT), "drafts"))


def sent(*tokens: str, library: Library | None = None) -> Reply:
    """Return what a session has come to after these answers."""
    text = "*".join(tokens)
    return respond_ussd(Inbound("", text, medium=Medium.USSD), library or drafts(), TUESDAY)


def test_the_first_page_holds_the_numbers_and_languages() -> None:
    """Whoever dials the code alone can call somebody, and choose."""
    first = sent("").text

    assert fits(first)
    assert all(number in without_spaces(first) for number in LIFELINES)
    assert "\n1 Norsk\n" in first
    assert first.endswith("\n98 >")


@pytest.mark.parametrize(
    ("steps", "same"),
    [
        (["9"], ["", "9"]),
        (["9", "4"], ["9", "41", "4"]),
        (["9", "0"], ["9"]),
        (["9", "4", "0"], ["9"]),
        (["POLSKI"], ["9"]),
        (["POLSKI 4"], ["9", "4"]),
        (["9", "paszport"], ["9", "5"]),
        (["9", "98", "01"], ["9"]),
        (["9", "4", "01"], ["9"]),
        (["9", "4", "98", "41", "01"], ["9", "4", "98"]),
        (["9", "4", "98", "98", "98"], ["9", "4", "98"]),
        (["01"], [""]),
        (["01", "01", "9"], ["9"]),
        (["9", "99", "2"], ["2"]),
        (["99", "23"], ["23"]),
        (["9", "4", "77"], ["9", "4"]),
        (["9", "4", ""], ["9", "4"]),
        (["9", "4", " 41 "], ["9", "41"]),
        (["9", "4", "qwrtpsd"], ["9", "4"]),
        (["9", "ⅳ²"], ["9"]),
        (["qwrtpsd", "9"], ["9"]),
        (["9", "99", "qwrtpsd"], ["9", "99"]),
        (["9", "112"], ["9", "112"]),
        (["9", "00", "9", "4"], ["00"]),
        (["9", "STOP"], ["00"]),
        (["9", "koniec"], ["00"]),
    ],
    ids=lambda tokens: "*".join(tokens),
)
def test_where_answers_lead(steps: list[str], same: list[str]) -> None:
    """Pages turn, go back and go home; what says nothing leaves her where she is."""
    assert sent(*steps) == sent(*same)


@pytest.mark.parametrize("word", ["пожалуйста", "abogado"], ids=["a script", "a word"])
def test_which_language_is_asked_with_numbers(word: str) -> None:
    """Who is asked which of a few languages is hers presses its number, and reads it."""
    asked = understand(word, AWAITING_LANGUAGE, drafts())
    assert isinstance(asked, AskLanguage)
    rows = "\n".join(sent(word, *["98"] * turns).text for turns in range(3)).split("\n")
    for tag in asked.languages:
        number = drafts().languages[tag].number
        assert any(row.startswith(f"{number} ") for row in rows)
        assert sent(word, number) == sent(number)


def test_only_closing_ends_it() -> None:
    """00 ends a session with the bland word; everything else goes on."""
    assert sent("9", "00") == Reply(drafts().goodbye, ends_session=True)
    assert not any(
        sent(*steps).ends_session for steps in ([""], ["9"], ["9", "112"], ["22"], ["99"])
    )


def test_every_page_of_every_screen_fits_and_is_reached() -> None:
    """In every language: 160 octets a page, the last one reached by 98, the whole said once."""
    library = drafts()
    for tag, edition in library.editions.items():
        number = library.languages[tag].number
        for code in edition.screens:
            pages = [sent(number, code)]
            while len(pages) < 40:
                turned = sent(number, code, *["98"] * len(pages))
                if turned == pages[-1]:
                    break
                pages.append(turned)
            assert all(fits(page.text) for page in pages), (tag, code)
            if code.isdecimal():
                links = edition.screens[code].links.split("\n")
                labels = [line.split(" ")[0] for line in links if line]
                shown = "\n".join(page.text for page in pages)
                assert all(f"\n{label} " in shown for label in labels), (tag, code)


def test_a_language_that_is_only_understood_is_answered_on_pages() -> None:
    """What to say on the phone is there, and the way to Norwegian and English."""
    pages = [sent("22", *["98"] * turned).text for turned in range(3)]
    shown = "\n".join(pages)

    assert all(map(fits, pages))
    assert all(number in without_spaces(shown) for number in LIFELINES)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["9", "4", "98", "01", "0", "99", "41", "x", "", "13", "931"])))
def test_any_session_has_a_page(tokens: list[str]) -> None:
    """Whatever is sent, in whatever order, there is a page, and it fits."""
    reply = sent(*tokens)

    assert reply.text
    assert fits(reply.text)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_page(text: str) -> None:
    """Whatever a gateway hands over is answered with something that fits."""
    assert fits(sent(text).text)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["9", "4", "98", "0", "99", "41", "13", "931"]), min_size=1))
def test_back_undoes(tokens: list[str]) -> None:
    """After 01 she is where she was before her last answer."""
    after = sent(*tokens)
    before = sent(*tokens[:-1]) if tokens[:-1] else sent("")
    if after != before:
        assert sent(*tokens, "01") == before


def test_a_closed_helpline_says_so_on_a_page(library: Library) -> None:
    """Outside its hours a helpline's page tells when it opens, as by SMS."""
    night = TUESDAY.replace(hour=3)
    pages = [
        respond_ussd(
            Inbound("", "*".join(["2", "23351600", *["98"] * turned])), library, night
        ).text
        for turned in range(3)
    ]

    assert "Opens: Tuesday 10:00" in " ".join(pages).replace("\n", " ")
