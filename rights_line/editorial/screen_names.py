"""The names of screens for people who do not know their codes: titles, and names in a sentence."""

from rights_line.content.assembly.pages import headings
from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.core.fixed_codes import CHANGED, INSULT, MENU, NOT_SENT, UNCLEAR, UNCLEAR_AGAIN

# Screens that nobody can ask for by a code, in the words of a reader.
NOT_SENT_TITLES = {
    UNCLEAR: "not understood",
    UNCLEAR_AGAIN: "not understood again",
    CHANGED: "menu after a change of language",
    "thanks": "answer to: thanks",
    "go_on": "answer to: what now?",
    "again": "answer to: I do not understand",
    "affirm": "answer to: yes",
    "deny": "answer to: no",
    "cannot_read": "answer to: I cannot read",
    "wrong_number": "answer to: wrong number",
    INSULT: "answer to: an insult",
}


def name(code: str) -> str:
    """Return the name of a screen in a sentence: the code, if one can send it."""
    return f"“{NOT_SENT_TITLES[code]}”" if code in NOT_SENT else code


def titles(tree: ScreenTree) -> dict[str, str]:
    """Return code -> English title; an untitled passage is named after its topic."""
    found = {code: title for code, (_, title) in headings(tree).items()}
    return {MENU: tree.content.phrases["menu"], **NOT_SENT_TITLES, **found}
