"""The phone to try it on: the same answers, what they cost, whose words they are, who may ask."""

import html
import itertools
import json
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from rights_line.content.languages import SOURCE
from rights_line.content.loader import ContentSources
from rights_line.content.screen_tree import ScreenTree
from rights_line.core import sms, ussd_pages
from rights_line.core.library import MULTILINGUAL, Library
from rights_line.core.opening_hours import OSLO
from rights_line.editorial.approve import approve
from rights_line.web.app import create_app
from rights_line.web.pages.simulator_turn import replace_non_latin
from rights_line.web.pages.tracing import Tracer
from tests.support import twilio_phone
from tests.support.clock import TUESDAY
from tests.support.log import written

ENVIRON = {"CHANNELS": "try_it", "RIGHTS_LINE_SERVE": "drafts"}
_people = itertools.count()
SUNDAY = datetime(2026, 11, 22, 3, 0, tzinfo=OSLO)  # every helpline with hours is closed


@pytest.fixture(scope="module")
def phone() -> FlaskClient:
    """The line with the phone to try it on."""
    return create_app(ENVIRON).test_client()


@pytest.fixture(scope="module")
def tracer(sources: ContentSources) -> Tracer:
    """Every string of the real content."""
    return Tracer(sources)


def sent(phone: FlaskClient, *texts: str, **more: str) -> str:
    """Send something as somebody new, and return the page."""
    somebody = f"test {next(_people)}"
    answer = phone.post("/try", data={"text": list(texts), "from": somebody, **more})
    assert answer.status_code == 200
    return answer.text


def segments(page: str) -> list[str]:
    """Return what a page's bubble says, cut where its borders are."""
    parts = re.findall(r'<span class="segment">(.*?)</span>', page, re.DOTALL)
    return [html.unescape(part) for part in parts]


def words(page: str, kind: str) -> str:
    """Return what can be read in the paragraphs of a kind."""
    found = re.findall(rf'<p class="{kind}[^>]*>(.*?)</p>', page, re.DOTALL)
    return " ".join(html.unescape(re.sub("<[^>]*>", "", " ".join(found))).split())


def hidden(page: str) -> dict[str, list[str]]:
    """Return what a page carries for the next answer."""
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page):
        fields.setdefault(name, []).append(html.unescape(value))
    return fields


def test_it_is_off_unless_its_gateway_is_there() -> None:
    """A line with other gateways has no such page, and says the helplines in its place."""
    other = create_app(twilio_phone.ENVIRON).test_client()
    for answer in (other.get("/try"), other.post("/try", data={"text": "hei"})):
        assert answer.status_code == 404
        assert "112" in answer.text


def test_every_screen_is_as_it_is_sent(phone: FlaskClient, library: Library) -> None:
    """Each language's menu and a topic: the text, its segments and its price, byte for byte."""
    for tag, edition in library.editions.items():
        for code in ("0", "4"):
            page = sent(phone, f"{edition.language.word} {code}", price="0,50")
            text = "".join(segments(page))
            cost = sms.count(text)

            assert text == edition.screens[code].sms_text(
                TUESDAY, frozenset(), edition.language.fold
            )
            assert segments(page) == sms.segments(text)
            assert f"{cost.encoding}, {cost.units} " in words(page, "measure")
            assert f"{cost.segments} × 0.50 = {cost.segments * 0.5:.2f}" in words(page, "measure")
            assert words(page, "preview") == text.split("\n")[0][:60].strip()
            language = edition.screens[code].language
            assert f'<div class="got" lang="{language}"' in page, (tag, code)


@pytest.mark.parametrize(
    ("price", "shown"),
    [
        *(("1", "2 × 1 = 2"), (" 0.8 ", "2 × 0.8 = 1.6"), ("0", "2 × 0 = 0")),
        *((price, "") for price in ("", "x", "-1", "nan", "inf", "1e99", "0.8.0", "<b>")),
    ],
)
def test_a_price_is_a_number(phone: FlaskClient, price: str, shown: str) -> None:
    """What is no price is no reason to break: the answer is shown without one."""
    page = sent(phone, "POLSKI", price=price)

    assert "112" in "".join(segments(page))
    assert words(page, "measure").partition("price: ")[2] == shown


def test_a_session_is_dialled_on(phone: FlaskClient, library: Library) -> None:
    """USSD: the page carries what was keyed; each page fits, and after 00 it begins anew."""
    texts: list[str] = []
    for key, begins in (("", "Norge"), ("9", "Niebezp"), ("4", "Praca"), ("98", "Ponizej")):
        page = sent(phone, *texts, key, medium="ussd")
        (text,) = segments(page)
        texts = hidden(page).get("text", [])

        assert text.startswith(begins)
        assert ussd_pages.fits(text)
    assert texts == ["9", "4", "98"]
    page = sent(phone, *texts, "00", medium="ussd")
    assert segments(page) == [library.goodbye]
    assert "text" not in hidden(page)
    assert "The end" in words(page, "measure")


