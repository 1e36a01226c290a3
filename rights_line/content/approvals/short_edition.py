"""The part of the texts that a language with `texts: short` must translate."""

from rights_line.content.approvals.screen_approval import core_strings
from rights_line.content.assembly.screen_tree import MessageKey, ScreenTree


def short_texts(tree: ScreenTree) -> frozenset[MessageKey]:
    """Return the core, and how to ask for an interpreter."""
    return core_strings(tree) | {tree.phrase_key("interpreter")}
