"""Codes with the same meaning in every language and on every channel."""

MENU = "0"
DANGER = "1"
TALK = "2"  # to a person: who asks for a language gets it, unless the text names one
WANTS_TO_DIE = "12"  # of any age
TAKEN_AWAY = "13"  # by force: a minor is told of the helpline for minors first
CLOSE = "00"
LANGUAGES = "99"
OTHER_LANGUAGES = "990"  # the languages that the list has no room for
NEXT = "98"  # USSD: the next page of a screen
BACK = "01"  # USSD: the page or screen before this one
UNCLEAR = "?"  # the "not understood" screen; a sender cannot send it, nor those below
UNCLEAR_AGAIN = "??"  # the same, for a second text in a row
CHANGED = "0?"  # the menu after a change of language
# Answers to what people do besides telling a need; each is a phrase of content/phrases.yaml.
INSULT = "insult"  # is answered by the helplines alone
AFFIRM = "affirm"
ACTS = ("thanks", "go_on", "again", AFFIRM, "deny", "cannot_read", "wrong_number", INSULT)
UNHELPFUL = ("thanks", AFFIRM, "deny", "wrong_number", INSULT)  # acts whose answer names no help
NOT_SENT = (UNCLEAR, UNCLEAR_AGAIN, CHANGED, *ACTS)