def test_a_call_is_read(phone: FlaskClient, library: Library) -> None:
    """A call: what would be said, and by whom; language and place go with the page."""
    first = sent(phone, "", medium="voice")
    menu = sent(phone, "9", medium="voice", **one_each(hidden(first)))
    work = sent(phone, "4", medium="voice", **one_each(hidden(menu)))
    again = sent(phone, "*", medium="voice", **one_each(hidden(work)))

    assert segments(first)[0].startswith("Ved fare, ring 1 1 2.")
    screens = library.editions["pl"].speech.screens
    for page, code in ((menu, "0"), (work, "4"), (again, "4")):
        assert segments(page)[0].startswith(screens[code].body)
        assert words(page, "measure").endswith(library.languages["pl"].voice)
    assert (hidden(again)["tag"], hidden(again)["place"]) == (["pl"], ["4"])


def one_each(fields: dict[str, list[str]]) -> dict[str, str]:
    """Return what a page carries, besides who asks."""
    return {name: values[0] for name, values in fields.items() if name != "from"}


def test_each_visitor_is_somebody_else(phone: FlaskClient) -> None:
    """Two open pages are two people; an answer keeps its page's."""
    one, other = (hidden(phone.get("/try").text)["from"] for _ in "12")

    assert one != other
    page = sent(phone, "POLSKI", **{"from": one[0]})
    assert hidden(page)["from"] == one
    assert segments(sent(phone, "4", **{"from": one[0]}))[0].startswith("Praca")
    assert segments(sent(phone, "4", **{"from": other[0]}))[0].startswith("Norge")


def test_no_answer_is_shown_as_none(phone: FlaskClient) -> None:
    """STOP is answered by the provider, not by us."""
    page = sent(phone, "STOP")

    assert segments(page) == []
    assert "No answer" in words(page, "measure")


def test_what_is_written_stays_text(phone: FlaskClient) -> None:
    """Whatever is typed is shown as it is, and is no part of the page."""
    nasty = "<script>alert(1)</script>\"'&"
    page = sent(phone, nasty, price=nasty, **{"from": nasty})

    assert "<script>alert" not in page
    assert words(page, "sent") == nasty
    assert hidden(page)["from"] == [nasty]


def test_what_cannot_be_read_is_answered_with_the_helplines(
    phone: FlaskClient, library: Library
) -> None:
    """A way that there is none of, and a session longer than any: the last resort, and no error."""
    for form in ({"medium": "pigeon"}, {"medium": "ussd", "text": "4" * 3000}):
        assert phone.post("/try", data=form).status_code == 200
        assert "".join(segments(phone.post("/try", data=form).text)) == library.fallback
    assert phone.post("/try", data={"text": "x" * 20_000}).status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_no_other_site_asks(phone: FlaskClient, headers: dict[str, str], status: int) -> None:
    """A page of another site gets nothing, at either address."""
    for path in ("/try", "/inbound/try_it"):
        assert phone.post(path, data={"text": "hei"}, headers=headers).status_code == status


def test_who_tries_it_takes_no_answer_from_anybody(library: Library) -> None:
    """However much is tried, by whoever finds the page, a person is answered in full."""
    most = 3
    environ = {**twilio_phone.ENVIRON, "CHANNELS": "twilio_sms,try_it"}
    client = create_app({**environ, "RIGHTS_LINE_HOURLY": str(most)}).test_client()
    for number in range(2 * most):
        for path in ("/try", "/inbound/try_it"):
            client.post(path, data={"text": "hei", "from": f"somebody {number}"})

    answer = client.post(**twilio_phone.request(twilio_phone.fields("hei")))
    assert library.start in ElementTree.fromstring(answer.text).itertext()


def test_nothing_of_it_is_logged(phone: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    """The log has the event that every gateway's request has, one for the page, and no more."""
    sent(phone, "mittolonn sitrongul", price="77")

    out, err = written(capfd)
    rows = [json.loads(line) for line in err.splitlines()]
    for row in rows:
        del row["ms"]
    assert rows == [
        {"event": "inbound", "channel": "try_it", "outcome": "answered"},
        {"event": "page", "channel": "web", "outcome": "answered"},
    ]
    assert out == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Call 112, 22 33 11 60", "Call 112, 22 33 11 60"),
        ("Ștefan, żółw, Đặng, ÆØÅ", "Ștefan, żółw, Đặng, ÆØÅ"),
        ("Работа 4", "□□□□□□ 4"),
        ("العمل 4\n0 القائمة", "□□□□□ 4\n0 □□□□□□□"),
        ("ሓደጋ።", "□□□□"),
        ("工作 100 €", "□□ 100 €"),
        ("ที่", "□□□"),
    ],
)
def test_a_phone_without_the_letters(text: str, shown: str) -> None:
    """All but Latin letters is boxes; digits and all of GSM-7 stay."""
    assert replace_non_latin(text) == shown


