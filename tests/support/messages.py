"""The messages that measure how well the line understands, and the screen that a text leads to."""

from functools import cache
from pathlib import Path

from bench import understanding
from rights_line.core.library import Library
from rights_line.core.understanding import ShowScreen
from rights_line.core.understanding.interpret import interpret_to_intent

FOLDER = Path(__file__).parents[1] / "data" / "messages" / "test"


@cache  # tests ask for those of a language thousands of times
def messages(language: str) -> tuple[str, ...]:
    """Return the messages of a language, emergencies and everyday ones."""
    return tuple(row.text for row in understanding.messages(FOLDER) if row.language == language)


def shown(text: str, tag: str | None, library: Library) -> ShowScreen:
    """Return the intent of a text, which must show a screen."""
    intent = interpret_to_intent(text, tag, library)
    assert isinstance(intent, ShowScreen), (text, intent)
    return intent
