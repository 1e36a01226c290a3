"""Rate limits of replies, and the emergencies that are answered beyond them."""

from itertools import product
from pathlib import Path

import pytest

from rights_line.content import ContentSources
from rights_line.content.assembly.library_builder import build_library
from rights_line.core import Inbound, limits
from rights_line.core.library import Library
from rights_line.core.limits import (
    EMERGENCY_LIMIT,
    EMERGENCY_SHORT_EVERY,
    SENDER_LIMIT,
    SENDER_WINDOW,
    Allowance,
    Limits,
    allowance_after,
    is_emergency,
)
from rights_line.core.sms import count_sms
from rights_line.core.understanding.interpret import interpret
from rights_line.core.understanding.words.normalised_text import NormalisedText, normalise_text
from tests.support.clock import TUESDAY
from tests.support.folders import add, change
from tests.support.wording import missing_helplines

FULL, SHORT, NONE = Allowance


def normalised(text: str, library: Library) -> NormalisedText:
    return normalise_text(text, library.own_lines)


CLOSED = SENDER_LIMIT + 1
LIMITS = Limits(hourly=100, daily=500)  # and 1,500 short lines a day

# Counts of sender, hour, day and short lines -> allowance, counts afterwards.
Counts = tuple[int, int, int, int]
DECISIONS: dict[str, tuple[Counts, Allowance, Counts]] = {
    "the first reply": ((0, 0, 0, 0), FULL, (1, 1, 1, 0)),
    "the sender's last full reply": ((19, 50, 50, 0), FULL, (20, 51, 51, 0)),
    "the closing line": ((20, 50, 50, 0), SHORT, (20 + CLOSED, 50, 50, 1)),
    "silence after the closing line": ((20 + CLOSED, 50, 50, 1), NONE, (20 + CLOSED, 50, 50, 1)),
    "the last full reply of the hour": ((0, 99, 99, 0), FULL, (1, 100, 100, 0)),
    "a new sender in a spent hour": ((0, 100, 100, 0), SHORT, (CLOSED, 100, 100, 1)),
    "a new sender on a spent day": ((0, 0, 500, 0), SHORT, (CLOSED, 0, 500, 1)),
    "silence after a short line": ((CLOSED, 0, 0, 1), NONE, (CLOSED, 0, 0, 1)),
    "an answered sender in a spent hour": ((7, 100, 100, 0), SHORT, (28, 100, 100, 1)),
    "the last short line": ((0, 100, 100, 1499), SHORT, (CLOSED, 100, 100, 1500)),
    "no short line left": ((0, 100, 100, 1500), NONE, (0, 100, 100, 1500)),
    "no short line left, but a full reply": ((0, 0, 100, 1500), FULL, (1, 1, 101, 1500)),
    "an hour in which the limit was lowered": ((0, 150, 150, 0), SHORT, (CLOSED, 150, 150, 1)),
}


@pytest.mark.parametrize(("counts", "allowance", "after"), DECISIONS.values(), ids=DECISIONS)
def test_first_rule_that_counts_allow_gives_allowance_and_charges(
    counts: Counts, allowance: Allowance, after: Counts
) -> None:
    assert allowance_after(counts, LIMITS.rules) is allowance
    charges = LIMITS.rules[allowance].charges if allowance < NONE else (0,) * 4
    assert tuple(map(sum, zip(counts, charges, strict=True))) == after


def test_limits_are_those_of_adr_0007() -> None:
    assert (SENDER_LIMIT, SENDER_WINDOW) == (20, 600)
    assert Limits().shared == (500, 3000, 9000)
    assert (EMERGENCY_LIMIT, EMERGENCY_SHORT_EVERY) == (40, 60)


COUNTED = {
    "a word": (Inbound("a", "hei"), True),
    "an empty text": (Inbound("a", ""), True),
    "an emergency": (Inbound("a", "112"), True),
    "an automatic sender": (Inbound("a", "hei", is_person=False), False),
    "an opt-out": (Inbound("a", "STOP", opted_out=True), False),
    "a reaction": (Inbound("a", "Liked “Norge/Norway info”"), False),
    "an automatic reply while driving": (Inbound("a", "I'm driving right now."), False),
    "a message that is not billable": (Inbound("a", "hei", is_billable=False), False),
}


@pytest.mark.parametrize(("message", "is_counted"), COUNTED.values(), ids=COUNTED)
def test_counts_towards_limit_only_if_message_gets_reply(
    message: Inbound, is_counted: bool, library: Library
) -> None:
    assert limits.counts_towards(message, normalised(message.text, library)) is is_counted


