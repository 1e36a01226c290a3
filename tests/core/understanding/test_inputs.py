"""What people really write, in 36 languages, and what it must lead to (tests/data/inputs/)."""

import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_line.content.loader import ROOT, ContentSources, build_library
from rights_line.core.conversation import respond
from rights_line.core.library import Library
from rights_line.core.messages import Inbound
from rights_line.core.understanding import understand
from rights_line.core.understanding.intents import (
    AskLanguage,
    AutoReply,
    EndSession,
    Helpline,
    Intent,
    ListLanguages,
    NotUnderstood,
    OptOut,
    ShowScreen,
    ShowStart,
)
from tests.support.clock import TUESDAY
from tests.support.twilio_phone import without_spaces

FOLDER = Path(__file__).parent.parent.parent / "data" / "inputs"
LIFELINES = ("112", "22331160", "116111")
NAMES: dict[str, Intent] = {
    "silence": OptOut(),
    "close": EndSession(),
    "home": ShowStart(),
    "languages": ListLanguages(),
    "unclear": NotUnderstood(),
}

# hypothesis does not take fixtures of a session
drafts = cache(lambda: build_library(ContentSources(ROOT), "drafts"))


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Yield language of the file, text, tag and what is expected."""
    for path in sorted(FOLDER.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line:
                text, tag, expected = line.split("\t")
                yield path.stem, text, tag, expected


def intent(expected: str) -> Intent:
    """Return what a line of the table expects."""
    if expected in NAMES:
        return NAMES[expected]
    kind, _, rest = expected.partition(" ")
    if kind == "ask":
        return AskLanguage(tuple(rest.split(",")))
    return Helpline(rest) if kind == "helpline" else ShowScreen(kind, rest)


@pytest.mark.parametrize(("language", "text", "tag", "expected"), list(rows()))
def test_input(library: Library, language: str, text: str, tag: str, expected: str) -> None:
    """This text leads to this screen in this language."""
    remembered = None if tag == "-" else tag
    meant = understand(text, remembered, library)
    if isinstance(meant, AskLanguage):
        meant = AskLanguage(meant.languages)
    assert intent(expected) == meant


@pytest.mark.parametrize(("language", "text", "tag", "expected"), list(rows()))
def test_input_is_answered_with_the_numbers(
    library: Library, language: str, text: str, tag: str, expected: str
) -> None:
    """Whatever it leads to, a helpline is in the answer, unless she wants it to end."""
    remembered = None if tag == "-" else tag
    reply, _ = respond(Inbound("sender", text), remembered, library, TUESDAY, True)
    if expected not in ("silence", "close"):
        assert any(number in without_spaces(reply.text) for number in library.contact_codes)


def test_the_table_is_large_and_has_every_language(library: Library) -> None:
    """At least 600 texts, of every language that is understood."""
    table = list(rows())
    assert len(table) >= 600
    assert {language for language, *_ in table} == set(library.languages)


def answers(text: str, tag: str | None) -> None:
    """Assert that a text is answered with a helpline, fast, and not echoed."""
    library = drafts()
    reply, after = respond(Inbound("sender", text), tag, library, TUESDAY, True)
    assert after in {None, "?", *library.editions}
    closes = isinstance(understand(text, tag, library), EndSession | OptOut | AutoReply)
    assert (
        any(number in without_spaces(reply.text) for number in library.contact_codes) or closes
    ), text
    # Now and then Python collects what the tests left; it does not each time.
    assert any(timed(text, tag) < LONGEST_TIME for _ in range(5)), text


# Four times what is promised, in seconds of the processor: machines differ.
LONGEST_TIME = 0.02


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.characters(), max_size=1600),
    st.sampled_from([None, "?", "pl", "ar", "en", "nb", "th", "xx"]),
)
def test_any_text_is_answered(text: str, tag: str | None) -> None:
    """Lone surrogates, NUL, any script, 1,600 characters: a helpline, under 5 ms, no exception."""
    answers(text, tag)


def test_every_block_of_unicode_is_answered() -> None:
    """Sixteen characters of each run of 256 code points, surrogates too."""
    for start in range(0, sys.maxunicode, 256):
        text = "".join(chr(start + step) for step in range(0, 256, 16))
        answers(text, None)


LONGEST = [
    *(letter * 1600 for letter in "aกም我م1“\n\x00\ud800"),
    *(text * 800 for text in ("😀", "> ", ". ", "e\u0301", "a ", "กก")),
    "reacted " * 200,
]


@pytest.mark.parametrize("text", LONGEST, ids=lambda text: ascii(text[:2]))
def test_the_longest_texts_are_answered_in_time(text: str) -> None:
    """What is made to take long does not: four times as much takes four times as long, or less."""
    quarter = min(timed(text[: len(text) // 4]) for _ in range(7))
    whole = min(timed(text) for _ in range(7))
    # Side by side, for machines differ; what is quadratic would take sixteen times as long.
    assert whole < 8 * quarter + 0.001


def timed(text: str, tag: str | None = None) -> float:
    """Return the seconds of the processor that an answer takes."""
    begun = time.thread_time()
    respond(Inbound("sender", text), tag, drafts(), TUESDAY, True)
    return time.thread_time() - begun
