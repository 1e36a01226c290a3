"""The part of the texts that a language with `texts: short` must translate."""

from rights_line.content.assembly.screen_tree import MessageKey, ScreenTree
from rights_line.core.fixed_codes import MENU, UNCLEAR

SCREENS = (MENU, UNCLEAR, "1", "11", "2", "23", "8", "81", "82", "83")
# Where a country has them; and its helplines.
CONTACTS = ("police_local", "medical", "clinic")
# Around those screens on USSD, on the phone, on web pages and on paper.
PHRASES = (
    *("next", "press", "connect"),
    *("leave", "leave_limits", "by_sms", "draft", "cost", "delete"),
)


def short_texts(tree: ScreenTree) -> set[MessageKey]:
    """Return the texts that a language with `texts: short` must translate."""
    known = tree.content.contacts
    names = (*tree.content.country.helplines, *CONTACTS)
    contacts = [known[name] for name in names if name in known]
    codes = {*SCREENS, *(contact.code for contact in contacts)}
    screens = [screen for screen in tree.screens if screen.code in codes]
    return {
        *(key for screen in screens for key in screen.body),
        *(label for screen in screens for _, label in screen.links),
        *((contact.id, contact.name) for contact in contacts),
        *map(tree.phrase_key, PHRASES),
    }
