"""A slow second SMS counter, written from the rules; it shares only types with the product.

Alphabet: TS 23.038 6.2.1, written out. Clusters: UAX #29 of Unicode 18, over the few code
points that the tests use. Segments: every way to split is compared; no greedy filling.
"""

import math
import os
import re
from collections.abc import Iterator
from itertools import accumulate
from random import Random

from rights_line.core.sms import Count, Encoding

LONG = bool(os.environ.get("LONG"))
TEXTS = 100_000 if LONG else 500
LIMITS = {"GSM-7": (160, 153), "UCS-2": (70, 67)}
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"

# Code points by class of UAX #29, one letter a class; all others are ordinary letters, ".".
KINDS = {
    "C": "\n\r\f\t\x00\x1b\u200b\u200e\ufeff",  # control: stands alone
    "E": "\u0301\u0323\u064e\u093c\u0e31\u0e49\ufe0f\u20e3🏻🏿\U000e0067\U000e007f",  # extends
    "K": "\u094d\u09cd",  # virama: extends, and links consonants
    "N": "\u200c",  # ZWNJ: extends, but parts a conjunct
    "Z": "\u200d",  # ZWJ
    "S": "\u093e\u093f\u0e33",  # spacing mark
    "P": "\u0600",  # comes before what it belongs to
    "R": "🇳🇴🇸",  # halves of flags
    "I": "👩👧❤🏳🏴🌈😀☎",  # pictographs
    "D": "कषগর",  # consonants that make conjuncts
    "L": "\u1112",
    "V": "\u1161",
    "T": "\u11ab",
    "W": "\ud558",  # L and V
    "X": "\ud55c",  # L, V and T
}
LETTERS = "яўжกเعﷺ中ę’`\xa0\ud83d"
ASTRAL = "𝒜𐐷😀"
ODD = "".join(KINDS.values()) + LETTERS + ASTRAL
CLUSTERS = {
    "skin tone": "👩🏿",
    "ZWJ family": "👩\u200d👩\u200d👧",
    "rainbow flag": "🏳\ufe0f\u200d🌈",
    "country flag": "🇳🇴",
    "tag flag": "🏴\U000e0067\U000e007f",
    "keycap": "1\ufe0f\u20e3",
    "combining marks": "e\u0323\u0301",
    "Thai vowel and tone": "ก\u0e31\u0e49",
    "Thai sara am": "ก\u0e33",
    "Arabic vowel": "ع\u064e",
    "Devanagari conjunct": "क\u094dष\u093f",
    "Bangla conjunct": "গ\u09cdর",
    "Hangul letters": "\u1112\u1161\u11ab",
    "mark on an astral letter": "𝒜\u0301",
}
FULL = "e" + "\u0301" * 66  # a cluster that fills a segment

_KIND = {character: kind for kind, characters in KINDS.items() for character in characters}
_CLUSTER = re.compile(
    r"C|P*(?:L*(?:V+|WV*|X)T*|L+|T+|RR|I(?:[EKN]*ZI)+|K[EZ]*D|[^C])"
    r"(?:[EKNZS]*K[EZ]*D)*[EKNZS]*"
)


def clusters(text: str) -> Iterator[str]:
    """Yield the grapheme clusters of a text made of the code points above; CR LF is two."""
    kinds = "".join(_KIND.get(character, ".") for character in text)
    return (text[found.start() : found.end()] for found in _CLUSTER.finditer(kinds))


def encoding_by_rule(text: str) -> Encoding:
    return "GSM-7" if all(character in BASIC + EXTENSION for character in text) else "UCS-2"


def lengths(text: str, encoding: Encoding) -> list[int]:
    """Return the length of each character: septets, or 16-bit units."""
    if encoding == "GSM-7":
        return [1 + (character in EXTENSION) for character in text]
    return [len(character.encode("utf-16-be", "surrogatepass")) // 2 for character in text]


def slow_count(text: str) -> Count:
    """Return the cost of the cheapest way to split a text."""
    encoding = encoding_by_rule(text)
    single, part = LIMITS[encoding]
    ends = [0, *accumulate(lengths(text, encoding))]
    if ends[-1] <= single:
        return Count(encoding, ends[-1], 1)
    may_end = cuts(text)
    fewest = [0.0]
    start = 0
    for end in range(1, len(ends)):
        while ends[end] - ends[start] > part:
            start += 1
        fewest.append(1 + min(fewest[start:]) if end in may_end else math.inf)
    return Count(encoding, ends[-1], int(fewest[-1]))


def cuts(text: str) -> set[int]:
    """Return where a segment may end: after a character, but in UCS-2 not inside a cluster."""
    if encoding_by_rule(text) == "GSM-7":
        return set(range(len(text) + 1))
    ends = {0}
    for cluster in clusters(text):
        begin, end = max(ends), max(ends) + len(cluster)
        too_long = sum(lengths(cluster, "UCS-2")) > LIMITS["UCS-2"][1]
        ends |= set(range(begin, end + 1)) if too_long else {end}
    return ends


def random_text(chance: Random) -> str:
    """Return a text with length and odd characters close to a segment border."""
    encoding: Encoding = "GSM-7" if chance.random() < 0.4 else "UCS-2"
    if encoding == "GSM-7":
        common, rare = BASIC, [*EXTENSION]
        target = chance.choice([153, 160, 306, 306, 459, 459]) + chance.randint(-3, 2)
    else:
        common = BASIC + EXTENSION + LETTERS
        rare = chance.choice([[*ASTRAL], [*ODD, *CLUSTERS.values(), FULL, FULL + "\u0323"]])
        target = chance.choice([67, 70, 134, 134, 201, 201]) + chance.randint(-3, 2)
    part = LIMITS[encoding][1]
    rate = chance.choice([0, 0.05, 0.5])
    text, units = "", 0
    while units < target:
        near_border = units % part > part - 5
        piece = chance.choice(rare if chance.random() < (0.7 if near_border else rate) else common)
        text += piece
        units += sum(lengths(piece, encoding))
    return text
