"""The simulator at /try: replies, their cost, who may use it; and the names of the contract."""

import html
import itertools
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from rights_line.core import sms, ussd_pages
from rights_line.core.library import Library
from rights_line.core.sms import ASSUMED_PRICE
from rights_line.core.understanding import ShowScreen
from rights_line.core.understanding.interpret import interpret_to_intent
from rights_line.editorial.trial import explain_text
from rights_line.web.app import create_app
from tests.support import twilio_phone
from tests.support.clock import TUESDAY
from tests.support.markup import found, parsed, words
from tests.support.worlds import texts_at

# Texts that the line is not sure of, so that the reply is a list: several, since a new sentence
# model may be sure of some.
UNSURE = (
    "mannen min kjører sakte bak meg, svinger når jeg svinger, tør ikke gå hjem",
    "bilen hans står utenfor hver kveld og jeg vet ikke hva jeg skal gjøre",
    "sjefen sitter i bilen og ser på huset",
    "eieren kommer med to menn i kveld",
)
ENVIRON = {"CHANNELS": "try_it", "RIGHTS_LINE_SERVE": "drafts"}
_senders = itertools.count()


@pytest.fixture(scope="module")
def phone(small_root: Path) -> FlaskClient:
    """A client of a line with the simulator and the small content."""
    return create_app(texts_at(small_root, ENVIRON)).test_client()


@pytest.fixture(scope="module")
def real_phone() -> FlaskClient:
    """The same with the real content, which has a sentence model."""
    return create_app(ENVIRON).test_client()


def sent(phone: FlaskClient, *texts: str, **more: str) -> str:
    """Send messages as a new sender, and return the page."""
    sender = f"test {next(_senders)}"
    answer = phone.post("/try", data={"text": list(texts), "from": sender, **more})
    assert answer.status_code == 200
    return answer.text


def reply(page: str) -> str:
    """Return the text in the bubble of a page; empty without an answer."""
    return "".join(text for got in found(parsed(page), "p", "got") for text in got.itertext())


def codes(page: str) -> list[str]:
    """Return the codes that the buttons below a reply send."""
    (links,) = (row for row in parsed(page).iter("div") if row.get("id") == "links")
    return [button.get("value", "") for button in links.iter("button")]


def said(page: str, kind: str) -> str:
    """Return the readable text of the paragraphs of a class."""
    return " ".join(map(words, found(parsed(page), "p", kind)))


def hidden(page: str) -> dict[str, list[str]]:
    """Return the hidden fields of a page."""
    fields: dict[str, list[str]] = {}
    for row in parsed(page).iter("input"):
        if row.get("type") == "hidden":
            fields.setdefault(row.get("name", ""), []).append(row.get("value", ""))
    return fields


def test_sender_in_latin_letters_gets_them_and_is_counted_by_language() -> None:
    """The header says the language alone."""
    client = create_app(ENVIRON).test_client()
    for text, first in (("nqma kade da spia", "Pri opasnost"), ("4", "Rabota"), ("пари", "Работа")):
        fields = {"text": text, "from": "test letters", "medium": "sms"}
        answer = client.post("/inbound/try_it", data=fields)
        assert answer.text.startswith(first)
        assert answer.headers["Line-Screen"].startswith("bg ")


def test_simulator_channel_not_enabled_returns_404(small_root: Path) -> None:
    other = create_app(texts_at(small_root, twilio_phone.ENVIRON)).test_client()
    for answer in (other.get("/try"), other.post("/try", data={"text": "hei"})):
        assert answer.status_code == 404
        assert "112" in answer.text


def test_simulator_ussd_session_continues_until_00(
    phone: FlaskClient, small_library: Library
) -> None:
    """The page carries the keys of the session, and each text fits a USSD page."""
    texts: list[str] = []
    for key, begins in (("", "Norge"), ("9", "Niebezp"), ("4", "Praca"), ("98", "Ponizej")):
        page = sent(phone, *texts, key, medium="ussd")
        text = reply(page)
        texts = hidden(page).get("text", [])

        assert text.startswith(begins)
        assert ussd_pages.fits_page(text)
    assert texts == ["9", "4", "98"]
    page = sent(phone, *texts, "00", medium="ussd")
    assert reply(page) == small_library.goodbye
    assert "text" not in hidden(page)
    assert "The end" in said(page, "small")


