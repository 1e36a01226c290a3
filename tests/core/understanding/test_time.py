"""The processor time of a reply to any text, and to the longest ones.

Marked slow, because another process on the machine may delay a run.
"""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_line.core.conversation import respond
from rights_line.core.library import Library
from rights_line.core.messages import Inbound
from tests.support.clock import TUESDAY

# Seconds of processor time: four times the promised 5 ms, since machines differ.
LONGEST_TIME = 0.02
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


def timed(library: Library, text: str, tag: str | None = None) -> float:
    """Return the processor time of a reply in seconds."""
    begun = time.thread_time()
    respond(Inbound("sender", text), tag, library, TUESDAY, True)
    return time.thread_time() - begun


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.characters(), max_size=1600),
    st.sampled_from([None, "?", "pl", "ar", "en", "nb", "th", "xx"]),
)
def test_reply_to_any_long_text_is_made_in_time(
    library: Library, text: str, tag: str | None
) -> None:
    # Several attempts, since a garbage collection may fall into one.
    assert any(timed(library, text, tag) < LONGEST_TIME for _ in range(5)), text


@pytest.mark.parametrize("text", LONGEST.values(), ids=LONGEST)
def test_time_of_longest_text_grows_no_faster_than_its_length(library: Library, text: str) -> None:
    quarter = min(timed(library, text[: len(text) // 4]) for _ in range(7))
    whole = min(timed(library, text) for _ in range(7))
    # A ratio, since machines differ: quadratic time would be 16 times as long.
    assert whole < 8 * quarter + 0.001
