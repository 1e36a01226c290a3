"""What a text costs as SMS: its encoding, its units, and where it is cut into segments.

Rules: 3GPP TS 23.038 section 6.2.1 (the alphabet) and TS 23.040 section 9.2.3.24.1 (an escape pair
and a UCS-2 character are never split). A grapheme cluster is kept whole too, as Android does.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import gsm0338
import regex

Encoding = Literal["GSM-7", "UCS-2"]

# (units in a single message, units in each segment of a longer one): septets, or UTF-16 code units.
LIMITS: Mapping[Encoding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}

# What word processors put in, and what a phone's keyboard has. One of them makes a text UCS-2.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`ʼ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f", " "),
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
        **{"…": "...", "•": "-", "·": "-", "×": "x"},
    }
)

_CLUSTER = regex.compile(r"\r|\X")  # CR LF is two characters on the air


def _septets() -> dict[str, int]:
    """Return every character of GSM-7 with its cost in septets.

    The codec also maps a bare ESC, which is no character of the alphabet: followed by "e" it is
    read as a euro sign.
    """
    codec = gsm0338.Codec()
    codes = [bytes([code]) for code in range(128) if code != 0x1B]
    escaped = [b"\x1b" + code for code in codes]
    decoded = {code: codec.decode(code, "replace")[0] for code in codes + escaped}
    return {
        character: len(code)
        for code, character in decoded.items()
        if codec.encode(character, "replace")[0] == code
    }


SEPTETS: Mapping[str, int] = _septets()


@dataclass(frozen=True)
class Count:
    """What a text costs: units are septets (GSM-7) or UTF-16 code units (UCS-2)."""

    encoding: Encoding
    units: int
    segments: int


def count(text: str) -> Count:
    """Return what a text costs. An empty text is one segment: a message with nothing in it."""
    encoding = encoding_of(text)
    return Count(encoding, sum(_costs(text, encoding)), len(segments(text)))


def encoding_of(text: str) -> Encoding:
    """Return the encoding a text needs: one character outside GSM-7 makes it UCS-2."""
    return "GSM-7" if SEPTETS.keys() >= set(text) else "UCS-2"


def segments(text: str) -> list[str]:
    """Cut a text into its SMS segments; joined, they are the text again."""
    encoding = encoding_of(text)
    single, part = LIMITS[encoding]
    if sum(_costs(text, encoding)) <= single:
        return [text]
    return _split(_clusters(text, encoding, part), encoding, part)


def fold_if_shorter(text: str, table: Mapping[str, str]) -> str:
    """Return the text with its accents folded by the table, if that saves at least one segment."""
    if not table:
        return text
    plain = replace_letters(text, table)
    return plain if len(segments(plain)) < len(segments(text)) else text


def replace_letters(text: str, table: Mapping[str, str]) -> str:
    """Return the text with each letter as the table has it."""
    return "".join(table.get(character, character) for character in text)


def to_plain_punctuation(text: str) -> str:
    """Return the text with typographic characters as GSM-7 has them, composed (NFC)."""
    return unicodedata.normalize("NFC", text.translate(_PLAIN))


def _split(atoms: Iterator[str], encoding: Encoding, size: int) -> list[str]:
    filled = [""]
    room = size
    for atom in atoms:
        cost = sum(_costs(atom, encoding))
        if cost > room:
            filled.append("")
            room = size
        filled[-1] += atom
        room -= cost
    return filled


def _clusters(text: str, encoding: Encoding, size: int) -> Iterator[str]:
    """Yield what is kept whole: a GSM-7 character, or a grapheme cluster that fits a segment."""
    if encoding == "GSM-7":
        yield from text
        return
    for cluster in _CLUSTER.findall(text):
        if sum(_costs(cluster, encoding)) <= size:
            yield cluster
        else:
            yield from cluster


def _costs(text: str, encoding: Encoding) -> Iterator[int]:
    if encoding == "GSM-7":
        return (SEPTETS[character] for character in text)
    return (2 if character > "\uffff" else 1 for character in text)
