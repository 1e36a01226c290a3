"""Match the title of a screen, or the name of a language."""

from rights_line.core import LANGUAGES, MENU
from rights_line.core.understanding import Interpretation, intent_for_code, reply_language
from rights_line.core.understanding.message import Message
from rights_line.core.understanding.reply_language import without_borrowers
from rights_line.core.understanding.words.normalised_text import is_own_line


def title(message: Message) -> Interpretation | None:
    """Match a title alone, or beside its number."""
    found = message.library.titles.find(message.words, message.chosen_language)
    if found and (message.chosen_language in found[1] or not _means_more(message, *found)):
        return _show(*found, message)
    code = message.written.partition(" ")[0]
    if code in message.library.codes and is_own_line(message.written, message.library.own_lines):
        intent = intent_for_code(message.library.codes[code], message.chosen_language)
        return Interpretation(intent, "The text is a line of a menu.", (code,), has_head=False)
    return None


def title_one_slip_away(message: Message) -> Interpretation | None:
    """Match a title with one typing error, in the language of the session."""
    tag = message.chosen_language
    code = message.library.titles.find_near(message.words, tag)
    return _show(code, (tag,), message) if tag and code and not message.keyword else None


def _means_more(message: Message, code: str, languages: tuple[str, ...]) -> bool:
    """Return whether a text is a keyword of another topic, or of other languages, too.

    English "no" is no page about debts, which Vietnamese "Nợ" names.
    """
    entry = message.library.vocabulary.phrases.get(message.words)
    if entry is None:
        return False
    other = entry.concept.code
    is_screen = other in message.library.codes and other != MENU
    return (is_screen and not code.startswith(other)) or not {*languages} >= {*entry.languages}


def _show(code: str, languages: tuple[str, ...], message: Message) -> Interpretation:
    """Show the screen of a title in its language, or ask which of several it is."""
    own = without_borrowers(languages, message.library)
    why = f"The title of {code}."
    found = reply_language.show_topic(code, own, message.words, message, why)
    return found._replace(is_emergency=code in message.library.emergency_codes)


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


def name_in_text(message: Message, written_in: str = "") -> Interpretation | None:
    """Match the name of a language in a text that asks for it.

    A name of several words asks ("po polsku"), and so does a short text ("in Arabic please"). So
    does one `written_in` the default language that asks who speaks another one. In any other text
    the name is what it is about, or another word: Filipino "hindi" is "not".
    """
    found = message.library.vocabulary.language_words.find_phrases(message.words)
    is_short = message.words.count(" ") < _MAX_REQUEST
    asking = [name for name in found if is_short or " " in name.phrase]
    default = message.library.default
    if not asking and written_in == default and _asks_who_speaks(message):
        asking = [name for name in found if default not in name.value]
    return _menu_of_name(asking[0].phrase, asking[0].value, message) if asking else None


def _asks_who_speaks(message: Message) -> bool:
    return any(LANGUAGES in match.value.concept.also for match in message.matches)


def _menu_of_name(name: str, languages: tuple[str, ...], message: Message) -> Interpretation:
    """Return the menu of the language, or the question which if several share the name."""
    intent = reply_language.show_or_ask(MENU, languages, message)
    return Interpretation(intent, "The name of a language.", (name,))
