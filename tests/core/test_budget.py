"""How much is answered, and what is an emergency."""

import pytest

from rights_line.assembly import Sources
from rights_line.core.budget import (
    EACH,
    HOUR,
    HOURLY,
    MINUTE,
    URGENT,
    WINDOW,
    Answer,
    afforded,
    expects_answer,
    is_emergency,
    spend,
    spend_urgent,
)
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Reply
from rights_line.core.sms import count
from tests.conftest import TUESDAY
from tests.twilio_phone import plain

FULL, SHORT, NONE = Answer

# What was answered to her, and to all, of 100 full answers an hour -> the answer, her count after.
SPENDINGS = {
    "the first": (0, 0, FULL, 1),
    "her last in full": (EACH - 1, 50, FULL, EACH),
    "one short line": (EACH, 50, SHORT, EACH + 1),
    "then silence": (EACH + 1, 50, NONE, EACH + 1),
    "the hour's last in full": (0, 99, FULL, 1),
    "the hour's first short line": (0, 100, SHORT, EACH + 1),
    "in the middle of her own": (7, 100, SHORT, EACH + 1),
    "her short line in an hour that is spent": (EACH, 100, SHORT, EACH + 1),
    "silence in an hour that is spent": (EACH + 1, 100, NONE, EACH + 1),
    "the hour's last short line": (0, 199, SHORT, EACH + 1),
    "nothing is left": (0, 200, NONE, 0),
    "nothing is left in the middle": (7, 200, NONE, 7),
    "more was spent, before an hour was given less": (7, 300, NONE, 7),
}


@pytest.mark.parametrize(("hers", "all_", "answer", "after"), SPENDINGS.values(), ids=SPENDINGS)
def test_what_may_be_answered(hers: int, all_: int, answer: Answer, after: int) -> None:
    """Twenty in full, one short line, silence; the same when the hour's are spent."""
    assert spend(hers, all_, hourly=100) == (answer, after)


def test_the_numbers_of_the_design() -> None:
    """Twenty in ten minutes; an hour for all; forty in danger, then the numbers once a minute."""
    assert (EACH, WINDOW, HOUR, HOURLY) == (20, 600, 3600, 3000)
    assert (URGENT, MINUTE) == (40, 60)


EXPECTING = {
    "a word": (Inbound("a", "hei"), True),
    "nothing": (Inbound("a", ""), True),
    "an emergency": (Inbound("a", "112"), True),
    "a machine": (Inbound("a", "hei", answerable=False), False),
    "stop": (Inbound("a", "STOP", opted_out=True), False),
    "a reaction": (Inbound("a", "Liked “Norge/Norway info”"), False),
    "a driver's phone": (Inbound("a", "I'm driving right now."), False),
    "one that nobody pays for": (Inbound("a", "hei", costs=False), False),
}


@pytest.mark.parametrize(("message", "expects"), EXPECTING.values(), ids=EXPECTING)
def test_what_is_never_answered_costs_nothing(
    message: Inbound, expects: bool, library: Library
) -> None:
    """Only what gets an answer is counted."""
    assert expects_answer(message, library) is expects


def test_every_emergency_word_is_one(sources: Sources, library: Library) -> None:
    """In every language each emergency word is an emergency, whichever language is chosen."""
    missed, languages = [], 0
    for tag, tongue in sources.tongues.items():
        words = list(tongue.words.get("emergency", ()))
        languages += bool(words)
        missed += [
            (tag, word, chosen)
            for word in words
            for chosen in (None, "?", "pl")
            if not is_emergency(word, chosen, library)
        ]
    assert languages == len(sources.tongues)
    assert missed == []


