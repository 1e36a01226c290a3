"""A USSD page fits the phone, and is cut where a reader would cut it."""

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
    """Tell whether 160 octets carry a page: 182 septets, or 80 UTF-16 units."""
    cost = count(page)
    return cost.units <= {"GSM-7": 182, "UCS-2": 80}[cost.encoding]


def bodies(pages: Sequence[str]) -> list[str]:
    """Return the pages without their footers."""
    bare = (page.removesuffix("0 menu").removesuffix("98 more\n") for page in pages)
    return [page.removesuffix("01 <\n").strip() for page in bare]


@pytest.mark.parametrize(
    ("body", "locale"),
    [
        ("Call 112. " * 60, "en"),
        ("word " * 100, "en"),
        ("x" * 500, "en"),
        ("[]" * 300, "en"),
        ("żółw " * 100, "pl"),
        (THAI * 3, "th"),
        (CHINESE, "zh_Hans"),
        (ARABIC, "ar"),
        ("👩‍👩‍👧‍👦" * 30, "en"),
        ("", "en"),
        ("short", "en"),
    ],
    ids=lambda value: value[:10],
)
def test_pages_fit_and_say_everything(body: str, locale: str) -> None:
    """No page is over the limit, with its footer; nothing is lost, nothing said twice."""
    pages = paginate(body, ["1 First", "2 Second"], FOOTER, locale)
    for page in pages:
        assert fits(page)
    together = "".join("".join(bodies(pages)).split())
    assert together == "".join((body + "1 First2 Second").split())


def test_every_page_but_the_last_leads_on() -> None:
    """There is a way on where there is more, and home always."""
    *first, last = paginate("A sentence. " * 60, [], FOOTER, "en")
    assert first
    assert all(page.endswith("\n98 more\n0 menu") for page in first)
    assert last.endswith("\n0 menu")
    assert "98" not in last


def test_one_page_has_no_way_on() -> None:
    """What fits is one page."""
    assert paginate("Call 112.", ["1 First"], FOOTER, "en") == ("Call 112.\n1 First\n0 menu",)


def test_sentences_stay_whole() -> None:
    """A page ends with a sentence where there is one."""
    pages = paginate("One sentence of the text is here. " * 20, [], FOOTER, "en")
    assert all(body.endswith(".") for body in bodies(pages))


def test_words_stay_whole() -> None:
    """In a sentence longer than a page, words are kept."""
    pages = paginate("lengthy " * 60, [], FOOTER, "en")
    assert all(set(body.split()) == {"lengthy"} for body in bodies(pages))


def test_a_number_stays_whole() -> None:
    """The groups of a phone number stand on one page, wherever the page ends."""
    for before in range(100, 180):
        pages = paginate("x" * before + " call 22 33 11 60 now and then", [], FOOTER, "en")
        assert any("22 33 11 60" in page for page in pages), before


def test_thai_is_cut_between_words() -> None:
    """Thai puts no spaces; a dictionary knows where its words end."""
    words = ["โทร", "หา", "ตำรวจ"]
    pages = paginate("".join(words) * 40, [], FOOTER, "th")
    assert len(pages) > 2
    for body in bodies(pages):
        assert any(body.endswith(word) for word in words)
        assert any(body.startswith(word) for word in words)


def test_chinese_keeps_its_punctuation() -> None:
    """No Chinese page begins with a mark that closes something."""
    assert all(
        body[0] not in "，。、）！？" for body in bodies(paginate(CHINESE, [], FOOTER, "zh_Hans"))
    )


def test_clusters_stay_whole() -> None:
    """A letter is not parted from its marks, nor a family into its members."""
    family = "👩‍👩‍👧‍👦"
    for body in bodies(paginate(family * 30, [], FOOTER, "en")):
        assert body == family * (len(body) // len(family))


def test_a_choice_is_never_cut() -> None:
    """Each choice stands whole, on a line of its own."""
    choices = [f"{number} A choice of some length" for number in range(1, 20)]
    lines = [
        line for page in paginate("Call 112.", choices, FOOTER, "en") for line in page.split("\n")
    ]
    assert all(choice in lines for choice in choices)


def test_a_choice_longer_than_a_page_is_an_error() -> None:
    """It could not be shown: whoever wrote it must know."""
    with pytest.raises(ValueError, match="must fit one USSD page"):
        paginate("Call 112.", ["1 " + "x" * 200], FOOTER, "en")


@given(st.text(max_size=400), st.sampled_from(["en", "ar", "th", "zh_Hans"]))
def test_any_text_is_cut_into_pages_that_fit(body: str, locale: str) -> None:
    """Whatever is said fits, the same way each time."""
    pages = paginate(body, ["1 First"], FOOTER, locale)
    assert all(map(fits, pages))
    assert pages == paginate(body, ["1 First"], FOOTER, locale)


def test_every_real_screen_is_cut_into_pages_that_fit(library: Library) -> None:
    """Every screen of every language goes through USSD; a menu has the helplines on page one."""
    for tag, edition in library.editions.items():
        for code, screen in edition.screens.items():
            pages = ussd_pages(screen, edition)
            assert all(map(fits, pages)), (tag, code)
            if code in ("0", "?"):
                first = without_spaces(pages[0])
                assert all(number in first for number in ("112", "22331160", "116111")), (tag, code)
