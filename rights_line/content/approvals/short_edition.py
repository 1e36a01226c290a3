"""The part of the texts that a language with `texts: short` must translate."""

from rights_line.content.approvals.screen_approval import core_strings
from rights_line.content.assembly.screen_tree import MessageKey, ScreenTree

# How to ask for an interpreter; on web pages that it is a draft, and how to leave.
_PHRASES = ("interpreter", "draft", "leave", "leave_limits")


def short_texts(tree: ScreenTree) -> frozenset[MessageKey]:
    """Return the core, and what its reader needs before or beside it."""
    return core_strings(tree) | {*map(tree.phrase_key, _PHRASES)}