def is_emergency_over_limit(text: str, tag: str | None, library: Library) -> bool:
    rules = library.without_model
    read = normalised(text, library)
    return is_emergency(interpret(read, tag, rules), read, tag, rules)


def test_emergency_word_of_any_language_is_emergency_in_any_state(
    sources: ContentSources, library: Library, languages: list[str]
) -> None:
    missed = []
    for tag in languages:
        words = sources.languages[tag].written_words["emergency"]
        assert words, tag
        missed += [
            (tag, word, chosen)
            for word in words
            for chosen in (None, "?", "pl")
            if not is_emergency_over_limit(word, chosen, library)
        ]
    assert missed == []


EMERGENCIES = [
    *(("112", None), ("112", "?"), ("113", "pl"), ("110", None), ("110", "ar"), ("999", "?")),
    *(("١١٢", "ar"), ("1", "pl"), ("11", "pl"), ("POLSKI 1", None), ("POLSKI 112", None)),
    *(("please help, he hits me", None), ("mam ratunku prosze", "en")),
    *(("> In danger\nI am in danger", "en"), ("estoy en peligro llame al 112", "es")),
]
OTHERS = [
    *(("hei", None), ("", None), ("0", "pl"), ("4", "pl"), ("41", None), ("22331160", "pl")),
    *(("116111", None), ("116117", "pl"), ("02800", "pl"), ("POLSKI", None), ("POLSKI 4", None)),
    *(("politi", None), ("help", None), ("00", "pl"), ("STOP", "pl"), ("qwrtp", "pl"), ("1", "?")),
    *(("1120", "pl"), ("sos", None)),
]


@pytest.mark.parametrize(("text", "tag"), EMERGENCIES)
def test_is_emergency_for_request_of_danger_screen_is_true(
    text: str, tag: str | None, library: Library
) -> None:
    """The request may be a code, an emergency number, a word or a sentence."""
    assert is_emergency_over_limit(text, tag, library)


@pytest.mark.parametrize(("text", "tag"), OTHERS)
def test_is_emergency_for_other_text_is_false(text: str, tag: str | None, library: Library) -> None:
    """Requests for other helplines are rate limited, too."""
    assert not is_emergency_over_limit(text, tag, library)


def test_emergency_that_leads_to_another_screen_is_emergency(small_folder: Path) -> None:
    """A bad fall leads to the doctor; a word of that topic is not an emergency."""
    row = "fall:\n  kind: emergency\n  leads_to: talk\n  question: A bad fall\n"
    change(small_folder, "content/concepts.yaml", add(row))
    change(small_folder, "locales/en/words.yaml", add("fall: [fell off the roof]\n"))
    library = build_library(ContentSources(small_folder), "drafts")
    assert is_emergency_over_limit("he fell off the roof", None, library)
    assert is_emergency_over_limit("he fell off the roof", "pl", library)
    assert not is_emergency_over_limit("advice", "en", library)


def test_is_emergency_for_reaction_to_danger_screen_is_false(library: Library) -> None:
    sentence = library.editions["en"].screens["1"].body.partition(".")[0]
    assert not is_emergency_over_limit(f"Liked “{sentence}.”", "en", library)


CODES = ("0", "1", "11", "112", "?", "2", "8")


def test_is_emergency_for_echo_of_our_text_is_false(library: Library, languages: list[str]) -> None:
    """A robot may send our replies back, with its own words around them."""
    ours = [library.start, library.start_stateless, library.listing, library.fallback]
    ours += [library.throttled, *(text for row in library.unsupported.values() for text in row)]
    for tag, code in product(languages, CODES):
        edition = library.editions[tag]
        for screen in (edition.screens[code], edition.screens[code].stateless):
            texts = screen.texts_at(edition.form, TUESDAY, library.holidays)
            ours += [texts.sms, texts.chat]
    found = []
    for text in dict.fromkeys(ours):
        flat = text.replace("\n", " ")
        for echo in (text, f"Fwd: {flat} (end)", f"Re: {flat[:160]}"):
            if is_emergency_over_limit(echo, "en", library):
                found.append(echo)
    assert found == []


def test_is_emergency_for_quote_with_own_emergency_word_is_true(library: Library) -> None:
    quoted = library.start.replace("\n", " ")
    assert is_emergency_over_limit(f"{quoted} he hits me", None, library)


def test_short_line_fits_one_segment_and_has_helplines(library: Library) -> None:
    size = count_sms(library.throttled)
    assert (size.encoding, size.segments) == ("GSM-7", 1)
    assert size.units <= 160
    assert missing_helplines(library.throttled) == []
