"""Match names of languages, and the words that end a conversation."""

from rights_line.core.fixed_codes import MENU
from rights_line.core.understanding.interpretation import Interpretation, Message
from rights_line.core.understanding.language import reply_language

# Letters of a text that may be the name of a language with one typing error.
_MIN_MISSPELT, _MAX_MISSPELT = 6, 30
_MAX_REQUEST = 4  # words of a text that asks for a language by one word


def whole_name(message: Message) -> Interpretation | None:
    """Match a text that is the word or name of a language."""
    languages = message.library.vocabulary.language_words.get(message.words)
    return _menu_of_name(message.words, languages, message) if languages else None


def misspelt_name(message: Message) -> Interpretation | None:
    """Match a text that is one word, near the name of a language and known as nothing else."""
    words, known = message.words, message.library.vocabulary
    if not _MIN_MISSPELT <= len(words) <= _MAX_MISSPELT or words in known.phrases:
        return None
    near = known.long_names.one_away(words)
    meanings = [*{known.long_names.values[name] for name in near}]
    return _menu_of_name(near[0], meanings[0], message) if len(meanings) == 1 else None


def name_in_text(message: Message) -> Interpretation | None:
    """Match the name of a language in a text that asks for it.

    A name of several words asks ("po polsku"), and so does a short text ("in Arabic please"). In a
    longer one the name is what the sender writes about, or another word: Filipino "hindi" is "not".
    """
    found = message.library.vocabulary.language_words.find_phrases(message.words)
    is_short = message.words.count(" ") < _MAX_REQUEST
    asking = [name for name in found if is_short or " " in name.phrase]
    return _menu_of_name(asking[0].phrase, asking[0].value, message) if asking else None


def _menu_of_name(name: str, languages: tuple[str, ...], message: Message) -> Interpretation:
    """Return the menu of the language, or the question which if several share the name."""
    intent = reply_language.show_or_ask(MENU, languages, message)
    return Interpretation(intent, "The name of a language.", (name,))
