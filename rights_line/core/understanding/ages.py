"""Heed an age: a minor gets the screen for minors; an adult, or who tells of a minor, does not."""

import re
from dataclasses import replace

from rights_line.core import ACTS, MENU, TAKEN_AWAY, WANTS_TO_DIE
from rights_line.core.understanding import (
    Intent,
    Interpretation,
    NotUnderstood,
    ShowScreen,
    reply_language,
)
from rights_line.core.understanding.message import Message
from rights_line.core.understanding.reply_language import without_borrowers
from rights_line.core.understanding.words.ages import ADULT, OLDEST
from rights_line.core.understanding.words.scripts import UNSPACED
from rights_line.core.understanding.words.vocabulary import Kind

_LIKELY = 0.5  # share from which a text asks for something, beside the age of another person
_CLEAR = 0.6  # share of another screen from which a number is an hour or an amount, and no age
_SURE = 0.7  # share of an emergency of a minor; the screen for minors names the police, too
_MAY_BE_URGENT = 0.3  # share of emergencies: "he will hit me at 9" tells no age
_MAY_DIE = 0.1  # share of a wish to die from which a number counts what was taken
_MAX_FOLLOW_UP = 12  # words of a text that adds an age to what was written before
_MAX_ONLY_AGE = 4  # words of one that says no more than that: "she may be 15"
_MAX_ONLY_AGE_UNSPACED = 14  # letters of the same, without spaces between words
_NUMBER = re.compile(r"[0-9]+")


def only_age(message: Message) -> Interpretation | None:
    """Match a text that tells nothing but the sender's age."""
    age = message.bare.age
    if age is None or age.rest:
        return None
    code = message.library.minors if age.is_minor else MENU
    languages = without_borrowers(age.languages, message.library)
    why = f"The sender is {age.years}."
    return reply_language.show_topic(code, languages, message.words, message, why)


def without_of_minor(message: Message) -> Message:
    """Return a message without the age of a minor, to read what else the text says."""
    age = message.age
    if age is None or not age.is_minor:
        return message
    return message.part(age.rest)


def heed(found: Interpretation, message: Message) -> Interpretation:
    """Change an interpretation by the age that the text tells."""
    age, library = message.age, message.library
    if not library.minors:
        return found
    if age is None:
        if message.tells_age_of_another_minor:
            return _about_another_minor(found, message)
        is_about_minor = _code(found.intent) in {*library.minor_codes, library.another_minor}
        if is_about_minor and _is_only_adult_age(message):
            return reply_language.show_topic(MENU, (), "", message)
        return _about_another_adult(found, message)
    reason = f"The sender is {age.years}. {found.reason}"
    if age.is_minor:
        return _by_minor(found, message)._replace(reason=reason)
    if _code(found.intent) not in library.minor_codes:
        return found
    return reply_language.show_topic(MENU, (), "", message)._replace(reason=reason)


def _by_minor(found: Interpretation, message: Message) -> Interpretation:
    """Show the screen for minors with the topic as its first link, unless it is an emergency."""
    intent, minors = found.intent, message.library.minors
    if not isinstance(intent, ShowScreen):
        return reply_language.show_topic(minors, (), "", message)
    share = dict(found.shares).get(intent.code, 1)
    is_sure = share >= _SURE or intent.code == WANTS_TO_DIE
    if is_sure and intent.code in message.library.urgent_codes - {TAKEN_AWAY}:
        offered = dict.fromkeys((minors, *intent.offered))
        return found._replace(intent=replace(intent, offered=tuple(offered)))
    others = dict.fromkeys(_for_minors(row, message) for row in (intent.code, *intent.offered))
    topics = [code for code in others if code not in (MENU, minors, *ACTS)]
    code, home = minors, message.library.minor_goes_home
    is_calm = not intent.is_list and not message.library.emergency_codes & {*topics}
    if is_calm and topics[:1] and topics[0] in message.library.minor_codes:
        code, topics = topics[0], [minors, *topics[1:]]
    if home and intent.code in (home, home[:-1]) and is_calm and share >= _SURE:
        code, topics = home, [minors, *(row for row in topics if row not in (home, home[:-1]))]
    topics.sort(key=lambda code: _is_for_carers(code, message))
    return found._replace(intent=replace(intent, code=code, offered=tuple(topics), is_list=False))


