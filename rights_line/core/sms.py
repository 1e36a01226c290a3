"""Cost of a text as SMS: encoding, length in units, and segments.

Rules: 3GPP TS 23.038 section 6.2.1 (the alphabet) and TS 23.040 section 9.2.3.24.1 (an escape pair
and a UCS-2 character are never split). Grapheme clusters are not split either, as on Android.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import gsm0338
import regex

Encoding = Literal["GSM-7", "UCS-2"]

# Units in a single message, and in each segment of a longer one: septets, or UTF-16 code units.
LIMITS: Mapping[Encoding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}

# Typographic characters -> GSM-7. One of them would make a whole text UCS-2.
PLAIN_PUNCTUATION: Mapping[int, str] = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`ʼ", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f", " "),
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff", ""),
        **{"…": "...", "•": "-", "·": "-", "×": "x"},
    }
)

ASSUMED_PRICE = Decimal("0.65")  # NOK a segment (docs/capacity.md); nobody has a contract yet

_CLUSTER = regex.compile(r"\r|\X")  # \X keeps CR LF together; segments may split it
_FIRST_COMBINING = "\u0300"  # every character before it is a grapheme cluster of its own


def _gsm7_septets() -> dict[str, int]:
    """Return the characters of GSM-7 with their cost in septets.

    ESC is left out, though the codec maps it: followed by "e", for example, a phone reads it as a
    euro sign.
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


SEPTETS: Mapping[str, int] = _gsm7_septets()
_GSM7 = re.compile(f"[{re.escape(''.join(SEPTETS))}]*")
_ESCAPED = re.compile(f"[{re.escape(''.join(key for key in SEPTETS if SEPTETS[key] > 1))}]")


@dataclass(frozen=True)
class Count:
    """The cost of a text. Units are septets (GSM-7) or UTF-16 code units (UCS-2)."""

    encoding: Encoding
    units: int
    segments: int


def count_sms(text: str) -> Count:
    """Return the cost of a text. An empty text costs one segment."""
    encoding = sms_encoding(text)
    return Count(encoding, sms_units(text, encoding), len(sms_segments(text)))


def sms_encoding(text: str) -> Encoding:
    """Return the encoding that a text needs: UCS-2 if any character is outside GSM-7."""
    return "GSM-7" if _GSM7.fullmatch(text) else "UCS-2"


def sms_units(text: str, encoding: Encoding) -> int:
    """Return the length of a text in septets, or in UTF-16 code units."""
    if encoding == "GSM-7":
        return len(text) + len(_ESCAPED.findall(text))
    return _utf16_units(text)


def sms_segments(text: str) -> list[str]:
    """Split a text into SMS segments. Joined, they give the text again."""
    encoding = sms_encoding(text)
    single, part = LIMITS[encoding]
    length = sms_units(text, encoding)
    if length <= single:
        return [text]
    if length == len(text) and (encoding == "GSM-7" or max(text) < _FIRST_COMBINING):
        return [text[start : start + part] for start in range(0, length, part)]
    if encoding == "GSM-7":
        return _split_into_segments(text, SEPTETS.__getitem__, part)
    cost_of = len if length == len(text) else _utf16_units  # each letter of each reply is counted
    return _split_into_segments(_clusters(text, cost_of, part), cost_of, part)


def fold_if_fewer_segments(text: str, table: Mapping[str, str]) -> str:
    """Return the text with its letters replaced by the table, if that saves a segment."""
    if not table:
        return text
    folded = replace_sms_letters(text, table)
    return folded if len(sms_segments(folded)) < len(sms_segments(text)) else text


def replace_sms_letters(text: str, table: Mapping[str, str]) -> str:
    """Replace each character that the table maps."""
    return text.translate({ord(character): other for character, other in table.items()})


def to_punctuation(text: str) -> str:
    """Replace typographic characters by GSM-7 ones, and compose the text (NFC)."""
    return unicodedata.normalize("NFC", text.translate(PLAIN_PUNCTUATION))


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _split_into_segments(
    clusters: Iterable[str], cost_of: Callable[[str], int], size: int
) -> list[str]:
    filled = [""]
    room = size
    for cluster in clusters:
        cost = cost_of(cluster)
        if cost > room:
            filled.append("")
            room = size
        filled[-1] += cluster
        room -= cost
    return filled


def _clusters(text: str, cost_of: Callable[[str], int], size: int) -> Iterator[str]:
    """Yield the grapheme clusters, which stay whole.

    One longer than a segment is split into its characters.
    """
    for cluster in _CLUSTER.findall(text):
        if cost_of(cluster) <= size:
            yield cluster
        else:
            yield from cluster
