"""Texts in every language and the intents they must lead to (tests/data/inputs/)."""

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
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.tsv"))
NAMES: dict[str, Intent] = {
    "silence": OptOut(),
    "close": EndSession(),
    "home": ShowStart(),
    "languages": ListLanguages(),
    "unclear": NotUnderstood(),
}

# Loaded once, for the Hypothesis tests, which use it in place of a fixture.
drafts = cache(lambda: build_library(ContentSources(ROOT), "drafts"))


def inputs(language: str) -> Iterator[tuple[str, str | None, str]]:
    """Yield text, tag and expected result of each line in the file of a language."""
    for line in (FOLDER / f"{language}.tsv").read_text(encoding="utf-8").splitlines():
        if line:
            text, tag, expected = line.split("\t")
            yield text, None if tag == "-" else tag, expected


def intent(expected: str) -> Intent:
    """Return the intent that the last column of a file names."""
    if expected in NAMES:
        return NAMES[expected]
    kind, _, rest = expected.partition(" ")
    if kind == "ask":
        return AskLanguage(tuple(rest.split(",")))
    return Helpline(rest) if kind == "helpline" else ShowScreen(kind, rest)


@pytest.mark.parametrize("language", LANGUAGES)
def test_understand_inputs_of_language_returns_expected_intents(
    library: Library, language: str
) -> None:
    wrong = []
    for text, tag, expected in inputs(language):
        understood = understand(text, tag, library)
        if isinstance(understood, AskLanguage):
            understood = AskLanguage(understood.languages)  # by_script is not in the files
        if understood != intent(expected):
            wrong.append((text, tag, expected, understood))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_reply_to_inputs_of_language_has_helpline(library: Library, language: str) -> None:
    """Only an opt-out, an automatic text or the end of a conversation gets none."""
    without_helpline = []
    for text, tag, expected in inputs(language):
        reply, _ = respond(Inbound("sender", text), tag, library, TUESDAY, True)
        has_helpline = any(number in without_spaces(reply.text) for number in library.contact_codes)
        if expected not in ("silence", "close") and not has_helpline:
            without_helpline.append((text, tag, expected, reply.text))
    assert without_helpline == []


def test_inputs_are_at_least_600_texts_in_every_language(library: Library) -> None:
    assert set(LANGUAGES) == set(library.languages)
    counts = {language: len([*inputs(language)]) for language in LANGUAGES}
    assert all(counts.values())
    assert sum(counts.values()) >= 600


def assert_answered(text: str, tag: str | None) -> None:
    """Assert that the reply has a helpline, unless the text ends it, and comes in time."""
    library = drafts()
    reply, after = respond(Inbound("sender", text), tag, library, TUESDAY, True)
    assert after in {None, "?", *library.editions}
    closes = isinstance(understand(text, tag, library), EndSession | OptOut | AutoReply)
    assert (
        any(number in without_spaces(reply.text) for number in library.contact_codes) or closes
    ), text
    # Several attempts, since a garbage collection may fall into one.
    assert any(timed(text, tag) < LONGEST_TIME for _ in range(5)), text


# Seconds of processor time: four times the promised 5 ms, since machines differ.
LONGEST_TIME = 0.02


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.characters(), max_size=1600),
    st.sampled_from([None, "?", "pl", "ar", "en", "nb", "th", "xx"]),
)
def test_any_long_text_gets_reply_in_time(text: str, tag: str | None) -> None:
    """This includes lone surrogates, NUL and any script, up to 1,600 characters."""
    assert_answered(text, tag)


def test_text_of_any_unicode_block_gets_reply_in_time() -> None:
    """Each text has sixteen of 256 code points, surrogates included."""
    for start in range(0, sys.maxunicode, 256):
        text = "".join(chr(start + step) for step in range(0, 256, 16))
        assert_answered(text, None)


LONGEST = {
    "a Latin letter": "a" * 1600,
    "a Thai letter": "ก" * 1600,
    "an Ethiopic letter": "ም" * 1600,
    "a Chinese character": "我" * 1600,
    "an Arabic letter": "م" * 1600,
    "a digit": "1" * 1600,
    "quotation marks": "“" * 1600,
    "line feeds": "\n" * 1600,
    "NUL": "\x00" * 1600,
    "surrogates": "\ud800" * 1600,
    "emoji": "😀" * 800,
    "quoted lines": "> " * 800,
    "full stops": ". " * 800,
    "decomposed letters": "e\u0301" * 800,
    "words of one letter": "a " * 800,
    "pairs of Thai letters": "กก" * 800,
    "a word of reactions": "reacted " * 200,
}


@pytest.mark.parametrize("text", LONGEST.values(), ids=LONGEST)
def test_time_of_longest_text_grows_no_faster_than_its_length(text: str) -> None:
    quarter = min(timed(text[: len(text) // 4]) for _ in range(7))
    whole = min(timed(text) for _ in range(7))
    # A ratio, since machines differ: quadratic time would be 16 times as long.
    assert whole < 8 * quarter + 0.001


def timed(text: str, tag: str | None = None) -> float:
    """Return the processor time of a reply in seconds."""
    begun = time.thread_time()
    respond(Inbound("sender", text), tag, drafts(), TUESDAY, True)
    return time.thread_time() - begun
