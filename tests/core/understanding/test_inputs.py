"""Texts in every language and the intents they must lead to (tests/data/inputs/)."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_line.content import ContentSources
from rights_line.core import Inbound, tags
from rights_line.core.conversation import conversation_reply
from rights_line.core.library import Library
from rights_line.core.understanding import (
    AskLanguage,
    AutoReply,
    EndSession,
    Intent,
    OptOut,
    ShowScreen,
)
from rights_line.core.understanding.interpret import interpret_to_intent
from rights_line.core.understanding.message import Message
from rights_line.core.understanding.sentences import is_sentence
from rights_line.core.understanding.words.normalised_text import normalise_text
from tests.support.clock import TUESDAY
from tests.support.inputs import inputs, intent
from tests.support.wording import without_spaces
from tests.support.worlds import BY_SCRIPT

FOLDER = Path(__file__).parent.parent.parent / "data" / "inputs"
# Share of the sentences of a language that lead where the file says. Tigrinya and Sorani are the
# weakest.
MIN_RIGHT = 0.6
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.tsv"))
each_language = pytest.mark.parametrize("language", BY_SCRIPT)


def is_right(found: Intent, expected: Intent) -> bool:
    """Return whether a text leads where the file says, or to a list with that topic."""
    if not isinstance(found, ShowScreen) or not isinstance(expected, ShowScreen):
        return found == expected
    is_listed = found.is_list and expected.code in found.offered
    code = expected.code if is_listed else found.code
    return replace(found, code=code, offered=(), is_list=False) == expected


class Understood(NamedTuple):
    """A line of a file, the intent of its text, and whether the sentence model read it."""

    line: str
    is_right: bool
    is_sentence: bool


def understood(library: Library, language: str) -> Iterator[Understood]:
    """Yield what becomes of each line in the file of a language."""
    for number, text, tag, expected in inputs(FOLDER / f"{language}.tsv"):
        found = interpret_to_intent(text, tag, library)
        if isinstance(found, AskLanguage):
            found = AskLanguage(found.languages)  # by_script is not in the files
        normalised = normalise_text(text, library.own_lines)
        message = Message(normalised.words, normalised.sentence, tag, library)
        line = f"line {number}: {text!r}, {tag}: not {expected} but {found}"
        yield Understood(line, is_right(found, intent(expected)), is_sentence(message))


@each_language
def test_understand_inputs_of_language_returns_expected_intents(
    library: Library, language: str
) -> None:
    """Exact rules and keywords are always right, sentences nearly always."""
    rows = [*understood(library, language)]
    assert [row.line for row in rows if not row.is_right and not row.is_sentence] == []
    sentences = [row.is_right for row in rows if row.is_sentence]
    wrong = [row.line for row in rows if not row.is_right]
    assert sum(sentences) >= MIN_RIGHT * len(sentences), "\n".join(wrong)


@pytest.fixture(scope="module")
def rules(library: Library) -> Library:
    """Every text, read by rules alone: the model chooses among the same screens."""
    return library.without_model


@each_language
def test_reply_to_inputs_of_language_has_helpline(rules: Library, language: str) -> None:
    """Only an opt-out, an automatic text or the end of a conversation gets none."""
    without_helpline = []
    for number, text, tag, expected in inputs(FOLDER / f"{language}.tsv"):
        reply, _ = conversation_reply(Inbound("sender", text), tag, rules, TUESDAY, True)
        has_helpline = any(number in without_spaces(reply.text) for number in rules.contact_codes)
        if expected not in ("silence", "close") and not has_helpline:
            without_helpline.append(f"line {number}: {text!r}, {tag}: {reply.text!r}")
    assert without_helpline == []


def test_inputs_are_at_least_600_texts_in_every_language(sources: ContentSources) -> None:
    """A language that is started has none yet."""
    started = {tag for tag, row in sources.languages.items() if row.texts == "started"}
    assert {*sources.languages} - started <= {*LANGUAGES} <= {*sources.languages}
    counts = {language: len([*inputs(FOLDER / f"{language}.tsv")]) for language in LANGUAGES}
    assert all(counts.values())
    assert sum(counts.values()) >= 600


def assert_answered(library: Library, text: str, tag: str | None) -> None:
    """Assert that the reply has a helpline, unless the text ends the conversation."""
    reply, after = conversation_reply(Inbound("sender", text), tag, library, TUESDAY, True)
    assert after is None or tags.is_awaiting(after) or tags.language(after) in library.editions
    closes = isinstance(interpret_to_intent(text, tag, library), EndSession | OptOut | AutoReply)
    assert (
        any(number in without_spaces(reply.text) for number in library.contact_codes) or closes
    ), text


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.characters(), max_size=1600),
    st.sampled_from([None, "?", "pl", "ar", "en", "nb", "th", "xx"]),
)
def test_any_long_text_gets_reply_with_helpline(
    reading: Library, text: str, tag: str | None
) -> None:
    """This includes lone surrogates, NUL and any script, up to 1,600 characters."""
    assert_answered(reading, text, tag)


def test_text_of_any_unicode_block_gets_reply_with_helpline(reading: Library) -> None:
    """Each text has sixteen of 256 code points, surrogates included."""
    for start in range(0, sys.maxunicode, 256):
        assert_answered(reading, "".join(map(chr, range(start, start + 256, 16))), None)
