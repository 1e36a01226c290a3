"""How much is answered, and what is an emergency."""

import pytest

from rights_line.content.loader import ContentSources
from rights_line.core.emergencies import (
    EMERGENCY_LIMIT,
    EMERGENCY_SHORT_EVERY,
    decide_emergency,
    is_emergency,
)
from rights_line.core.library import Library
from rights_line.core.messages import Inbound, Reply
from rights_line.core.rate_limit import (
    DAILY,
    HOURLY,
    RESERVE_DAILY,
    RESERVE_HOURLY,
    SENDER_LIMIT,
    SENDER_WINDOW,
    Allowance,
    Count,
    Limits,
    apply_allowance,
    counts_towards_limit,
    decide,
    number_prefix,
    offers,
)
from rights_line.core.sms import count
from tests.support.clock import TUESDAY
from tests.support.twilio_phone import without_spaces

FULL, SHORT, NONE = Allowance
CLOSED = SENDER_LIMIT + 1
LIMITS = Limits(hourly=100, daily=500)  # and a reserve of 1,200 an hour and 1,500 a day

# Sender, hour, day, reserve of the hour and of the day -> allowance, the counts after the reply.
Counts = tuple[int, int, int, int, int]
DECISIONS: dict[str, tuple[Counts, Allowance, Counts]] = {
    "the first reply": ((0, 0, 0, 0, 0), FULL, (1, 1, 1, 0, 0)),
    "the sender's last full reply": ((19, 50, 50, 0, 0), FULL, (20, 51, 51, 0, 0)),
    "the closing line": ((20, 50, 50, 0, 0), SHORT, (20 + CLOSED, 50, 50, 0, 0)),
    "silence after it": ((20 + CLOSED, 50, 50, 0, 0), NONE, (20 + CLOSED, 50, 50, 0, 0)),
    "the last full reply of the hour": ((0, 99, 99, 0, 0), FULL, (1, 100, 100, 0, 0)),
    "a new sender in a spent hour": ((0, 100, 100, 0, 0), SHORT, (CLOSED, 100, 100, 1, 1)),
    "a new sender in a spent day": ((0, 0, 500, 0, 0), SHORT, (CLOSED, 0, 500, 1, 1)),
    "silence after the reserve": ((CLOSED, 0, 0, 1, 1), NONE, (CLOSED, 0, 0, 1, 1)),
    "an answered sender in a spent hour": ((7, 100, 100, 0, 0), SHORT, (28, 100, 100, 0, 0)),
    "an answered sender, no reserve": (
        (7, 100, 100, 1200, 1200),
        SHORT,
        (28, 100, 100, 1200, 1200),
    ),
    "the last line of the hour's reserve": (
        (0, 100, 100, 1199, 1199),
        SHORT,
        (CLOSED, 100, 100, 1200, 1200),
    ),
    "no reserve in this hour": ((0, 100, 100, 1200, 1200), NONE, (0, 100, 100, 1200, 1200)),
    "no reserve on this day": ((0, 100, 500, 0, 1500), NONE, (0, 100, 500, 0, 1500)),
    "an hour that was given less": ((0, 150, 150, 0, 0), SHORT, (CLOSED, 150, 150, 1, 1)),
}


@pytest.mark.parametrize(("counts", "allowance", "after"), DECISIONS.values(), ids=DECISIONS)
def test_decide(counts: Counts, allowance: Allowance, after: Counts) -> None:
    """Full replies, one short line, silence; new senders draw on the reserve, others do not."""
    offer = decide(offers(LIMITS), counts)
    assert (offer.allowance if offer else NONE) is allowance
    amounts = {charge.counter: charge.amount for charge in offer.charges} if offer else {}
    assert tuple(counts[counter] + amounts.get(counter, 0) for counter in Count) == after


@pytest.mark.parametrize(
    ("held_hour", "held_day", "used_hour", "used_day", "allowance"),
    [
        (600, 600, 599, 599, SHORT),
        (600, 600, 600, 600, NONE),
        (1, 1, 1198, 1198, SHORT),
        (1, 1, 1199, 1199, NONE),
        (0, 0, 1199, 1199, SHORT),
        (0, 750, 0, 749, SHORT),
        (0, 750, 0, 750, NONE),
    ],
)
def test_a_prefix_holds_no_more_than_is_left(
    held_hour: int, held_day: int, used_hour: int, used_day: int, allowance: Allowance
) -> None:
    """One prefix gets half of the reserve, in an hour and in a day; others go on."""
    offer = decide(offers(LIMITS, held_hour, held_day), (0, 100, 100, used_hour, used_day))
    assert (offer.allowance if offer else NONE) is allowance


def test_a_closing_line_needs_no_count_that_was_lost() -> None:
    """Where a sender is known to have had a reply, a Redis that forgot it does not matter."""
    nothing = (0, 0, 0, 0, 0)
    assert offers(LIMITS, is_answered=True)[1].fits(nothing)
    assert not offers(LIMITS)[1].fits(nothing)