def test_simulator_call_shows_speech_and_voice(phone: FlaskClient, small_library: Library) -> None:
    """The page carries the language and the place in the call."""
    first = sent(phone, "", medium="voice")
    menu = sent(phone, "9", medium="voice", **first_values(hidden(first)))
    work = sent(phone, "4", medium="voice", **first_values(hidden(menu)))
    again = sent(phone, "*", medium="voice", **first_values(hidden(work)))

    assert reply(first).startswith("1 1 2. 2 2, 3 3, 1 1, 6 0.")
    screens = small_library.editions["pl"].speech.screens
    for page, code in ((menu, "0"), (work, "4"), (again, "4")):
        assert reply(page).startswith(screens[code].body)
    assert (hidden(again)["tag"], hidden(again)["place"]) == (["pl"], ["4"])


def first_values(fields: dict[str, list[str]]) -> dict[str, str]:
    """Return the first value of each hidden field but the sender."""
    return {name: values[0] for name, values in fields.items() if name != "from"}


def test_simulator_each_visit_has_its_own_sender(phone: FlaskClient) -> None:
    """Two open pages have two senders, and a reply keeps the sender of its page."""
    one, other = (hidden(phone.get("/try").text)["from"] for _ in "12")
    assert one != other
    assert hidden(sent(phone, "POLSKI", **{"from": one[0]}))["from"] == one
    assert reply(sent(phone, "4", **{"from": one[0]})).startswith("Praca")
    assert reply(sent(phone, "4", **{"from": other[0]})).startswith("Norge")
    assert "No answer" in said(sent(phone, "STOP"), "small")  # the provider answers it


def test_simulator_markup_in_message_is_escaped(phone: FlaskClient) -> None:
    markup = "<script>alert(1)</script>\"'&"
    page = sent(phone, markup, beside=markup, **{"from": markup})

    assert "<script>alert" not in page
    assert said(page, "sent") == markup
    assert hidden(page)["from"] == [markup]


def test_simulator_malformed_form_shows_fallback(
    phone: FlaskClient, small_library: Library
) -> None:
    """An unknown medium, or a session that is too long; a large body returns 413."""
    for form in ({"medium": "pigeon"}, {"medium": "ussd", "text": "4" * 3000}):
        assert phone.post("/try", data=form).status_code == 200
        assert reply(phone.post("/try", data=form).text) == small_library.fallback
    assert phone.post("/try", data={"text": "x" * 20_000}).status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
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


def test_simulator_shows_reply_and_cost_of_sms(phone: FlaskClient, small_library: Library) -> None:
    """Checked for the menu and a topic of each language."""
    for tag, edition in small_library.editions.items():
        for code in ("0", "4"):
            page = sent(phone, f"{edition.language.word} {code}")
            count = sms.count_sms(reply(page)).segments

            texts = edition.screens[code].texts_at(edition.form, TUESDAY, frozenset())
            assert reply(page) == texts.sms
            assert f"{count} SMS, about NOK {count * ASSUMED_PRICE:.2f}. Draft." in said(
                page, "small"
            )
            assert f'<p class="got bubble" lang="{tag}"' in page


def test_simulator_is_in_the_language_of_the_helper(phone: FlaskClient) -> None:
    """By the link, else by the browser; it begins with what the line stores, and cannot do."""
    wanted = {"/try?in=nb": "Prøv linjen", "/try?in=en": "Try the line", "/try": "Prøv linjen"}
    for address, title in wanted.items():
        page = phone.get(address, headers={"Accept-Language": "nb-NO,en;q=0.5"}).text
        assert f"<title>{title}</title>" in page
    english = phone.get("/try").text
    for start in ("Nothing is stored", "Nobody is called", "The line is a machine"):
        assert f"<p>{start}" in english


