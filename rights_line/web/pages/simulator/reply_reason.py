"""Why a message got its reply: the evidence of `rights-line explain`, for people."""

from collections.abc import Mapping
from typing import NamedTuple

from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.core import tags
from rights_line.core.conversation import (
    reply_head,
    resolve_reply_intent,
    screen_id_of_reply,
)
from rights_line.core.fixed_codes import MENU
from rights_line.core.library import Head, Library
from rights_line.core.messages import ScreenId
from rights_line.core.understanding.interpret import interpret
from rights_line.core.understanding.interpretation import Interpretation
from rights_line.core.understanding.language.letters import tag_with_letters
from rights_line.core.understanding.text.normalised_text import normalise_text

_NEAR = 0.01  # share from which another screen is named ...
_MAX_NEAR = 3  # ... and how many of them


class ReplyReason(NamedTuple):
    """Why a message got its reply, and the session after it."""

    found: Interpretation
    head: Head
    next_tag: str | None
    code: str = ""  # of the screen; empty for a question or no reply

    @property
    def percent(self) -> int | None:
        """How sure the choice of the screen is; None if a fixed rule made it."""
        shares = dict(self.found.shares)
        return round(100 * shares[self.code]) if self.code in shares else None

    @property
    def near(self) -> Mapping[str, int]:
        """The codes of other screens that the sentence may mean, with their percent."""
        others = [row for row in self.found.shares if row.code != self.code and row.share >= _NEAR]
        return {code: round(100 * share) for code, share in others[:_MAX_NEAR]}

    @property
    def is_cautious(self) -> bool:
        """Whether another screen is likelier, but missing this one would be worse."""
        return any(percent > (self.percent or 0) for percent in self.near.values())


def reply_reason(
    text: str, tag: str | None, screen: ScreenId | None, library: Library
) -> ReplyReason | None:
    """Return why a text led to a screen; None if another text did, as in a repeated USSD page.

    `tag` is the session as the page carries it; the line may have forgotten it after an hour.
    """
    normalised = normalise_text(text, library.own_lines)
    for each in dict.fromkeys((tag, None, tags.awaiting())):
        found = interpret(normalised, each, library)
        reply_intent, next_tag = resolve_reply_intent(found.intent, each, library)
        if screen_id_of_reply(reply_intent) == screen:
            head = reply_head(found, reply_intent, each, library)
            next_tag = tag_with_letters(next_tag, normalised, each, library)
            return ReplyReason(found, head, next_tag, screen.code if screen else "")
    return None


def screen_titles(tree: ScreenTree) -> dict[str, str]:
    """Return the code of each screen that has a title -> its English title."""
    titles = {code: title for code, (_, title) in tree.titles.items()}
    names = {contact.code: contact.name for contact in tree.content.contacts.values()}
    return {MENU: tree.content.phrases["menu"], **titles, **names}
