"""The simulator at /try: replies, cost, the source of each string, and who may use it."""

import html
import itertools
import json
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from rights_line.clock import OSLO
from rights_line.content.assembly.library_builder import build_library
from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.content.files.languages import ENGLISH
from rights_line.content.loader import ContentSources
from rights_line.content.site import Site
from rights_line.core import sms, ussd_pages
from rights_line.core.fixed_codes import MENU
from rights_line.core.library import MULTILINGUAL, Library, lock_screen_preview
from rights_line.core.messages import Medium, ScreenId
from rights_line.core.sms import ASSUMED_PRICE
from rights_line.editorial.approve import Chosen, approve_strings
from rights_line.web.app import create_app
from rights_line.web.pages.simulator.screen_strings import ScreenString, ScreenStrings
from rights_line.web.pages.simulator.simulator_turn import simulate_missing_fonts
from tests.support import twilio_phone
from tests.support.clock import TUESDAY
from tests.support.log import written
from tests.support.worlds import texts_at

ENVIRON = {"CHANNELS": "try_it", "RIGHTS_LINE_SERVE": "drafts"}
_senders = itertools.count()
SUNDAY = datetime(2026, 11, 22, 3, 0, tzinfo=OSLO)  # all helplines with opening hours are closed


@pytest.fixture(scope="module")
def phone(small_root: Path) -> FlaskClient:
    """A client of a line with the simulator and the small content."""
    return create_app(texts_at(small_root, ENVIRON)).test_client()


def sent(phone: FlaskClient, *texts: str, **more: str) -> str:
    """Send messages as a new sender, and return the page."""
    sender = f"test {next(_senders)}"
    answer = phone.post("/try", data={"text": list(texts), "from": sender, **more})
    assert answer.status_code == 200
    return answer.text


def segments(page: str) -> list[str]:
    """Return the segments in the bubble of a page."""
    parts = re.findall(r'<span class="segment">(.*?)</span>', page, re.DOTALL)
    return [html.unescape(part) for part in parts]


def words(page: str, kind: str) -> str:
    """Return the readable text of the paragraphs of a class."""
    found = re.findall(rf'<p class="{kind}[^>]*>(.*?)</p>', page, re.DOTALL)
    return " ".join(html.unescape(re.sub("<[^>]*>", "", " ".join(found))).split())


def hidden(page: str) -> dict[str, list[str]]:
    """Return the hidden fields of the first form of a page."""
    fields: dict[str, list[str]] = {}
    form = page.partition("</form>")[0]
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form):
        fields.setdefault(name, []).append(html.unescape(value))
    return fields


def test_sender_in_latin_letters_gets_them_and_is_counted_by_language() -> None:
    """From the webhook on: the session keeps the letters, the header says the language alone."""
    client = create_app(ENVIRON).test_client()
    for text, first in (("nqma kade da spia", "Pri opasnost"), ("4", "Rabota"), ("пари", "Работа")):
        fields = {"text": text, "from": "test letters", "medium": "sms"}
        answer = client.post("/inbound/try_it", data=fields)
        assert answer.text.startswith(first)
        assert answer.headers["Line-Screen"].startswith("bg ")
    page = sent(client, "nqma kade da spia")
    assert hidden(page)["session"] == ["bg-Latn"]


def test_simulator_channel_not_enabled_returns_404(small_root: Path) -> None:
    """The response has the helplines."""
    other = create_app(texts_at(small_root, twilio_phone.ENVIRON)).test_client()
    for answer in (other.get("/try"), other.post("/try", data={"text": "hei"})):
        assert answer.status_code == 404
        assert "112" in answer.text


def test_simulator_shows_text_segments_and_price_of_sms(
    phone: FlaskClient, small_library: Library
) -> None:
    """Checked for the menu and a topic of each language."""
    for tag, edition in small_library.editions.items():
        for code in ("0", "4"):
            page = sent(phone, f"{edition.language.word} {code}", price="0,50")
            text = "".join(segments(page))
            cost = sms.count_sms(text)

            assert text == edition.screens[code].texts_at(TUESDAY, frozenset()).sms
            assert segments(page) == sms.sms_segments(text)
            assert f"{cost.encoding}, {cost.units} " in words(page, "measure")
            price = f"omtrent / about NOK {cost.segments * 0.5:.2f}"
            assert words(page, "cost") == f"{cost.segments} SMS, {price}"
            assert words(page, "preview") == lock_screen_preview(text)
            language = edition.screens[code].language
            assert f'<div class="got bubble" lang="{language}"' in page, (tag, code)


