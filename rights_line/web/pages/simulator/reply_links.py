"""The lines of a reply that name a code to send: "41 Pay", in a call "4 1: Pay."."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from rights_line.core.fixed_codes import BACK, NEXT
from rights_line.core.library import Library

_MOVES = (NEXT, BACK)  # between USSD pages
_CODE_LINE = re.compile(r"(\d(?: ?\d)*):? (\D.*?)\.?")
_WORD_LINE = re.compile(r"(\D+?)(?: (\d+))?")  # "HINDI 1": the same screen in another language


class ReplyLink(NamedTuple):
    """A code to send, and its label."""

    text: str
    label: str


def reply_links(text: str, library: Library) -> Iterator[ReplyLink]:
    """Yield each link of a reply, in order."""
    words = {name for row in library.languages.values() for name in (row.word, row.own_name)}
    for line in text.splitlines():
        if match := _CODE_LINE.fullmatch(line):
            code = match[1].replace(" ", "")
            if code in library.codes or code in library.numbers or code in _MOVES:
                yield ReplyLink(code, match[2])
        elif (match := _WORD_LINE.fullmatch(line)) and match[1] in words:
            yield ReplyLink(line, "")