PREFIXES = {
    "+4792500001": "+47925",
    "+37166012345": "+371660",
    "4792500001": "47925",  # Kannel
    "92500001": "925",
    "whatsapp:+4792500001": "whatsapp:+47925",
    "whatsapp:NO.13491208655302741918": "whatsapp:NO",
    "whatsapp:NO.x1a2b3": "whatsapp:NO",
    "0d" * 32: "",  # no number at all: Kannel's sender is random
    f"{'ab' * 29}123456": "",
    "": "",
}


@pytest.mark.parametrize(("sender", "prefix"), PREFIXES.items())
def test_number_prefix(sender: str, prefix: str) -> None:
    """100,000 numbers share a prefix, and so do ids without a number, of which anybody has many."""
    assert number_prefix(sender) == prefix


def test_the_numbers_of_the_design() -> None:
    """The figures of docs/adr/0007."""
    assert (SENDER_LIMIT, SENDER_WINDOW, HOURLY, DAILY) == (20, 600, 500, 3000)
    assert (RESERVE_HOURLY * HOURLY, RESERVE_DAILY * DAILY) == (6000, 9000)
    assert (EMERGENCY_LIMIT, EMERGENCY_SHORT_EVERY) == (40, 60)


EXPECTING = {
    "a word": (Inbound("a", "hei"), True),
    "nothing": (Inbound("a", ""), True),
    "an emergency": (Inbound("a", "112"), True),
    "a machine": (Inbound("a", "hei", is_person=False), False),
    "stop": (Inbound("a", "STOP", opted_out=True), False),
    "a reaction": (Inbound("a", "Liked “Norge/Norway info”"), False),
    "a driver's phone": (Inbound("a", "I'm driving right now."), False),
    "one that nobody pays for": (Inbound("a", "hei", is_billable=False), False),
}


@pytest.mark.parametrize(("message", "expects"), EXPECTING.values(), ids=EXPECTING)
def test_what_is_never_answered_costs_nothing(
    message: Inbound, expects: bool, library: Library
) -> None:
    """Only what gets an answer is counted."""
    assert counts_towards_limit(message, library) is expects


def test_every_emergency_word_is_one(sources: ContentSources, library: Library) -> None:
    """In every language each emergency word is an emergency, whichever language is chosen."""
    missed, languages = [], 0
    for tag, tongue in sources.languages.items():
        words = list(tongue.words.get("emergency", ()))
        languages += bool(words)
        missed += [
            (tag, word, chosen)
            for word in words
            for chosen in (None, "?", "pl")
            if not is_emergency(word, chosen, library)
        ]
    assert languages == len(sources.languages)
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
    """Everything else, helplines too, has limits."""
    assert not is_emergency(text, tag, library)


def test_our_own_words_are_no_emergency(library: Library) -> None:
    """A robot that sends back what it got, in whatever it puts it, is in no danger."""
    ours = [library.start, library.start_stateless, library.listing, library.fallback]
    ours += [library.throttled, *(text for row in library.unsupported.values() for text in row)]
    for edition in library.editions.values():
        for code in ("0", "1", "11", "112", "?", "2", "8"):
            for screens in (edition.screens, edition.stateless_screens):
                screen = screens[code]
                ours.append(screen.sms_text(TUESDAY, library.holidays, edition.language.fold))
                ours.append(screen.full_text(TUESDAY, library.holidays))
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
    size = count(library.throttled)
    assert (size.encoding, size.segments) == ("GSM-7", 1)
    assert size.units <= 160
    assert all(
        number in without_spaces(library.throttled) for number in ("112", "22331160", "116111")
    )


AFFORDED = {
    "in full": ("text", FULL, "text"),
    "short": ("text", SHORT, None),
    "nothing": ("text", NONE, ""),
    "no answer stays none": ("", SHORT, ""),
}


@pytest.mark.parametrize(("reply", "allowance", "sent"), AFFORDED.values(), ids=AFFORDED)
def test_what_is_sent(reply: str, allowance: Allowance, sent: str | None, library: Library) -> None:
    """The reply, the short line (None) or nothing."""
    expected = library.throttled if sent is None else sent
    assert apply_allowance(Reply(reply), allowance, library) == Reply(expected)


URGENCIES = {
    "the first": (0, 0.0, FULL),
    "the last in full": (EMERGENCY_LIMIT - 1, 999.0, FULL),
    "more than the last in full": (EMERGENCY_LIMIT + 1, 999.0, NONE),
    "a short line": (EMERGENCY_LIMIT, 1000.0 - EMERGENCY_SHORT_EVERY, SHORT),
    "a short line hours later": (EMERGENCY_LIMIT, 1000.0 - 3600, SHORT),
    "too soon for another": (EMERGENCY_LIMIT, 1000.5 - EMERGENCY_SHORT_EVERY, NONE),
}


@pytest.mark.parametrize(
    ("sender_count", "last_short_at", "allowance"), URGENCIES.values(), ids=URGENCIES
)
def test_an_emergency_when_all_is_spent(
    sender_count: int, last_short_at: float, allowance: Allowance
) -> None:
    """So many in full, then the numbers once a minute."""
    assert decide_emergency(sender_count, last_short_at, 1000.0) is allowance
