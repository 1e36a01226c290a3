"""USSD pages fit the phone, and break where a reader would break the text."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_line.core.library import Footer, Library
from rights_line.core.sms import count
from rights_line.core.ussd_pages import paginate, ussd_pages
from tests.support.twilio_phone import without_spaces

FOOTER = Footer("0 menu", "98 more")
THAI = "ถ้าคุณกลัวหรือถูกบังคับให้ทำงานโทรหาโรซ่าได้ตลอดเวลาไม่เสียค่าใช้จ่ายและไม่ต้องบอกชื่อของคุณ"
CHINESE = "如果您害怕或被强迫工作，请随时打电话给罗莎。免费，可以不说名字。" * 4
ARABIC = "عند الخطر: الاتصال على 112. للتحدث ليل نهار مجانًا: 22331160. تحت 18 سنة: 116111. " * 3


def fits(page: str) -> bool:
    """Return whether 160 octets hold a page: 182 septets, or 80 UTF-16 units."""
    cost = count(page)
    return cost.units <= {"GSM-7": 182, "UCS-2": 80}[cost.encoding]


def bodies(pages: Sequence[str]) -> list[str]:
    """Return the pages without their footers."""
    bare = (page.removesuffix("0 menu").removesuffix("98 more\n") for page in pages)
    return [page.removesuffix("01 <\n").strip() for page in bare]


@pytest.mark.parametrize(
    ("body", "locale"),
    [
        pytest.param("Call 112. " * 60, "en", id="sentences"),
        pytest.param("word " * 100, "en", id="words"),
        pytest.param("x" * 500, "en", id="one long word"),
        pytest.param("[]" * 300, "en", id="escaped characters"),
        pytest.param("żółw " * 100, "pl", id="Polish"),
        pytest.param(THAI * 3, "th", id="Thai"),
        pytest.param(CHINESE, "zh_Hans", id="Chinese"),
        pytest.param(ARABIC, "ar", id="Arabic"),
        pytest.param("👩‍👩‍👧‍👦" * 30, "en", id="emoji of four people"),
        pytest.param("", "en", id="empty"),
        pytest.param("short", "en", id="one short word"),
    ],
)
def test_paginate_any_script_fits_and_loses_nothing(body: str, locale: str) -> None:
    pages = paginate(body, ["1 First", "2 Second"], FOOTER, locale)
    for page in pages:
        assert fits(page)
    joined = "".join("".join(bodies(pages)).split())
    assert joined == "".join((body + "1 First2 Second").split())


def test_pages_before_the_last_offer_98_and_all_offer_0() -> None:
    *first, last = paginate("A sentence. " * 60, [], FOOTER, "en")
    assert first
    assert all(page.endswith("\n98 more\n0 menu") for page in first)
    assert last.endswith("\n0 menu")
    assert "98" not in last


def test_text_that_fits_one_page_offers_no_98() -> None:
    assert paginate("Call 112.", ["1 First"], FOOTER, "en") == ("Call 112.\n1 First\n0 menu",)


def test_page_of_several_sentences_ends_after_a_sentence() -> None:
    pages = paginate("One sentence of the text is here. " * 20, [], FOOTER, "en")
    assert all(body.endswith(".") for body in bodies(pages))


def test_sentence_longer_than_page_breaks_between_words() -> None:
    pages = paginate("lengthy " * 60, [], FOOTER, "en")
    assert all(set(body.split()) == {"lengthy"} for body in bodies(pages))


def test_phone_number_at_end_of_page_stays_whole() -> None:
    for before in range(100, 180):
        pages = paginate("x" * before + " call 22 33 11 60 now and then", [], FOOTER, "en")
        assert any("22 33 11 60" in page for page in pages), before


def test_thai_text_breaks_between_words() -> None:
    """Thai has no spaces between words; a dictionary finds them."""
    words = ["โทร", "หา", "ตำรวจ"]
    pages = paginate("".join(words) * 40, [], FOOTER, "th")
    assert len(pages) > 2
    for body in bodies(pages):
        assert any(body.endswith(word) for word in words)
        assert any(body.startswith(word) for word in words)


def test_chinese_page_never_starts_with_closing_punctuation() -> None:
    assert all(
        body[0] not in "，。、）！？" for body in bodies(paginate(CHINESE, [], FOOTER, "zh_Hans"))
    )


def test_grapheme_cluster_at_end_of_page_stays_whole() -> None:
    family = "👩‍👩‍👧‍👦"
    for body in bodies(paginate(family * 30, [], FOOTER, "en")):
        assert body == family * (len(body) // len(family))


def test_choice_stays_whole_on_a_line_of_its_own() -> None:
    choices = [f"{number} A choice of some length" for number in range(1, 20)]
    lines = [
        line for page in paginate("Call 112.", choices, FOOTER, "en") for line in page.split("\n")
    ]
    assert all(choice in lines for choice in choices)


def test_choice_longer_than_page_raises_value_error() -> None:
    with pytest.raises(ValueError, match="must fit one USSD page"):
        paginate("Call 112.", ["1 " + "x" * 200], FOOTER, "en")


@given(st.text(max_size=400), st.sampled_from(["en", "ar", "th", "zh_Hans"]))
def test_paginate_any_text_fits_and_is_repeatable(body: str, locale: str) -> None:
    pages = paginate(body, ["1 First"], FOOTER, locale)
    assert all(map(fits, pages))
    assert pages == paginate(body, ["1 First"], FOOTER, locale)


def test_ussd_pages_of_every_screen_fit(library: Library) -> None:
    """A menu has the helplines on its first page."""
    for tag, edition in library.editions.items():
        for code, screen in edition.screens.items():
            pages = ussd_pages(screen, edition)
            assert all(map(fits, pages)), (tag, code)
            if code in ("0", "?"):
                first = without_spaces(pages[0])
                assert all(number in first for number in ("112", "22331160", "116111")), (tag, code)