@pytest.mark.parametrize(
    ("price", "shown"),
    [
        *(("1", "2.00"), (" 0.8 ", "1.60"), ("0,333", "0.67"), ("0", "0.00")),
        *((price, "1.30") for price in ("", "x", "-1", "nan", "inf", "1e99", "0.8.0", "<b>")),
    ],
)
def test_simulator_invalid_price_shows_assumed_price(
    phone: FlaskClient, price: str, shown: str
) -> None:
    page = sent(phone, "POLSKI", price=price)

    assert "112" in "".join(segments(page))
    assert words(page, "cost").partition("NOK ")[2] == shown


def test_assumed_price_is_that_of_operations_guide() -> None:
    guide = Path(__file__).parent.parent.parent / "docs" / "operations.md"
    assert f"**an assumed** {ASSUMED_PRICE} NOK a segment" in guide.read_text("utf-8")


def test_simulator_ussd_session_continues_until_00(
    phone: FlaskClient, small_library: Library
) -> None:
    """The page carries the keys of the session, and each text fits a USSD page."""
    texts: list[str] = []
    for key, begins in (("", "Norge"), ("9", "Niebezp"), ("4", "Praca"), ("98", "Ponizej")):
        page = sent(phone, *texts, key, medium="ussd")
        (text,) = segments(page)
        texts = hidden(page).get("text", [])

        assert text.startswith(begins)
        assert ussd_pages.fits_ussd_page(text)
    assert texts == ["9", "4", "98"]
    page = sent(phone, *texts, "00", medium="ussd")
    assert segments(page) == [small_library.goodbye]
    assert "text" not in hidden(page)
    assert "The end" in words(page, "ends")


def test_simulator_call_shows_speech_and_voice(phone: FlaskClient, small_library: Library) -> None:
    """The page carries the language and the place in the call."""
    first = sent(phone, "", medium="voice")
    menu = sent(phone, "9", medium="voice", **first_values(hidden(first)))
    work = sent(phone, "4", medium="voice", **first_values(hidden(menu)))
    again = sent(phone, "*", medium="voice", **first_values(hidden(work)))

    assert segments(first)[0].startswith("1 1 2. 2 2, 3 3, 1 1, 6 0.")
    screens = small_library.editions["pl"].speech.screens
    for page, code in ((menu, "0"), (work, "4"), (again, "4")):
        assert segments(page)[0].startswith(screens[code].body)
        assert words(page, "measure").endswith(small_library.languages["pl"].voice)
    assert (hidden(again)["tag"], hidden(again)["place"]) == (["pl"], ["4"])


def first_values(fields: dict[str, list[str]]) -> dict[str, str]:
    """Return the first value of each hidden field but the sender."""
    return {name: values[0] for name, values in fields.items() if name != "from"}


def test_simulator_each_visit_has_its_own_sender(phone: FlaskClient) -> None:
    """Two open pages have two senders, and a reply keeps the sender of its page."""
    one, other = (hidden(phone.get("/try").text)["from"] for _ in "12")

    assert one != other
    page = sent(phone, "POLSKI", **{"from": one[0]})
    assert hidden(page)["from"] == one
    assert segments(sent(phone, "4", **{"from": one[0]}))[0].startswith("Praca")
    assert segments(sent(phone, "4", **{"from": other[0]}))[0].startswith("Norge")


def test_simulator_stop_shows_no_answer(phone: FlaskClient) -> None:
    """The provider answers STOP."""
    page = sent(phone, "STOP")

    assert segments(page) == []
    assert "No answer" in words(page, "measure")


def test_simulator_markup_in_message_is_escaped(phone: FlaskClient) -> None:
    markup = "<script>alert(1)</script>\"'&"
    page = sent(phone, markup, price=markup, **{"from": markup})

    assert "<script>alert" not in page
    assert words(page, "sent") == markup
    assert hidden(page)["from"] == [markup]


