"""The line of helplines with which a reply to words begins (docs/design.md, D19)."""

import re
from pathlib import Path

import pytest

from rights_line.core import TAKEN_AWAY, UNCLEAR_AGAIN, Inbound, Medium
from rights_line.core.conversation import conversation_reply
from rights_line.core.library import Library
from rights_line.core.screen import Head
from rights_line.core.sms import replace_sms_letters
from tests.support.clock import TUESDAY
from tests.support.wording import HELPLINES, missing_helplines, without_spaces

MESSAGES = Path(__file__).parents[1] / "data" / "messages"


def send(
    library: Library, text: str, tag: str | None = None, medium: Medium = Medium.SMS
) -> list[str]:
    """Return the lines of the reply to a text."""
    reply, _ = conversation_reply(
        Inbound("sender", text, medium=medium), tag, library, TUESDAY, True
    )
    return reply.text.split("\n")


@pytest.mark.parametrize("medium", [Medium.SMS, Medium.CHAT])
@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("nie dostałem wypłaty", None),
        ("praca", None),
        ("praca", "?"),
        ("ratunku on jest tutaj i grozi", "pl"),
    ],
)
def test_first_reply_to_words_begins_with_helplines_and_so_does_danger(
    small_library: Library, text: str, tag: str | None, medium: Medium
) -> None:
    language = small_library.editions["pl"].language
    helplines = small_library.editions["pl"].helplines
    first, *_ = send(small_library, text, tag, medium)
    assert first in (helplines, replace_sms_letters(helplines, language.fold))


@pytest.mark.parametrize("medium", [Medium.SMS, Medium.CHAT])
@pytest.mark.parametrize("text", ["nie dostałem wypłaty w pracy", "co teraz", "dziękuję"])
def test_later_reply_to_words_begins_with_the_bare_numbers(
    small_library: Library, text: str, medium: Medium
) -> None:
    first, *_ = send(small_library, text, "pl", medium)
    assert first == "112, 22 33 11 60, 116 111"


def test_text_not_understood_holds_each_helpline(small_library: Library) -> None:
    for tag in ("pl", "pl?"):
        assert missing_helplines("\n".join(send(small_library, "qwertyuiop", tag))) == []


@pytest.mark.parametrize(
    ("text", "tag"), [("4", "pl"), ("POLSKI 4", None), ("4, 41", "pl"), ("praca", "pl")]
)
def test_reply_to_code_or_keyword_in_a_session_is_the_screen_alone(
    small_library: Library, text: str, tag: str | None
) -> None:
    edition = small_library.editions["pl"]
    screen = edition.screens["4"].texts_at(edition.form, TUESDAY, frozenset())
    assert "\n".join(send(small_library, text, tag)) == screen.sms


def test_headed_screen_has_each_helpline_and_repeats_no_sentence(library: Library) -> None:
    for tag, edition in library.editions.items():
        in_danger = edition.helplines.partition("112")[0] + "112"
        for code, screen in edition.screens.items():
            first, *rest = screen.texts(edition.form).headed(Head.HELPLINES).body.split("\n")
            if code == UNCLEAR_AGAIN:  # it holds each helpline in its own words
                continue
            positions = [without_spaces(first).index(number) for number in HELPLINES]
            assert positions == sorted(positions), (tag, code)
            if screen.language == tag and code != TAKEN_AWAY:  # it says more about 112
                assert not "\n".join(rest).startswith(in_danger), (tag, code)


def test_taken_away_names_112_below_the_helplines_too(library: Library) -> None:
    """The next words are what to say on that call."""
    for tag, edition in library.editions.items():
        texts = edition.screens[TAKEN_AWAY].texts(edition.form).headed(Head.HELPLINES)
        assert "112" in texts.body.partition("\n")[2], tag


def test_screen_that_names_rosa_alone_ends_with_the_other_helpline(library: Library) -> None:
    for tag, edition in library.editions.items():
        for code, screen in edition.screens.items():
            body = without_spaces(screen.body)
            if "22331160" in body:
                assert "116111" in body, (tag, code)


def test_first_number_in_replies_to_messages_is_112_or_113(
    reading: Library, languages: list[str]
) -> None:
    numbers = re.compile(r"\d+(?: \d+)*")
    rows = [
        line.split("\t")
        for path in sorted(MESSAGES.glob("*/*.tsv"))
        for line in path.read_text("utf-8").splitlines()
    ]
    texts = [text for language, _, _, text, *_ in rows if language in languages]
    assert len(texts) > 1000
    if reading.reader:  # it takes 10 ms for a sentence, and chooses among the same screens
        texts = texts[::5]
    for text in texts:
        found = numbers.search("\n".join(send(reading, text)))
        assert found, text
        assert found[0] in ("112", "113"), text
