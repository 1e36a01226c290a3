"""Replies of a USSD session, each computed from all answers of the session."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_line.core import NOT_SENT, Inbound, Medium, Reply, tags, ussd_pages
from rights_line.core.library import Library
from rights_line.core.understanding import AskLanguage
from rights_line.core.understanding.interpret import interpret_to_intent
from rights_line.core.ussd import respond_ussd
from tests.support.clock import TUESDAY
from tests.support.wording import missing_helplines


def reply_after(library: Library, *tokens: str, now: datetime = TUESDAY) -> Reply:
    """Return the reply of a session after these answers."""
    return respond_ussd(Inbound("", "*".join(tokens), medium=Medium.USSD), library, now)


def test_first_page_has_helplines_and_languages(library: Library) -> None:
    first = reply_after(library, "").text

    assert ussd_pages.fits_page(first)
    assert missing_helplines(first) == []
    assert "\n1 Norsk\n" in first
    assert first.endswith("\n98 >")


@pytest.mark.parametrize(
    ("answers", "equivalent"),
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
        (["9", "4", *["98"] * 9], ["9", "4", *["98"] * 8]),  # more than it has pages
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
        (["9", "zamknij"], ["00"]),
    ],
    ids=lambda tokens: "*".join(tokens),
)
def test_session_after_answers_shows_same_page_as_equivalent_answers(
    library: Library, answers: list[str], equivalent: list[str]
) -> None:
    """An answer that is not understood leaves the page as it is."""
    assert reply_after(library, *answers) == reply_after(library, *equivalent)


@pytest.mark.parametrize(
    "word",
    ["абвгд", "abogado"],
    ids=["a script of several languages", "a word of several languages"],
)
def test_question_which_language_lists_numbers_that_select_it(library: Library, word: str) -> None:
    question = interpret_to_intent(word, tags.awaiting(), library)
    assert isinstance(question, AskLanguage)
    rows = "\n".join(reply_after(library, word, *["98"] * turns).text for turns in range(3)).split(
        "\n"
    )
    for tag in question.languages:
        number = library.languages[tag].number
        assert any(row.startswith(f"{number} ") for row in rows)
        shown = reply_after(library, number, question.code)
        assert reply_after(library, word, number) == shown


def test_code_98_turns_every_page_of_every_screen(small_library: Library) -> None:
    for edition in small_library.editions.values():
        for code, screen in edition.screens.items():
            turns = [
                reply_after(small_library, edition.language.number, code, *["98"] * turned).text
                for turned in range(len(screen.texts(edition.form).ussd) + 1)
            ]
            if code not in NOT_SENT:
                assert turns[:-1] == [*screen.texts(edition.form).ussd], code
                assert turns[-1] == turns[-2]


def test_language_without_translation_gets_pages_with_helplines(library: Library) -> None:
    pages = [reply_after(library, "22", *["98"] * turned).text for turned in range(3)]

    assert all(map(ussd_pages.fits_page, pages))
    assert missing_helplines("\n".join(pages)) == []


@settings(deadline=None)
@given(st.lists(st.sampled_from(["9", "4", "98", "01", "0", "99", "41", "x", "", "13", "931"])))
def test_any_answers_lead_to_page_that_fits(library: Library, tokens: list[str]) -> None:
    reply = reply_after(library, *tokens)

    assert reply.text
    assert ussd_pages.fits_page(reply.text)


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=200))
def test_any_text_leads_to_page_that_fits(reading: Library, text: str) -> None:
    assert ussd_pages.fits_page(reply_after(reading, text).text)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["9", "4", "98", "0", "99", "41", "13", "931"]), min_size=1))
def test_code_01_undoes_last_answer(library: Library, tokens: list[str]) -> None:
    after = reply_after(library, *tokens)
    before = reply_after(library, *tokens[:-1]) if tokens[:-1] else reply_after(library, "")
    if after != before:
        assert reply_after(library, *tokens, "01") == before


def test_helpline_pages_outside_hours_show_next_opening(small_library: Library) -> None:
    night = TUESDAY.replace(hour=3)
    pages = [
        reply_after(small_library, "2", "23351600", *["98"] * turned, now=night).text
        for turned in range(3)
    ]

    assert "Opens: Tuesday 10:00" in " ".join(pages).replace("\n", " ")
