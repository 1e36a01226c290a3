"""A text of which the line with the real content is not sure, so that the reply is a list."""

from rights_line.core.library import Library
from rights_line.core.understanding.intents import ShowScreen
from rights_line.core.understanding.interpret import interpret_to_intent

# Several, since a new sentence model may be sure of some.
_TEXTS = (
    "mannen min kjører sakte bak meg, svinger når jeg svinger, tør ikke gå hjem",
    "bilen hans står utenfor hver kveld og jeg vet ikke hva jeg skal gjøre",
    "sjefen sitter i bilen og ser på huset",
    "eieren kommer med to menn i kveld",
)


def unsure_text(library: Library) -> tuple[str, ShowScreen]:
    """Return a first text in Norwegian, and its list."""
    for text in _TEXTS:
        intent = interpret_to_intent(text, None, library)
        if isinstance(intent, ShowScreen) and intent.is_list and intent.language == "nb":
            return text, intent
    raise AssertionError("The line is sure of every text: add another one.")