def _for_minors(code: str, message: Message) -> str:
    """Return the screen for minors that is as good as another: 83 for 932 (fault)."""
    library = message.library
    rows = library.reader.meanings if library.reader else ()
    good = {other for row in rows if row.code == code for other in row.also}
    own = good & library.minor_codes - {library.minors}
    return min(own, default=code) if code not in library.minor_codes else code


def _is_for_carers(code: str, message: Message) -> bool:
    """Return whether a screen is for people with children, or who worry about somebody."""
    children, worried = message.library.own_children, message.library.another_minor[:-1]
    return code == children or bool(worried and code.startswith(worried))


def _about_another_minor(found: Interpretation, message: Message) -> Interpretation:
    """Show how to help a child, with a link to the sender's own, unless the text asks for more.

    Who tells two ages speaks of children of their own.
    """
    library, intent = message.library, found.intent
    codes = (library.another_minor, library.own_children)
    has_several = sum(map(str.isdigit, message.words.split())) > 1
    other, link = reversed(codes) if has_several else codes
    says_little = message.words.count(" ") < _MAX_FOLLOW_UP
    is_open = says_little and (_is_unsure(found) or _code(intent) in ("", MENU, codes[0]))
    is_only_age = _is_only_of_another(found, message)
    if found.share_of(library.urgent_codes) >= _MAY_BE_URGENT:
        return found
    if not other or not (is_open or is_only_age or _code(intent) in library.minor_codes):
        return found
    shown = reply_language.show_topic(other, (), "", message)
    if isinstance(shown.intent, ShowScreen):
        danger = library.emergency_codes & {_code(intent), *getattr(intent, "offered", ())}
        shown = shown._replace(
            intent=replace(shown.intent, offered=(*danger, *filter(None, [link])))
        )
    return shown._replace(reason=f"The age of another person. {found.reason}")


def _about_another_adult(found: Interpretation, message: Message) -> Interpretation:
    """Show how to help an adult if a text says little more than an age: "she is 34, no child"."""
    adult, child = message.library.another_adult, message.library.another_minor
    if not adult or message.age_of_another is None:
        return found
    is_short = message.words.count(" ") < _MAX_FOLLOW_UP
    is_called_child = is_short and _code(found.intent) == child
    if not is_called_child and not _is_only_of_another(found, message):
        return found
    shown = reply_language.show_topic(adult, (), "", message)
    return shown._replace(reason=f"The age of another person. {found.reason}")


def _is_only_adult_age(message: Message) -> bool:
    """Return whether a text is little more than a number that is an adult's age: "25 years old".

    "Not yet 18" is told by a phrase.
    """
    words = message.words
    numbers = [int(number) for number in _NUMBER.findall(words)]
    is_short = words.count(" ") < _MAX_ONLY_AGE and not (
        UNSPACED.search(words) and len(words) > _MAX_ONLY_AGE_UNSPACED
    )
    return is_short and len(numbers) == 1 and ADULT < numbers[0] <= OLDEST


def _is_unsure(found: Interpretation) -> bool:
    """Return whether a topic is less likely than the others together."""
    return bool(found.shares) and not found.is_emergency and found.shares[0].share < _LIKELY


def _is_only_of_another(found: Interpretation, message: Message) -> bool:
    """Return whether a text has few words beside an age in digits, and tells of no danger.

    The sentence model takes it for a story about somebody who is ill, or a child in danger.
    """
    words, library = message.words, message.library
    is_short = words.count(" ") < _MAX_ONLY_AGE and not UNSPACED.search(words)
    kinds = {match.value.concept.kind for match in message.matches}
    may_die = found.share_of([WANTS_TO_DIE]) >= _MAY_DIE  # "she took 14 pills"
    is_calm = Kind.EMERGENCY not in kinds and not may_die
    minors = {*library.minor_codes, library.another_minor, library.own_children, MENU}
    rows = library.reader.meanings if library.reader else ()
    minors.update(row.code for row in rows if library.another_minor in row.also)  # "a pupil of 14"
    is_clear = any(row.share >= _CLEAR for row in found.shares if row.code not in minors)
    return is_short and any(map(str.isdigit, words)) and is_calm and not is_clear


def _code(intent: Intent) -> str:
    """Return the code of the screen that an intent shows; empty if it shows none."""
    if isinstance(intent, NotUnderstood):
        return ""
    return getattr(intent, "code", MENU)
