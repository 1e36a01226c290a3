"""Codes with the same meaning in every language and on every channel."""

MENU = "0"
CLOSE = "00"
LANGUAGES = "99"
OTHER_LANGUAGES = "990"  # the languages that the list has no room for
NEXT = "98"  # USSD: the next page of a screen
BACK = "01"  # USSD: the page or screen before this one
UNCLEAR = "?"  # the "not understood" screen; a sender cannot send it
