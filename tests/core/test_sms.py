"""Segments and costs of SMS, as in TS 23.038 and TS 23.040; clusters stay whole."""

import os
import sys
from itertools import accumulate
from random import Random

import pytest
import regex
import smsutil
from hypothesis import given, settings
from hypothesis import strategies as st

from rights_line.core import sms
from rights_line.core.sms import (
    SEPTETS,
    Count,
    Encoding,
    count_sms,
    fold_if_fewer_segments,
    sms_encoding,
    sms_segments,
)

LONG = bool(os.environ.get("LONG"))
TEXTS = 100_000 if LONG else 500
LIMITS = {"GSM-7": (160, 153), "UCS-2": (70, 67)}
# TS 23.038 6.2.1, written out.
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "\f^{}\\[~]|€"
ALONE = "яўжកเعﷺ中ę’`\xa0𝒜𐐷😀"  # each a cluster of its own
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
EMOJI = "😀"
FOLD = {"á": "a", "ő": "o", "đ": "dj", "ț": "t"}

many = settings(max_examples=5_000 if LONG else 150, derandomize=not LONG, deadline=None)
# A run of one letter moves the rest to any border between segments.
near_borders = st.builds(
    lambda letter, run, rest: letter * run + rest,
    st.sampled_from("aя€"),
    st.integers(0, 470),
    st.text(BASIC + EXTENSION, max_size=80)
    | st.lists(st.sampled_from([*BASIC, *ALONE, *CLUSTERS.values(), FULL])).map("".join),
)
anything = st.builds(str.__add__, near_borders, st.text(st.characters(), max_size=40))


def units_of(text: str, encoding: Encoding) -> int:
    if encoding == "GSM-7":
        return len(text) + sum(map(text.count, EXTENSION))
    return len(text.encode("utf-16-be", "surrogatepass")) // 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a" * 160, Count("GSM-7", 160, 1), id="160 septets"),
        pytest.param("a" * 161, Count("GSM-7", 161, 2), id="161 septets"),
        pytest.param("a" * 306, Count("GSM-7", 306, 2), id="306 septets"),
        pytest.param("a" * 307, Count("GSM-7", 307, 3), id="307 septets"),
        pytest.param("я" * 70, Count("UCS-2", 70, 1), id="70 units"),
        pytest.param("я" * 71, Count("UCS-2", 71, 2), id="71 units"),
        pytest.param("я" * 134, Count("UCS-2", 134, 2), id="134 units"),
        pytest.param("я" * 135, Count("UCS-2", 135, 3), id="135 units"),
        pytest.param("a" * 69 + "я", Count("UCS-2", 70, 1), id="one letter makes it UCS-2"),
        pytest.param("€" * 80, Count("GSM-7", 160, 1), id="80 escape pairs"),
        pytest.param("€" * 153, Count("GSM-7", 306, 3), id="an odd septet is lost"),
        pytest.param("a" * 152 + "€" + "a" * 152, Count("GSM-7", 306, 3), id="pair on 153"),
        pytest.param("a" * 152 + "€" + "a" * 6, Count("GSM-7", 160, 1), id="pair on 153, single"),
        pytest.param(EMOJI * 67, Count("UCS-2", 134, 3), id="an odd unit is lost"),
        pytest.param("я" * 66 + EMOJI + "я" * 66, Count("UCS-2", 134, 3), id="emoji on 67"),
        pytest.param("я" * 66 + EMOJI + "я" * 2, Count("UCS-2", 70, 1), id="emoji on 67, single"),
        pytest.param("я[€", Count("UCS-2", 3, 1), id="extension characters in UCS-2"),
        pytest.param("€\r\n[]", Count("GSM-7", 8, 1), id="CR LF is two septets"),
        pytest.param("", Count("GSM-7", 0, 1), id="empty"),
        pytest.param("\ud83d", Count("UCS-2", 1, 1), id="a lone high surrogate"),
    ],
)
def test_count_of_text_is_encoding_units_and_segments(text: str, expected: Count) -> None:
    assert count_sms(text) == expected


def test_gsm7_has_127_basic_and_10_extension_characters() -> None:
    assert (len(BASIC), len(EXTENSION)) == (127, 10)
    assert dict(SEPTETS) == dict.fromkeys(BASIC, 1) | dict.fromkeys(EXTENSION, 2)
    every = map(chr, range(sys.maxunicode + 1))
    assert {one for one in every if sms_encoding(one) == "GSM-7"} == {*BASIC, *EXTENSION}


@pytest.mark.parametrize("cluster", CLUSTERS.values(), ids=CLUSTERS)
def test_cluster_across_border_moves_to_next_segment(cluster: str) -> None:
    """A cluster that ends at the border stays."""
    size = units_of(cluster, "UCS-2")
    head = "я" * (67 - size)
    assert sms_segments(head + cluster + "я" * 66) == [head + cluster, "я" * 66]
    for over in range(1, size):
        head = "я" * (67 - size + over)
        assert sms_segments(head + cluster + "я" * 9) == [head, cluster + "я" * 9], over


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("\r", "\n", id="CR LF"),
        pytest.param("🇳🇴", "🇸🇴", id="two flags"),
        pytest.param("я", "\u200e", id="a direction mark"),
        pytest.param("я\u200d", EMOJI, id="ZWJ after a letter"),
    ],
)
def test_two_clusters_at_border_are_separated(first: str, second: str) -> None:
    """The first one fills its segment."""
    head = "я" * (67 - units_of(first, "UCS-2"))
    assert sms_segments(head + first + second + "я" * 9) == [head + first, second + "я" * 9]


