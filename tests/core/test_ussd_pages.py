"""USSD pages fit the phone, and break where a reader would break the text."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_line.core.library import Library
from rights_line.core.sms import count_sms
from rights_line.core.ussd_pages import Footer, Paginator
from tests.support.wording import missing_helplines

PAGINATOR = Paginator(Footer("0 menu", "98 more"))
THAI = "ถ้าคุณกลัวหรือถูกบังคับให้ทำงานโทรหาโรซ่าได้ตลอดเวลาไม่เสียค่าใช้จ่ายและไม่ต้องบอกชื่อของคุณ"
CHINESE = "如果您害怕或被强迫工作，请随时打电话给罗莎。免费，可以不说名字。" * 4
ARABIC = "عند الخطر: الاتصال على 112. للتحدث ليل نهار مجانًا: 22331160. تحت 18 سنة: 116111. " * 3


def fits(page: str) -> bool:
    """Return whether 160 octets hold a page: 182 septets, or 80 UTF-16 units."""
    cost = count_sms(page)
    return cost.units <= {"GSM-7": 182, "UCS-2": 80}[cost.encoding]


def bodies(pages: Sequence[str]) -> list[str]:
    """Return the pages without their footers."""
    bare = (page.removesuffix("0 menu").removesuffix("98 more\n") for page in pages)
    return [page.removesuffix("01 <\n").strip() for page in bare]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("Call 112. " * 60, id="sentences"),
        pytest.param("word " * 100, id="words"),
        pytest.param("x" * 500, id="one long word"),
        pytest.param("[]" * 300, id="escaped characters"),
        pytest.param("żółw " * 100, id="Polish"),
        pytest.param(THAI * 3, id="Thai"),
        pytest.param(CHINESE, id="Chinese"),
        pytest.param(ARABIC, id="Arabic"),
        pytest.param("👩‍👩‍👧‍👦" * 30, id="emoji of four people"),
        pytest.param("", id="empty"),
        pytest.param("short", id="one short word"),
    ],
)
def test_paginate_any_script_fits_and_loses_nothing(body: str) -> None:
    pages = PAGINATOR.paginate_screen(body, ["1 First", "2 Second"])
    for page in pages:
        assert fits(page)
    joined = "".join("".join(bodies(pages)).split())
    assert joined == "".join((body + "1 First2 Second").split())


def test_pages_before_the_last_offer_98_and_all_offer_0() -> None:
    *first, last = PAGINATOR.paginate_screen("A sentence. " * 60, [])
    assert first
    assert all(page.endswith("\n98 more\n0 menu") for page in first)
    assert last.endswith("\n0 menu")
    assert "98" not in last


def test_text_that_fits_one_page_offers_no_98() -> None:
    assert PAGINATOR.paginate_screen("Call 112.", ["1 First"]) == ("Call 112.\n1 First\n0 menu",)


def test_page_of_several_sentences_ends_after_a_sentence() -> None:
    pages = PAGINATOR.paginate_screen("One sentence of the text is here. " * 20, [])
    assert all(body.endswith(".") for body in bodies(pages))


@pytest.mark.parametrize("word", ["lengthy", "ตำรวจช่วยได้เมื่อมีอันตราย"], ids=["English", "Thai"])
def test_sentence_longer_than_page_breaks_between_words(word: str) -> None:
    """Thai has spaces between phrases, and none between words."""
    pages = PAGINATOR.paginate_screen(f"{word} " * 60, [])
    assert len(pages) > 2
    assert all(set(body.split()) == {word} for body in bodies(pages))


@pytest.mark.parametrize("cluster", ["ที่", "👩‍👩‍👧‍👦"], ids=["Thai marks", "a family"])
def test_cluster_at_end_of_page_stays_whole(cluster: str) -> None:
    for body in bodies(PAGINATOR.paginate_screen(cluster * 60, [])):
        assert body == cluster * (len(body) // len(cluster))


def test_phone_number_at_end_of_page_stays_whole() -> None:
    for before in range(100, 180):
        pages = PAGINATOR.paginate_screen("x" * before + " call 22 33 11 60 now and then", [])
        assert any("22 33 11 60" in page for page in pages), before


def test_page_never_starts_with_the_end_of_a_sentence() -> None:
    for before in range(140, 180):
        pages = PAGINATOR.paginate_screen("x" * before + "?!) Next.", [])
        assert all(body[0] not in "?!)" for body in bodies(pages)), before
    chinese = PAGINATOR.paginate_screen(CHINESE, [])
    assert all(body[0] not in "，。、）！？" for body in bodies(chinese))


def test_sentence_ends_not_at_abbreviation() -> None:
    pages = PAGINATOR.paginate_screen(
        "x" * 140 + ". Open kl. 9 til 15, man. og tir. each week.", []
    )
    assert bodies(pages)[1].startswith("Open kl. 9 til 15")


def test_choice_stays_whole_on_a_line_of_its_own() -> None:
    choices = [f"{number} A choice of some length" for number in range(1, 20)]
    lines = [
        line
        for page in PAGINATOR.paginate_screen("Call 112.", choices)
        for line in page.split("\n")
    ]
    assert all(choice in lines for choice in choices)


def test_choice_longer_than_page_is_split() -> None:
    """The lint names it; the line must start all the same."""
    pages = PAGINATOR.paginate_screen("Call 112.", ["1 " + "x" * 200])

    assert all(map(fits, pages))
    assert "".join(bodies(pages)).count("x") == 200


@given(st.text(max_size=400))
def test_paginate_any_text_fits_and_is_repeatable(body: str) -> None:
    pages = PAGINATOR.paginate_screen(body, ["1 First"])
    assert all(map(fits, pages))
    assert pages == PAGINATOR.paginate_screen(body, ["1 First"])


def test_ussd_pages_of_every_screen_fit_and_show_all_links(library: Library) -> None:
    """A menu has the helplines on its first page."""
    for tag, edition in library.editions.items():
        for code, screen in edition.screens.items():
            pages = screen.texts(edition.form).ussd
            shown = "\n".join(["", *pages])
            links = [line.split(" ")[0] for line in screen.links.split("\n") if line]
            assert all(map(fits, pages)), (tag, code)
            assert all(f"\n{link} " in shown for link in links), (tag, code)
            if code in ("0", "?"):
                assert missing_helplines(pages[0]) == [], (tag, code)