EMERGENCIES = [
    *(("112", None), ("112", "?"), ("113", "pl"), ("110", None), ("110", "ar"), ("999", "?")),
    *(("١١٢", "ar"), ("1", "pl"), ("11", "pl"), ("POLSKI 1", None), ("POLSKI 112", None)),
    *(("please help, he hits me", None), ("mam ratunku prosze", "en")),
    *(("> Danger now\nI am in danger", "en"), ("estoy en peligro llame al 112", "es")),
]
OTHERS = [
    *(("hei", None), ("", None), ("0", "pl"), ("4", "pl"), ("41", None), ("22331160", "pl")),
    *(("116111", None), ("116117", "pl"), ("02800", "pl"), ("POLSKI", None), ("POLSKI 4", None)),
    *(("politi", None), ("help", None), ("00", "pl"), ("STOP", "pl"), ("qwrtp", "pl"), ("1", "?")),
    *(("1120", "pl"), ("sos", None), ("Liked “In danger now: call 112.”", "en")),
]


@pytest.mark.parametrize(("text", "tag"), EMERGENCIES)
def test_an_emergency(text: str, tag: str | None, library: Library) -> None:
    """The danger screens and the numbers for emergencies, however they are asked for."""
    assert is_emergency(text, tag, library)


@pytest.mark.parametrize(("text", "tag"), OTHERS)
def test_no_emergency(text: str, tag: str | None, library: Library) -> None:
    """Everything else, helplines too, is answered only while there is a budget."""
    assert not is_emergency(text, tag, library)


def test_our_own_words_are_no_emergency(library: Library) -> None:
    """A robot that sends back what it got, in whatever it puts it, is in no danger."""
    ours = [library.start, library.start_spelled, library.listing, library.last_resort]
    ours += [library.pause, *(text for row in library.recognised.values() for text in row)]
    for edition in library.editions.values():
        for code in ("0", "1", "11", "112", "?", "2", "8"):
            for screens in (edition.screens, edition.spelled):
                screen = screens[code]
                ours.append(screen.at(TUESDAY, library.holidays, edition.language.fold))
                ours.append(screen.at_length(TUESDAY, library.holidays))
    for text in dict.fromkeys(ours):
        flat = text.replace("\n", " ")
        for echo in (text, flat, f"You wrote: {text}", f"Fwd: {flat} (end)", f"Re: {flat[:160]}"):
            assert not is_emergency(echo, "en", library), echo


def test_who_quotes_us_in_danger_is_heard(library: Library) -> None:
    """Beside our words her own count."""
    quoted = library.start.replace("\n", " ")
    assert is_emergency(f"{quoted} he hits me", None, library)


def test_the_short_line(library: Library) -> None:
    """It fits one segment, and holds the numbers to call."""
    size = count(library.pause)
    assert (size.encoding, size.segments) == ("GSM-7", 1)
    assert size.units <= 160
    assert all(number in plain(library.pause) for number in ("112", "22331160", "116111"))


AFFORDED = {
    "in full": ("text", FULL, "text"),
    "short": ("text", SHORT, None),
    "nothing": ("text", NONE, ""),
    "no answer stays none": ("", SHORT, ""),
}


@pytest.mark.parametrize(("reply", "may", "sent"), AFFORDED.values(), ids=AFFORDED)
def test_what_is_sent(reply: str, may: Answer, sent: str | None, library: Library) -> None:
    """The reply, the short line (None) or nothing."""
    expected = library.pause if sent is None else sent
    assert afforded(Reply(reply), may, library) == Reply(expected)


URGENCIES = {
    "the first": (0, 0.0, FULL),
    "the last in full": (URGENT - 1, 999.0, FULL),
    "more than the last in full": (URGENT + 1, 999.0, NONE),
    "a short line": (URGENT, 1000.0 - MINUTE, SHORT),
    "a short line hours later": (URGENT, 1000.0 - HOUR, SHORT),
    "too soon for another": (URGENT, 1000.5 - MINUTE, NONE),
}


@pytest.mark.parametrize(("hers", "told", "answer"), URGENCIES.values(), ids=URGENCIES)
def test_an_emergency_when_all_is_spent(hers: int, told: float, answer: Answer) -> None:
    """So many in full, then the numbers once a minute."""
    assert spend_urgent(hers, told, 1000.0) is answer