def test_boxes_change_what_is_seen_and_not_what_it_costs(phone: FlaskClient) -> None:
    """The bubble and the locked screen have boxes; the borders and the units are as they were."""
    plain, boxes = sent(phone, "RUSSKI"), sent(phone, "RUSSKI", boxes="yes")

    assert list(map(replace_non_latin, segments(plain))) == segments(boxes)
    assert words(plain, "measure") == words(boxes, "measure")
    assert "□" in words(boxes, "preview")


def named(strings: Iterable[Any]) -> set[tuple[str, str]]:
    """Return the msgctxt and msgid of strings."""
    return {(string.context, string.message) for string in strings}


@pytest.mark.parametrize("now", [TUESDAY, SUNDAY], ids=["open", "closed"])
def test_every_string_of_an_answer_is_named(
    tracer: Tracer, library: Library, sources: ContentSources, now: datetime
) -> None:
    """Each screen of each language is made of the strings that a translator finds in the files."""
    outline = ScreenTree(sources.content)
    for tag, edition in library.editions.items():
        for page in outline.screens:
            screen = edition.screens[page.code]
            text = screen.sms_text(now, library.holidays, edition.language.fold)
            strings = tracer.strings(text)
            of_notices = {string for string in strings if string.context in ("closed", "holiday")}
            helplines = {("helplines", outline.content.phrases["helplines"])}
            before = helplines if screen.language != tag else set()
            wanted = {*page.body, *(label for _, label in page.links), *before}

            assert named(set(strings) - of_notices) == wanted, (tag, page.code)
            assert bool(of_notices) == bool(screen.closed_notices(now, library.holidays)), (
                tag,
                page.code,
            )
            assert {string.language for string in strings} <= {tag, screen.language}, page.code


def test_pages_and_speech_name_the_same_strings(
    tracer: Tracer, library: Library, sources: ContentSources
) -> None:
    """A USSD page is a piece of a text, and a voice says numbers otherwise: it is the same text."""
    outline = ScreenTree(sources.content)
    work = next(page for page in outline.screens if page.code == "4")
    for tag in ("pl", "ru", "ar", "th"):
        edition = library.editions[tag]
        wanted = {*work.body, *(label for _, label in work.links)}
        by_page = [
            named(tracer.strings(page))
            for page in ussd_pages.ussd_pages(edition.screens["4"], edition)
        ]
        assert set().union(*by_page) == wanted | {("next", outline.content.phrases["next"])}
        if tag in ("pl", "ru"):
            spoken = edition.speech.screens["4"]
            assert named(tracer.strings(f"{spoken.body}\n{spoken.links}")) == wanted


def test_what_is_the_same_in_every_language_is_named_so(tracer: Tracer, library: Library) -> None:
    """The first answer belongs to no translation."""
    strings = tracer.strings(library.start)

    assert {string.context for string in strings} == {"start", "start_reply"}
    assert {(string.language, string.is_approved) for string in strings} == {(MULTILINGUAL, None)}


def test_a_string_says_where_it_is_written(tracer: Tracer, library: Library) -> None:
    """The line of the English text begins there, and the catalog holds the translation."""
    root = Path(__file__).parent.parent.parent
    for tag in ("pl", SOURCE):
        for string in tracer.strings(library.editions[tag].screens["4"].body):
            place, *catalog = string.places
            file, _, line = place.partition(":")
            below = (root / file).read_text(encoding="utf-8").splitlines()[int(line) - 1 :]
            assert string.message[:20] in " ".join(below[:2])
            assert bool(catalog) == (tag != SOURCE)
            for path in catalog:
                assert string.text[:30] in (root / path).read_text(encoding="utf-8")


def test_a_string_that_was_read_is_approved(folder: Path) -> None:
    """What a reviewer has read is marked so, and what is beside it is still a draft."""
    reading = {"role": "native_reader", "by": "AB", "on": TUESDAY.date()}
    approve(ContentSources(folder), folder, "pl", reading, ["danger"])
    now = ContentSources(folder)
    source = now.languages["pl"]
    title = now.content.topics["danger"].title
    other = now.content.topics["work"].title
    lines = [f"1 {source.translate('danger', title)}", f"4 {source.translate('work', other)}"]

    strings = Tracer(now).strings("\n".join(lines))
    states = {string.context: string.is_approved for string in strings}
    assert states == {"danger": True, "work": False}


def test_the_page_gives_a_reviewer_what_to_quote(phone: FlaskClient) -> None:
    """msgctxt, msgid, the translation, its state and its file stand below the answer."""
    page = html.unescape(sent(phone, "POLSKI 41"))

    assert "<code>work</code>" in page
    assert "locales/pl/LC_MESSAGES/messages.po" in page
    assert re.search(r"<code>content/topics/work\.yaml:\d+ ", page)
    assert '<p class="state draft">' in page