def unsure_text(library: Library) -> tuple[str, ShowScreen]:
    """Return a first text in Norwegian, and its list."""
    found = ((text, interpret_to_intent(text, None, library)) for text in UNSURE)
    for text, intent in found:
        if isinstance(intent, ShowScreen) and intent.is_list and intent.language == "nb":
            return text, intent
    raise AssertionError("The line is sure of every text: add another one.")


def test_list_of_topics_has_a_button_for_each(real_phone: FlaskClient, library: Library) -> None:
    text, shown = unsure_text(library)
    assert codes(sent(real_phone, text)) == [*shown.offered, "0"]


def test_links_of_reply_are_buttons_that_send_its_codes(
    phone: FlaskClient, small_library: Library
) -> None:
    """By SMS, in a call and on a USSD page, whose keys lead to its other pages."""
    screen = small_library.editions["pl"].screens["4"]
    links = [link.partition(" ")[0] for link in screen.links.splitlines()]

    assert codes(sent(phone, "POLSKI 4")) == links
    assert codes(sent(phone, "POLSKI 4", medium="voice")) == links
    first, second = (codes(sent(phone, "9", "4", *more, medium="ussd")) for more in ([], ["98"]))
    assert first == ["98", "0"]
    assert "01" in second
    assert {*links} <= {*first, *second}


def test_same_reply_is_shown_in_the_chosen_language(
    phone: FlaskClient, small_library: Library
) -> None:
    """Answers to acts, too; a reply in that language stands alone."""
    page = sent(phone, "POLSKI 4", beside="ar")
    body = small_library.editions["ar"].screens["4"].body
    assert html.escape(body.split("\n")[0], quote=False) in page
    assert 'class="other"' in sent(phone, "thanks", beside="pl")
    assert 'class="other"' not in sent(phone, "POLSKI 4", beside="pl")


def test_page_for_its_script_leaves_out_style_and_script(phone: FlaskClient) -> None:
    answer = phone.post("/try", data={"text": "hei"}, headers={"Sec-Fetch-Dest": "empty"})
    assert "<style>" not in answer.text
    assert "addEventListener" not in answer.text


# Names that other programs read: whoever changes one needs a line in CHANGELOG.md.


def headers(phone: FlaskClient, *messages: str, medium: str = "sms") -> list[str]:
    """Send messages as a new sender, and return the screen of each reply."""
    fields = {"from": f"contract {next(_senders)}", "medium": medium}
    answers = [phone.post("/inbound/try_it", data=fields | {"text": text}) for text in messages]
    return [answer.headers["Line-Screen"] for answer in answers]


def test_explain_names_a_list_with_its_codes(library: Library) -> None:
    text, _ = unsure_text(library)
    found = explain_text(text, None, library, TUESDAY)

    assert (found["intent"], found["language"], found["offered"]) == ("offer", "nb", [])
    assert 0 < len(found["codes"]) <= 4
    lines = found["reply"].split("\n")
    assert [line.partition(" ")[0] for line in lines[1:]] == [*found["codes"], "0"]
    assert "112" in lines[0]


def test_explain_names_the_links_that_it_adds_to_a_screen(library: Library) -> None:
    text = "they do not pay me and they took my passport"
    found = explain_text(text, None, library, TUESDAY)

    assert (found["intent"], found["codes"]) == ("show", [])
    (code,) = {"4", "52"} & {*found["offered"]}
    assert {found["code"], code} == {"4", "52"}
    assert f"\n{code} " in found["reply"]


def test_header_of_a_list_and_of_its_topic(real_phone: FlaskClient, library: Library) -> None:
    text, shown = unsure_text(library)
    for medium in ("sms", "chat"):
        assert headers(real_phone, text, shown.offered[0], medium=medium) == [
            "nb list",
            f"nb {shown.offered[0]}",
        ]


def test_header_of_an_acknowledgement(real_phone: FlaskClient) -> None:
    assert headers(real_phone, "POLSKI", "dzięki", "co teraz", "4") == [
        *("pl 0", "pl ok", "pl ok"),
        "pl 4",
    ]
    assert headers(real_phone, "co teraz", medium="ussd") == ["pl ok"]
    assert headers(real_phone, "co teraz", medium="voice") == ["pl ok"]
