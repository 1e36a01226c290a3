"""Texts that get no reply, and words that are the same in every language."""

from rights_line.core.understanding.intents import AutoReply, OptOut, ShowStart
from rights_line.core.understanding.interpretation import Interpretation, Message
from rights_line.core.understanding.words.reserved_words import OPT_OUT, OTHER_RESERVED

AUTO_REPLY = Interpretation(AutoReply(), "A phone or a machine wrote it.")


def reserved_word(message: Message) -> Interpretation | None:
    """Match a word of the provider, a word of every language, or an empty text."""
    words = message.words
    if words in OPT_OUT:
        return Interpretation(OptOut(), "An opt-out word of the provider.", (words,))
    if not words:
        return Interpretation(ShowStart(), "The text has no words.")
    if words in OTHER_RESERVED or words in message.library.vocabulary.common_words:
        return Interpretation(ShowStart(), "A word of every language.", (words,))
    return None
