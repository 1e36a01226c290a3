"""Find the topic of a text: by emergency phrase, topic phrase, greeting, or typing error."""

import re
from collections.abc import Iterable

from rights_line.core import ACTS, MENU, WANTS_TO_DIE
from rights_line.core.understanding import Interpretation, NotUnderstood, ShowScreen, reply_language
from rights_line.core.understanding.evidence import NAMING
from rights_line.core.understanding.message import Message
from rights_line.core.understanding.words import vocabulary
from rights_line.core.understanding.words.tables import Match, SlipTable, collapse_repeats
from rights_line.core.understanding.words.vocabulary import MIN_FUZZY_LENGTH, Entry, Kind

_MAX_ACT = 12  # words of thanks, or of another act, with more than their phrase
_MAY_BE_URGENT = 0.1  # share of emergencies from which such a text means something else
_MAX_FUZZY_TOKENS = 12  # words of a text that are checked for typing errors ...
_NUMBER = re.compile(r"(?<![a-z\d])\d+")  # not the 3 of "bla3t"
_MAX_ORIGIN = 5  # words of "i come from the philippines"
_MAX_FUZZY_LENGTH = 30  # ... and their letters


def emergency(message: Message) -> Interpretation | None:
    """Match an emergency phrase, also with letters drawn out ("dangerrrr") or one slip."""
    return (
        _best(Kind.EMERGENCY, message.matches, message)
        or _drawn_out_emergency(message)
        or _one_slip_away(message.library.vocabulary.long_emergency, message)
    )


def phrase_topic(message: Message) -> Interpretation | None:
    """Match the phrase of a topic."""
    return _best(Kind.TOPIC, message.matches, message)


def act(message: Message) -> Interpretation | None:
    """Match what people do besides telling a need ("what now"): the whole text."""
    entry = message.keyword
    if entry is None or entry.concept.kind is not Kind.ACT:
        return None
    return _interpret(message.words, message.words, entry, message)


def act_in_text(message: Message) -> Interpretation | None:
    """Match an act that a short text without a topic names: "oops, wrong number"."""
    is_short = message.words.count(" ") < _MAX_ACT
    named = [match for match in message.matches if is_short and match.size >= NAMING]
    return _best(Kind.ACT, named, message)


def only_courtesy(message: Message) -> Interpretation | None:
    """Match a text of nothing but words of greeting, help and politeness."""
    taken = message.bare.taken
    if message.bare.words or not taken:
        return None
    entry = min(taken, key=lambda taken: taken.concept.position)
    is_phrase = message.words in message.library.vocabulary.phrases
    text = message.words if is_phrase else ""
    return _interpret(text, message.words, entry, message)


def thanks(found: Interpretation, message: Message) -> Interpretation:
    """Answer thanks around a short text that names no need: "thanks a lot for your help"."""
    said = [entry for entry in message.bare.taken if entry.concept.code in ACTS]
    is_short = message.words.count(" ") < _MAX_ACT
    if not said or not is_short or message.bare.keyword or _may_be_need(found, message):
        return found
    return _interpret("", message.words, said[0], message)


def _may_be_need(found: Interpretation, message: Message) -> bool:
    """Return whether a text may ask for something, or for help; a farewell may."""
    intent = found.intent
    if found.share_of(message.library.urgent_codes) >= _MAY_BE_URGENT:
        return True
    if not isinstance(intent, ShowScreen) or intent.is_list:
        return not isinstance(intent, NotUnderstood)
    return intent.code != MENU and not found.is_guess


def origin(message: Message) -> Interpretation | None:
    """Match a short text that tells where the sender is from, which is no topic."""
    is_short = message.words.count(" ") < _MAX_ORIGIN
    found = message.library.vocabulary.origins.find_phrases(message.words) if is_short else []
    if not found or message.matches:
        return None
    why = "Where the sender is from."
    return reply_language.show_topic(MENU, found[0].value, "", message, why)


def swallowed(message: Message) -> Interpretation | None:
    """Match a text of nothing but how many: "i took 20", often after screen 12."""
    pattern = _NUMBER.sub("0", message.words)
    languages = message.library.vocabulary.swallowed.get(pattern)
    if not languages or pattern == message.words:
        return None
    why = "How many were taken."
    found = reply_language.show_topic(WANTS_TO_DIE, languages, message.words, message, why)
    return found._replace(is_emergency=True)


def courtesy(message: Message) -> Interpretation | None:
    """Match words of help or greeting within a text without a topic; thanks say too little."""
    asks = [match for match in message.matches if match.value.concept.code == MENU]
    return _best(Kind.GREETING, asks, message)


def harmless(message: Message) -> Interpretation | None:
    """Match a text that says no more than that all is well: the menu says how to go on."""
    entry = message.keyword
    if entry is None or entry.concept.kind is not Kind.HARMLESS:
        return None
    why = f"{entry.concept.id} says that all is well."
    return reply_language.show_topic(MENU, entry.languages, message.words, message, why)


def slip(message: Message) -> Interpretation | None:
    """Match a long word with one typing error."""
    return _one_slip_away(message.library.vocabulary.long_words, message)


def _best(kind: Kind, matches: Iterable[Match[Entry]], message: Message) -> Interpretation | None:
    """Return the topic of the longest phrase of a kind; among equals, of the first concept."""
    found = [match for match in matches if match.value.concept.kind is kind]
    if not found:
        return None
    best = min(found, key=lambda match: (-match.size, match.value.concept.position))
    return _interpret(best.phrase, best.phrase, best.value, message)


def _interpret(text: str, phrase: str, entry: Entry, message: Message) -> Interpretation:
    concept = entry.concept
    why = f"{concept.id} leads to {concept.code}."
    found = reply_language.show_topic(concept.code, entry.languages, text, message, why)
    shows_one = concept.code in message.library.emergency_codes
    is_emergency = shows_one or concept.kind is Kind.EMERGENCY
    return found._replace(matched=(phrase,), is_emergency=is_emergency)


def _drawn_out_emergency(message: Message) -> Interpretation | None:
    texts = map(message.library.vocabulary.phrases.find_phrases, collapse_repeats(message.words))
    found = (_best(Kind.EMERGENCY, matches, message) for matches in texts)
    return next(filter(None, found), None)


def _one_slip_away(known: SlipTable[Entry], message: Message) -> Interpretation | None:
    """Match a long word with one typing error, if it is near only one meaning."""
    for token in message.words.split()[:_MAX_FUZZY_TOKENS]:
        is_checked = MIN_FUZZY_LENGTH - 1 <= len(token) <= _MAX_FUZZY_LENGTH
        if not is_checked or not token.isalpha():
            continue
        near = known.one_away(token)
        entries = [known.values[word] for word in near]
        meanings = {(entry.concept.code, entry.languages) for entry in entries}
        is_other = token in message.library.vocabulary.phrases or vocabulary.reason(token)
        if len(meanings) == 1 and not is_other:
            return _interpret(token, near[0], entries[0], message)
    return None
