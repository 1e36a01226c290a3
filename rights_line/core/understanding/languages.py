"""Match names of languages, and the words that end a conversation."""

from rights_line.core.library import MENU
from rights_line.core.understanding.intents import AskLanguage, EndSession, ShowScreen, ShowStart
from rights_line.core.understanding.interpretation import Interpretation, Message


def language_word(message: Message) -> Interpretation | None:
    """Match a text that is the word or name of a language."""
    languages = message.library.vocabulary.language_words.values.get(message.words)
    return _menu(message.words, languages) if languages else None


def language_in_text(message: Message) -> Interpretation | None:
    """Match the first name of a language in a text."""
    found = message.library.vocabulary.language_words.find(message.words)
    return _menu(found[0].phrase, found[0].value) if found else None


def closing_word(message: Message) -> Interpretation | None:
    """Match a closing word ("enough"): the whole text, in the language of the session.

    In any other language it may be a plea to make something stop, so it leads to the menu.
    """
    entry = message.library.vocabulary.closing.get(message.words)
    if entry is None:
        return None
    matched = (message.words,)
    if message.tag in entry.languages:
        return Interpretation(EndSession(), "A closing word of the session's language.", matched)
    alone = len(entry.languages) == 1
    intent = ShowScreen(entry.languages[0], MENU) if alone else ShowStart()
    return Interpretation(intent, "A closing word, but not of the session's language.", matched)


def _menu(name: str, languages: tuple[str, ...]) -> Interpretation:
    """Return the menu of the language, or the question which if several share the name."""
    alone = len(languages) == 1
    intent = ShowScreen(languages[0], MENU) if alone else AskLanguage(languages)
    return Interpretation(intent, "The name of a language.", (name,))