def test_simulator_malformed_form_shows_fallback(
    phone: FlaskClient, small_library: Library
) -> None:
    """An unknown medium, or a session that is too long; a large body returns 413."""
    for form in ({"medium": "pigeon"}, {"medium": "ussd", "text": "4" * 3000}):
        assert phone.post("/try", data=form).status_code == 200
        assert "".join(segments(phone.post("/try", data=form).text)) == small_library.fallback
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
def test_simulator_request_of_other_site_returns_403(
    phone: FlaskClient, headers: dict[str, str], status: int
) -> None:
    """At the page and at the channel."""
    for path in ("/try", "/inbound/try_it"):
        assert phone.post(path, data={"text": "hei"}, headers=headers).status_code == status


def test_simulator_messages_do_not_count_towards_rate_limit(
    small_root: Path, small_library: Library
) -> None:
    """A sender on another channel still gets the full reply."""
    limit = 3
    environ = {**twilio_phone.ENVIRON, "CHANNELS": "twilio_sms,try_it"}
    client = create_app(
        texts_at(small_root, {**environ, "RIGHTS_LINE_HOURLY": str(limit)})
    ).test_client()
    for number in range(2 * limit):
        for path in ("/try", "/inbound/try_it"):
            client.post(path, data={"text": "hei", "from": f"sender {number}"})

    answer = client.post(**twilio_phone.request(twilio_phone.fields("hei")))
    assert small_library.start in ElementTree.fromstring(answer.text).itertext()


