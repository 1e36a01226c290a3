"""Codes with the same meaning in every language and on every channel."""

MENU = "0"
CLOSE = "00"
LANGUAGES = "99"
NEXT = "98"  # USSD: the next page of a screen
BACK = "01"  # USSD: the page or screen before this one
UNCLEAR = "?"  # the "not understood" screen; a sender cannot send it
