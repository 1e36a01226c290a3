"""Heed the age that a sender tells: a minor gets the screen for minors, an adult never does."""

from dataclasses import replace

from rights_line.core.fixed_codes import MENU
from rights_line.core.understanding.intents import ShowScreen
from rights_line.core.understanding.interpretation import Interpretation, Message
from rights_line.core.understanding.language.reply_language import topic_in_reply_language


def only_age(message: Message) -> Interpretation | None:
    """Match a text that tells nothing but the sender's age."""
    age = message.bare.age
    if age is None or age.rest:
        return None
    code = message.library.minors if age.is_minor else MENU
    found = topic_in_reply_language(code, (), "", message)
    return found._replace(reason=f"The sender is {age.years}. {found.reason}")


def heed(found: Interpretation, message: Message) -> Interpretation:
    """Send a minor to the screen for minors, or link it first on the screen of an emergency."""
    intent, minors = found.intent, message.library.minors
    if message.age is None or not message.age.is_minor or not minors:
        return found
    if not isinstance(intent, ShowScreen):
        return topic_in_reply_language(minors, (), "", message)
    if intent.code in message.library.emergency_codes:
        return found._replace(intent=replace(intent, offered=(minors, *intent.offered)))
    topics = () if intent.code in (MENU, minors) else (intent.code,)
    offered = tuple(dict.fromkeys((*topics, *intent.offered)))
    reason = f"The sender is {message.age.years}. {found.reason}"
    return found._replace(
        intent=replace(intent, code=minors, offered=offered, is_list=False), reason=reason
    )
