"""Match the line of a menu, typed as words, as the screen that it leads to."""

import re

from rights_line.core.fixed_codes import MENU
from rights_line.core.understanding import intents
from rights_line.core.understanding.auto_replies import is_own_line
from rights_line.core.understanding.interpretation import Interpretation, Message
from rights_line.core.understanding.language import reply_language
from rights_line.core.understanding.language.reply_language import without_borrowers
from rights_line.core.understanding.sentences.sentences import is_keyword

_SENTENCE_END = re.compile(r"[.!?;\n\u0964\u06d4\u061f\u3002\uff01\uff1f\u1362]+")


def title(message: Message) -> Interpretation | None:
    """Match a title alone, or beside its number."""
    found = message.library.titles.find(message.words, message.chosen_language)
    if found and (message.chosen_language in found[1] or not _means_more(message, *found)):
        return _show(*found, message)
    code = message.written.partition(" ")[0]
    if code in message.library.codes and is_own_line(message.written, message.library.own_lines):
        intent = intents.for_code(message.library.codes[code], message.chosen_language)
        return Interpretation(intent, "The text is a line of a menu.", (code,), is_code=True)
    return None


def title_one_slip_away(message: Message) -> Interpretation | None:
    """Match a title with one typing error, in the language of the session."""
    tag = message.chosen_language
    code = message.library.titles.find_near(message.words, tag)
    return _show(code, (tag,), message) if tag and code and not is_keyword(message) else None


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
    found = reply_language.show_topic(code, own, message.words, message)
    is_emergency = code in message.library.emergency_codes
    return found._replace(reason=f"The title of {code}. {found.reason}", is_emergency=is_emergency)