def test_cr_lf_at_gsm7_border_is_separated() -> None:
    assert sms_segments("a" * 152 + "\r\n" + "a" * 9) == ["a" * 152 + "\r", "\n" + "a" * 9]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("я" * 9 + FULL, ["я" * 9, FULL], id="67 units stay whole"),
        pytest.param(
            "я" * 9 + FULL + "\u0301",
            ["я" * 9 + "e" + "\u0301" * 57, "\u0301" * 10],
            id="68 units are cut, and fill the segment before",
        ),
        pytest.param(
            "e" + "\u0301" * 201,
            ["e" + "\u0301" * 66, "\u0301" * 67, "\u0301" * 67, "\u0301"],
            id="202 units",
        ),
        pytest.param(
            "👩" + "🏿" * 40, ["👩" + "🏿" * 32, "🏿" * 8], id="40 skin tones, never inside a pair"
        ),
    ],
)
def test_cluster_longer_than_segment_is_cut_between_code_points(
    text: str, expected: list[str]
) -> None:
    assert sms_segments(text) == expected


def random_text(chance: Random) -> str:
    """Return a text with length and pairs close to a segment border, and no longer cluster."""
    letters, pairs = chance.choice([(BASIC, EXTENSION), (BASIC + EXTENSION + ALONE, "𝒜𐐷😀")])
    size = chance.choice([67, 70, 134, 153, 160, 201, 306, 459]) + chance.randint(-3, 2)
    rate = chance.choice([0.05, 0.5])
    return "".join(chance.choice(pairs if chance.random() < rate else letters) for _ in range(size))


def test_segments_of_random_text_equal_those_of_smsutil() -> None:
    for seed in range(TEXTS):
        text = random_text(Random(seed))
        split = smsutil.split(text)
        cost = count_sms(text)
        assert cost.encoding == {"gsm0338": "GSM-7", "utf_16_be": "UCS-2"}[split.encoding]
        assert cost.units * (1 if cost.encoding == "GSM-7" else 2) == split.total_bytes
        assert sms_segments(text) == [part.content for part in split.parts], ascii(text)


@many
@given(anything)
def test_segments_of_any_text_fit_and_join_to_the_text(text: str) -> None:
    parts = sms_segments(text)
    cost = count_sms(text)
    single, part = LIMITS[cost.encoding]
    sizes = [units_of(piece, cost.encoding) for piece in parts]
    assert "".join(parts) == text
    assert len(parts) == cost.segments
    assert sum(sizes) == cost.units
    assert max(sizes) <= (single if len(parts) == 1 else part)
    assert all(parts) or parts == [""]


@many
@given(near_borders)
def test_segments_of_any_ucs2_text_split_no_cluster(text: str) -> None:
    """Unless it is longer than a segment."""
    if sms_encoding(text) == "GSM-7":
        return
    clusters = regex.findall(r"\r|\X", text)
    inside = {
        end - place
        for cluster, end in zip(clusters, accumulate(map(len, clusters)), strict=True)
        if units_of(cluster, "UCS-2") <= LIMITS["UCS-2"][1]
        for place in range(1, len(cluster))
    }
    assert inside.isdisjoint(accumulate(map(len, sms_segments(text))))


@pytest.mark.parametrize(
    ("text", "table", "expected"),
    [
        pytest.param("á" * 71, FOLD, "a" * 71, id="two segments to one"),
        pytest.param("a" * 305 + "á", FOLD, "a" * 306, id="five segments to two"),
        pytest.param("á" * 71 + "ж", FOLD, "á" * 71 + "ж", id="UCS-2 even when folded"),
        pytest.param("đ" * 71, FOLD, "dj" * 71, id="longer, but cheaper"),
        pytest.param("đ" * 81, FOLD, "đ" * 81, id="longer, and not cheaper"),
        pytest.param("", FOLD, "", id="empty"),
    ],
)
def test_fold_if_shorter_folds_only_to_save_a_segment(
    text: str, table: dict[str, str], expected: str
) -> None:
    assert fold_if_fewer_segments(text, table) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("‘I’ll’ `do` it´", "'I'll' 'do' it'", id="single quotes"),
        pytest.param("“a” „b“ «c»", '"a" "b" "c"', id="double quotes"),
        pytest.param("5\u20107 – 9 — \u22121", "5-7 - 9 - -1", id="dashes"),
        pytest.param("1\xa0000\u202f000…", "1 000 000...", id="spaces and an ellipsis"),
        pytest.param("\ufeffa\u200bb\u00adc", "abc", id="invisible characters"),
        pytest.param(
            "e\u0301 \u212b \u2126", "é Å Ω", id="decomposed letters and compatibility signs"
        ),
    ],
)
def test_to_plain_punctuation_replaces_typography_by_gsm7(text: str, expected: str) -> None:
    assert sms.to_punctuation(text) == expected
    assert sms_encoding(expected) == "GSM-7"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BASIC + EXTENSION, id="the alphabet"),
        pytest.param("می\u200cخواهم", id="ZWNJ"),
        pytest.param("क\u094d\u200dष", id="ZWJ"),
        pytest.param("\u200e116006", id="direction mark"),
        pytest.param("áçșłő", id="accents"),
    ],
)
def test_to_plain_punctuation_keeps_letters_and_marks_with_meaning(text: str) -> None:
    assert sms.to_punctuation(text) == text


def test_sms_module_has_no_cache() -> None:
    """A cache would keep texts that people wrote."""
    assert [name for name, value in vars(sms).items() if hasattr(value, "cache_info")] == []