def test_simulator_logs_events_only(phone: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    """One event for the message and one for the page, without text or price."""
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
def test_replace_non_latin_replaces_all_but_gsm7_and_latin(text: str, shown: str) -> None:
    """Digits stay, too."""
    assert simulate_missing_fonts(text) == shown


def test_simulator_boxes_leave_segments_and_cost_unchanged(phone: FlaskClient) -> None:
    """The bubble and the lock screen have boxes."""
    plain, boxes = sent(phone, "ARABI"), sent(phone, "ARABI", boxes="yes")

    assert list(map(simulate_missing_fonts, segments(plain))) == segments(boxes)
    assert words(plain, "measure") == words(boxes, "measure")
    assert "□" in words(boxes, "preview")


def site_at(now: datetime, sources: ContentSources, library: Library) -> Site:
    """Return a site whose clock stands still."""
    return Site(library, sources, lambda: now)


def names_of(strings: Iterable[ScreenString]) -> set[tuple[str, str]]:
    """Return the msgctxt and the msgid of strings."""
    return {(string.context, string.message) for string in strings}


@pytest.mark.parametrize("now", [TUESDAY, SUNDAY], ids=["open", "closed"])
def test_screen_strings_are_all_strings_of_each_screen(
    small_library: Library, small_sources: ContentSources, now: datetime
) -> None:
    """The names are msgctxt and msgid, by which a translator finds the string."""
    screens = ScreenStrings(site_at(now, small_sources, small_library))
    tree = ScreenTree(small_sources.content)
    for tag, edition in small_library.editions.items():
        for page in tree.screens:
            screen = edition.screens[page.code]
            strings = list(screens.strings_of_screen(ScreenId(tag, page.code), Medium.SMS))
            of_notices = {string for string in strings if string.context in ("closed", "holiday")}
            helplines = {("helplines", tree.content.phrases["helplines"])}
            before = helplines if screen.language != tag else set()
            wanted = {*page.body, *(label for _, label in page.links), *before}

            assert names_of(set(strings) - of_notices) == wanted, (tag, page.code)
            is_closed = bool(screen.closed_notices(now, small_library.holidays))
            assert bool(of_notices) == is_closed, (tag, page.code)
            assert {string.language for string in strings} <= {tag, screen.language}, page.code


def test_screen_strings_of_ussd_and_call_include_how_to_go_on(
    library: Library, sources: ContentSources
) -> None:
    screens = ScreenStrings(site_at(TUESDAY, sources, library))
    for medium, name in ((Medium.USSD, "next"), (Medium.VOICE, "press")):
        others, strings = (
            names_of(screens.strings_of_screen(ScreenId("pl", "4"), each))
            for each in (Medium.SMS, medium)
        )
        assert strings - others == {(name, sources.content.phrases[name])}


def test_screen_strings_of_first_reply_belong_to_no_translation(
    library: Library, sources: ContentSources
) -> None:
    screens = ScreenStrings(site_at(TUESDAY, sources, library))
    strings = list(screens.strings_of_screen(ScreenId(MULTILINGUAL, "0"), Medium.SMS))

    assert {string.context for string in strings} == {"start", "start_reply"}
    assert {(string.language, string.is_approved) for string in strings} == {(MULTILINGUAL, None)}


def test_screen_strings_places_hold_source_text_and_translation(
    library: Library, sources: ContentSources
) -> None:
    """The English text begins at that line, and the catalog has the translation."""
    root = Path(__file__).parent.parent.parent
    screens = ScreenStrings(site_at(TUESDAY, sources, library))
    for tag in ("pl", ENGLISH):
        for string in screens.strings_of_screen(ScreenId(tag, "4"), Medium.SMS):
            place, *catalog = string.places
            file, _, line = place.partition(":")
            below = (root / file).read_text(encoding="utf-8").splitlines()[int(line) - 1 :]
            assert string.message[:20] in " ".join(below[:2])
            own = [f"locales/{tag}/LC_MESSAGES/messages.po"] if string.language == tag else []
            assert catalog == ([] if tag == ENGLISH else own)


def test_screen_strings_approved_string_is_marked_approved(small_folder: Path) -> None:
    """The string beside it stays a draft."""
    reading = {"role": "native_reader", "by": "AB", "on": TUESDAY.date()}
    approve_strings(ContentSources(small_folder), small_folder, "pl", reading, Chosen(["danger"]))
    sources = ContentSources(small_folder)
    screens = ScreenStrings(site_at(TUESDAY, sources, build_library(sources, "drafts")))

    strings = screens.strings_of_screen(ScreenId("pl", "0"), Medium.SMS)
    states = {string.context: string.is_approved for string in strings}
    assert (states["danger"], states["work"]) == (True, False)


@pytest.mark.parametrize(
    ("form", "contexts"),
    [
        ({"text": "hei"}, {"start", "start_reply"}),
        ({"text": "99"}, {"lifelines"}),
        ({"text": "00"}, {"goodbye"}),
        ({"text": "STOP"}, set()),
        ({"text": "", "medium": "ussd"}, {"start", "start_reply"}),
        ({"text": "00", "medium": "ussd"}, {"goodbye"}),
        (
            {"text": "", "medium": "voice"},
            {
                *("call_start", "call_helplines_nb", "call_helplines_en"),
                *("call_more_nb", "call_more_en"),
            },
        ),
        ({"text": "00", "medium": "voice"}, {"goodbye"}),
    ],
)
def test_simulator_shows_phrases_of_screens_in_several_languages(
    phone: FlaskClient, form: dict[str, str], contexts: set[str]
) -> None:
    text = form.pop("text")
    page = sent(phone, text, **form)

    assert set(re.findall(r"<dt>msgctxt</dt><dd><code>(\w+)</code>", page)) == contexts


def test_simulator_shows_phrase_for_language_without_edition(sources: ContentSources) -> None:
    """Turkish has a short edition, which is not approved."""
    strings = ScreenStrings(site_at(TUESDAY, sources, build_library(sources)))

    shown = strings.strings_of_screen(ScreenId("tr", MENU), Medium.SMS)
    assert {string.context for string in shown} == {"start", "say", "start_reply"}


def test_simulator_shows_the_sentence_for_an_interpreter_where_it_is_sent(
    library: Library, sources: ContentSources
) -> None:
    """In a short edition: above screens in English, and in the menu."""
    strings = ScreenStrings(site_at(TUESDAY, sources, library))
    shown = {
        code: [row.context for row in strings.strings_of_screen(ScreenId("tr", code), Medium.SMS)]
        for code in (MENU, "4", "8")
    }
    assert [code for code, names in shown.items() if "interpreter" in names] == [MENU, "4"]


def test_simulator_shows_context_source_and_state_of_strings(phone: FlaskClient) -> None:
    """Reviewers quote them in their comments."""
    page = html.unescape(sent(phone, "POLSKI 41"))

    assert "<code>work</code>" in page
    assert "locales/pl/LC_MESSAGES/messages.po" in page
    assert re.search(r"<code>content/topics/work\.yaml:\d+ ", page)
    assert '<p class="state draft small">' in page
