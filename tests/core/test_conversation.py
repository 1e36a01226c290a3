"""What is answered, and what is remembered."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_line.content.loader import ROOT, ContentSources, build_library
from rights_line.core.conversation import respond
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Reply
from rights_line.core.sms import segments
from rights_line.core.understanding import understand
from rights_line.core.understanding.intents import AutoReply, EndSession, OptOut
from tests.support.clock import TUESDAY
from tests.support.twilio_phone import without_spaces

# hypothesis does not take fixtures of a session
drafts = cache(lambda: build_library(ContentSources(ROOT), "drafts"))

FOLDER = Path(__file__).parent.parent / "conversations"
LIFELINES = ("112", "22331160", "116111")


def send(
    library: Library, text: str, tag: str | None = None, has_memory: bool = True
) -> tuple[Reply, str | None]:
    """Answer one text at noon on a plain Tuesday."""
    return respond(Inbound("sender", text), tag, library, TUESDAY, has_memory)


def walk(library: Library, texts: Iterator[str]) -> Iterator[str]:
    """Hold a conversation; yield each answer."""
    tag: str | None = None
    for text in texts:
        reply, tag = send(library, text, tag)
        yield reply.text


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.stem)
def test_transcript(library: Library, path: Path, request: pytest.FixtureRequest) -> None:
    """A conversation goes as it is written down (--update-conversations writes it anew)."""
    sent = [line[2:] for line in path.read_text().splitlines() if line.startswith("> ")]
    turns = zip(sent, walk(library, iter(sent)), strict=True)
    transcript = "\n".join(f"> {text}\n{_quoted(answer)}\n" for text, answer in turns)
    if request.config.getoption("--update-conversations"):
        path.write_text(transcript)

    assert path.read_text() == transcript


def _quoted(answer: str) -> str:
    return "\n".join(f"< {line}".rstrip() for line in answer.split("\n"))


def test_the_start_screen_holds_the_numbers_first(library: Library) -> None:
    """The first answer has 112, ROSA and 116 111 in its first segment, in two at most."""
    cut = segments(library.start)

    assert len(cut) <= 2
    assert all(number in without_spaces(cut[0]) for number in LIFELINES)


@pytest.mark.parametrize("has_memory", [True, False])
def test_every_menu_holds_the_numbers(library: Library, has_memory: bool) -> None:
    """Whoever asks for a language gets the numbers with it."""
    for tag, edition in library.editions.items():
        answer = send(library, edition.language.word, has_memory=has_memory)[0].text
        assert all(number in without_spaces(answer) for number in LIFELINES), tag


def test_after_00_nothing_is_left(library: Library) -> None:
    """A closed conversation answers as to a number never seen before, byte for byte."""
    tag = send(library, "POLSKI")[1]
    assert send(library, "00", tag)[1] is None
    assert send(library, "4", send(library, "00", tag)[1]) == send(library, "4", None)


def test_the_same_text_twice_changes_nothing(library: Library) -> None:
    """A message that a gateway delivers twice is answered the same."""
    tag = "pl"
    for text in ("4", "41", "0", "POLSKI 4", "blabla", "112"):
        first, after = send(library, text, tag)
        assert (first, after) == send(library, text, after)


def test_without_memory_the_menus_carry_the_word(library: Library) -> None:
    """When nothing can be remembered, every code shown works with nothing remembered."""
    for edition in library.editions.values():
        word = edition.language.word
        menu = send(library, word, has_memory=False)[0].text
        assert f"{word} 4 " in menu
        topic = send(library, f"{word} 4", has_memory=False)[0].text
        assert f"{word} 41 " in topic
        assert f"{word} 0 " in topic


def test_without_memory_the_start_shows_words(library: Library) -> None:
    """A number would not be understood the next time, so none is asked for."""
    start = send(library, "hello", has_memory=False)[0].text
    listing = send(library, "99", has_memory=False)[0].text
    assert start.endswith("\n99 +")
    for tag, edition in library.editions.items():
        whole = all(screen.language == tag for screen in edition.screens.values())
        assert edition.language.word in listing
        assert (edition.language.word in start) is whole
    assert "9 Polski" not in start + listing


def test_112_is_called_and_not_texted(library: Library) -> None:
    """Whoever texts 112 is told to call, also before a language is chosen."""
    reply, tag = send(library, "112")
    assert "Call, do not text" in reply.text
    assert tag is None
    assert send(library, "112", "pl")[1] == "pl"


def test_an_opt_out_is_answered_with_nothing(library: Library) -> None:
    """After the provider's own word we are silent and know nothing."""
    told = Inbound("sender", "no more", opted_out=True)
    assert respond(told, "pl", library, TUESDAY, True) == (Reply(""), None)
    assert send(library, "STOP", "pl") == (Reply(""), None)


def test_a_machine_gets_no_answer(library: Library) -> None:
    """Two robots do not talk to each other for ever."""
    machine = Inbound("DNB", "your code is 1234", is_person=False)
    assert respond(machine, None, library, TUESDAY, True)[0] == Reply("")


@settings(deadline=None)
@given(st.text(max_size=200), st.sampled_from([None, "?", "pl", "ar", "en", "nb", "xx"]))
def test_any_text_is_answered(text: str, tag: str | None) -> None:
    """Whatever is sent is answered, and what was sent is never echoed."""
    library = drafts()
    reply, after = send(library, text, tag)
    assert after in {None, "?", *library.editions}
    closes = isinstance(understand(text, tag, library), EndSession | OptOut | AutoReply)
    assert any(number in reply.text.replace(" ", "") for number in library.contact_codes) or closes


@pytest.mark.parametrize(
    ("moment", "udi", "support_centre"),
    [
        ("2026-11-24T12:00", None, None),
        ("2026-11-24T15:10", "Wednesday 10:00", None),
        ("2026-11-24T08:59", "Tuesday 10:00", "Tuesday 09:00"),
        ("2026-11-29T02:00", "Monday 10:00", "Monday 09:00"),
        ("2026-05-17T10:00", "Monday 10:00", "Monday 09:00"),
        ("2027-05-17T10:00", "Tuesday 10:00", "Tuesday 09:00"),
        ("2026-04-01T15:40", "Tuesday 10:00", "Tuesday 09:00"),
    ],
)
def test_a_closed_helpline_says_so(
    library: Library, moment: str, udi: str | None, support_centre: str | None
) -> None:
    """Outside its hours a helpline's screen says when it opens, past Sundays and holidays."""
    now = datetime.fromisoformat(moment).replace(tzinfo=TUESDAY.tzinfo)
    for text, opens in (("23351600", udi), ("80040008", support_centre)):
        answer = respond(Inbound("sender", text), "en", library, now, True)[0].text
        if opens is None:
            assert "closed" not in answer
        else:
            assert opens in answer


def test_on_a_public_holiday_nothing_is_claimed(library: Library) -> None:
    """The guide does not say whether UDI answers on 17 May: neither do we."""
    now = datetime(2027, 5, 17, 11, 0, tzinfo=TUESDAY.tzinfo)
    answer = respond(Inbound("sender", "23351600"), "en", library, now, True)[0].text
    assert "UDI may be closed today" in answer
