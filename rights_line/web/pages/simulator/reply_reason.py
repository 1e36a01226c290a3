"""Why a message got its reply: the evidence of `rights-line explain`, for people."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.core import tags
from rights_line.core.conversation import replies, turn
from rights_line.core.fixed_codes import ACTS, INSULT, MENU
from rights_line.core.library import Head, Library
from rights_line.core.messages import Inbound, Medium, ScreenId
from rights_line.core.understanding.intents import ShowScreen
from rights_line.core.understanding.interpretation import Interpretation
from rights_line.core.understanding.text.normalised_text import normalise_text
from rights_line.web.webhooks import STATELESS

_NEAR = 0.01  # share from which another screen is named ...
_MAX_NEAR = 3  # ... and how many of them
# What a text does that names no need: in Norwegian and in English.
ACT_NAMES = {
    "thanks": ("takk, ok eller farvel", "thanks, OK or goodbye"),
    "go_on": ("hva nå?", "what now?"),
    "again": ("jeg forstår ikke", "I do not understand"),
    "affirm": ("ja", "yes"),
    "deny": ("nei", "no"),
    "cannot_read": ("jeg kan ikke lese", "I cannot read"),
    "wrong_number": ("feil nummer", "wrong number"),
    INSULT: ("et skjellsord", "an insult"),
}


class ReplyReason(NamedTuple):
    """Why a message got its reply, and the session after it."""

    found: Interpretation
    head: Head
    next_tag: str | None
    code: str = ""  # of the screen or act; empty for a question or no reply
    shown: ShowScreen | None = None  # the reply, if it is in one language
    offered: tuple[tuple[str, int], ...] = ()  # codes of the topics in its first links, and percent

    @property
    def percent(self) -> int | None:
        """How sure the choice of the screen is; None if a fixed rule made it."""
        shares = dict(self.found.shares)
        return round(100 * shares[self.code]) if self.code in shares else None

    @property
    def near(self) -> Mapping[str, int]:
        """The codes of other screens that the sentence may mean, with their percent."""
        offered = (self.code, *dict(self.offered))
        others = [
            row for row in self.found.shares if row.code not in offered and row.share >= _NEAR
        ]
        return {code: round(100 * share) for code, share in others[:_MAX_NEAR]}

    @property
    def is_list(self) -> bool:
        """Whether the reply is a list of the topics that it offers."""
        return self.shown is not None and self.shown.is_list

    @property
    def is_cautious(self) -> bool:
        """Whether another screen is likelier, but missing this one would be worse."""
        return any(percent > (self.percent or 0) for percent in self.near.values())


def reply_reason(
    text: str, tag: str | None, screen: ScreenId | None, medium: Medium, library: Library
) -> ReplyReason | None:
    """Return why a text led to a screen; None if another text did, as in a repeated USSD page.

    `tag` is the session as the page carries it; the line may have forgotten it after an hour.
    """
    inbound, normalised = Inbound("", text), normalise_text(text, library.own_lines)
    if medium in STATELESS:  # keys are no sentence
        library = replace(library, reader=None)
    for each in dict.fromkeys((tag, None, tags.awaiting())):
        found, intent, next_tag, head, _ = turn.understand(inbound, normalised, each, library)
        if replies.screen_id(intent) == screen:
            shown = intent if isinstance(intent, ShowScreen) else None
            is_act = shown is not None and shown.code in ACTS
            code = shown.code if shown and is_act else screen.code if screen else ""
            offered = _offered_percent(shown, found, library) if shown else ()
            return ReplyReason(found, head, next_tag, code, shown, offered)
    return None


def _offered_percent(
    shown: ShowScreen, found: Interpretation, library: Library
) -> tuple[tuple[str, int], ...]:
    """Return the code of each topic that a reply offers, with the percent of all its screens."""
    topics = library.reader.topics if library.reader else {}
    shares = {
        code: sum(row.share for row in found.shares if topics.get(row.code, row.code) == code)
        for code in shown.offered
    }
    return tuple((code, round(100 * share)) for code, share in shares.items())


def screen_titles(tree: ScreenTree) -> dict[str, str]:
    """Return the code of each screen that has a title -> its English title."""
    titles = {code: title for code, (_, title) in tree.titles.items()}
    names = {contact.code: contact.name for contact in tree.content.contacts.values()}
    return {MENU: tree.content.phrases["menu"], **titles, **names}
