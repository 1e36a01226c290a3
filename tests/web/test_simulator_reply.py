"""Beside a reply of the simulator: why it came, its links, and the same in another language."""

import html
import itertools
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from rights_line.content.loader import ContentSources
from rights_line.core import tags
from rights_line.core.fixed_codes import ACTS
from rights_line.core.library import Library
from rights_line.core.messages import Medium, ScreenId
from rights_line.core.screen import Head
from rights_line.core.understanding.sentences.decision import Share
from rights_line.web.app import create_app
from rights_line.web.pages.simulator.reply_links import reply_links
from rights_line.web.pages.simulator.reply_reason import (
    ACT_NAMES,
    reply_reason,
)
from tests.support.sites import site_of
from tests.support.unsure import unsure_text
from tests.support.worlds import texts_at

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


def posted(phone: FlaskClient, *texts: str, **more: str) -> str:
    """Send messages as a new sender, and return the page."""
    data = {"text": list(texts), "from": f"reply {next(_senders)}", **more}
    answer = phone.post("/try", data=data)
    assert answer.status_code == 200
    return answer.text


def plain(markup: str) -> str:
    """Return the text of markup, in one line."""
    return " ".join(html.unescape(re.sub("<[^>]*>", "", markup)).split())


def why(page: str) -> str:
    """Return the text of "Why this reply?"."""
    found = re.search(r'<details class="why small">(.*?)</details>', page, re.DOTALL)
    return plain(found[1]) if found else ""


def replies(page: str) -> list[str]:
    """Return the text of the reply on each phone."""
    bubbles = re.findall(r'<div class="got bubble"[^>]*>(.*?)</div>', page, re.DOTALL)
    return [html.unescape(re.sub("<[^>]*>", "", bubble)) for bubble in bubbles]


def session(page: str) -> str:
    """Return the session that the page carries."""
    found = re.search(r'name="session" value="([^"]*)"', page)
    assert found
    return found[1]


def contexts(page: str) -> list[str]:
    """Return the msgctxt of each string on the first phone."""
    (found, *_) = re.findall(r"<dl>(.*?)</dl>", page, re.DOTALL)
    return re.findall(r"<dt>msgctxt</dt><dd><code>([^<]*)", found)


def codes(page: str) -> list[str]:
    """Return the codes that the buttons below a reply send."""
    (links,) = re.findall(r'<div id="links" class="row">(.*?)</div>', page, re.DOTALL)
    return re.findall(r'value="([^"]*)"', links)


# --- Why ----------------------------------------------------------------------------------------


def test_reason_of_sentence_names_words_share_and_near_screens(real_phone: FlaskClient) -> None:
    page = posted(real_phone, "who can help me with debt", session="en")

    assert "“" not in why(page)
    assert "The words that counted: help me, debt → 42 Debt" in why(page)
    assert re.search(r"Not sure: \d\d %", why(page))
    assert re.search(r"Also offered in the reply: .*92 Money to live on \(\d+ %\)", why(page))
    assert re.search(r"Also near: .*71 The free lawyer \(\d+ %\)", why(page))
    assert '<details class="why small">\n<summary>' in page  # folded


def test_reason_of_code_is_a_fixed_rule(phone: FlaskClient) -> None:
    page = posted(phone, "POLSKI 4")

    assert "The words that counted: polski, 4 → 4 Work" in why(page)
    assert "A fixed rule, not a guess." in why(page)
    assert "Also near" not in why(page)


def test_reason_of_unknown_words_says_so(phone: FlaskClient) -> None:
    assert "No known words about a topic" in why(posted(phone, "sitrongul", session="pl"))


@pytest.mark.parametrize(
    ("medium", "texts"), [("ussd", ["9", "4", "98"]), ("ussd", ["9", "01"]), ("voice", ["*"])]
)
def test_reason_of_key_that_repeats_or_moves_is_left_out(
    medium: str, texts: list[str], phone: FlaskClient
) -> None:
    """These keys say nothing about a topic."""
    page = posted(phone, *texts, medium=medium, session="pl", tag="pl", place="4")
    assert replies(page)
    assert why(page) == ""


@pytest.mark.parametrize(
    ("medium", "texts", "before", "after"),
    [
        ("sms", ["hei"], "", tags.awaiting()),
        ("sms", ["9"], tags.awaiting(), "pl"),
        ("sms", ["POLSKI"], "", "pl"),
        ("sms", ["00"], "pl", ""),
        ("ussd", ["9", "4"], "pl", "pl"),
        ("ussd", ["9", "4", "98"], "pl", "pl"),
    ],
)
def test_page_carries_session_after_reply(
    medium: str, texts: list[str], before: str, after: str, phone: FlaskClient
) -> None:
    sender = f"{medium} {texts} {before}"
    if before == tags.awaiting():
        posted(phone, "hei", **{"from": sender})
    page = posted(phone, *texts, medium=medium, session=before, **{"from": sender})
    assert session(page) == after


def test_reason_of_forgotten_session_is_found_without_it(small_library: Library) -> None:
    """After an hour the line forgets the language; the page does not know."""
    reason = reply_reason("4", "pl", ScreenId("ar", "0"), Medium.SMS, small_library)
    assert reason
    assert reason.next_tag == "ar"
    assert reply_reason("4", "pl", ScreenId("ar", "41"), Medium.SMS, small_library) is None


def test_reason_with_likelier_screen_nearby_is_cautious(small_library: Library) -> None:
    reason = reply_reason("ENGLISH 4", None, ScreenId("en", "4"), Medium.SMS, small_library)
    assert reason
    assert not reason.is_cautious
    shares = (Share("41", 0.5), Share("4", 0.4), Share("0", 0.095), Share("1", 0.005))
    weighed = reason._replace(found=reason.found._replace(shares=shares))
    assert (weighed.percent, weighed.is_cautious) == (40, True)
    assert weighed.near == {"41": 50, "0": 10}


def test_screen_titles_are_titles_of_all_menus_and_contacts(
    small_sources: ContentSources, small_library: Library
) -> None:
    titles = site_of(small_sources).pages.titles
    links = small_library.editions["en"].screens["0"].links.splitlines()
    menu = dict(link.split(" ", 1) for link in links)

    assert {code: titles[code] for code in "14"} == {code: menu[code] for code in "14"}
    assert titles.keys() >= {"0", *small_library.contact_codes}


# --- Lists and acts -----------------------------------------------------------------------------


@pytest.mark.parametrize("medium", ["sms", "chat"])
def test_list_says_what_it_offers_and_why(medium: str, real_phone: FlaskClient) -> None:
    """Its buttons work, its strings can be quoted, and the second phone has the same list."""
    library = real_phone.application.extensions["library"]
    text, shown = unsure_text(library)
    page = posted(real_phone, text, medium=medium, beside="uk")

    assert codes(page) == [*shown.offered, "0"]
    offered = re.search(r"the reply is a list of what may be meant: (.*)", why(page))
    assert offered
    assert re.findall(r"(\d+) [A-Z][^,(]* \(\d+ %\)", offered[1]) == [*shown.offered]
    assert "Also near" not in why(page)
    assert len(contexts(page)) == len(shown.offered) + 3  # the body's two, and that of the menu
    assert contexts(page)[-1] == "menu"
    other = replies(page)[1].split("\n")
    lines = library.editions["uk"].links
    assert "".join(other).endswith("".join(lines[code] for code in (*shown.offered, "0")))
    again = posted(real_phone, shown.offered[0], medium=medium, session=session(page))
    assert replies(again)


@pytest.mark.parametrize("medium", ["ussd", "voice"])
def test_keys_are_never_read_as_a_sentence(medium: str, real_phone: FlaskClient) -> None:
    """What is shown as the reason is what the line did: no model, so no list."""
    text, _ = unsure_text(real_phone.application.extensions["library"])
    page = posted(real_phone, text, medium=medium, beside="uk")
    assert "A fixed rule, not a guess." in why(page)
    assert "list" not in why(page)


@pytest.mark.parametrize("medium", ["sms", "chat", "ussd", "voice"])
@pytest.mark.parametrize(
    ("text", "act", "name"),
    [("thanks", "thanks", "thanks, OK or goodbye"), ("what now", "go_on", "what now?")],
)
def test_acknowledgement_says_what_the_text_does(
    medium: str, text: str, act: str, name: str, phone: FlaskClient, small_library: Library
) -> None:
    texts = ["ENGLISH", text] if medium == "ussd" else [text]
    page = posted(phone, *texts, medium=medium, session="en", tag="en", beside="ar")

    assert "The text asks for no topic, but says: «" in why(page)
    assert f"{name}»" in why(page)
    assert act in contexts(page)
    first, second = replies(page)
    body = small_library.editions["ar"].screens[act].body
    assert second == first if medium in ("ussd", "voice") else body in second


def test_acts_all_have_a_name() -> None:
    assert ACT_NAMES.keys() == {*ACTS}


# --- Links --------------------------------------------------------------------------------------


def test_links_of_reply_are_buttons_that_send_its_codes(
    phone: FlaskClient, small_library: Library
) -> None:
    """By SMS, in a call and on a USSD page, whose keys lead to its other pages."""
    screen = small_library.editions["pl"].screens["4"]
    links = [link.partition(" ")[0] for link in screen.links.splitlines()]

    assert codes(posted(phone, "POLSKI 4")) == links
    assert codes(posted(phone, "POLSKI 4", medium="voice")) == links
    ussd = [codes(posted(phone, "9", "4", *["98"] * page, medium="ussd")) for page in (0, 1)]
    assert ussd[0] == ["98", "0"]
    assert "01" in ussd[1]
    assert {*links} <= {*ussd[0], *ussd[1]}


def test_links_of_start_are_languages(phone: FlaskClient, small_library: Library) -> None:
    for medium in ("sms", "ussd", "voice"):
        text = "" if medium != "sms" else "hei"
        found = codes(posted(phone, text, medium=medium))
        assert [code for code in found if code in small_library.numbers] == ["2", "4", "9"], medium


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("41 Pay", [("41", "Pay")]),
        ("4 1: Pay.", [("41", "Pay")]),
        ("Pay: call 112.\n0 menu", [("0", "menu")]),
        ("POLSKI 4", [("POLSKI 4", "")]),
        ("POLSKI", [("POLSKI", "")]),
        ("99 +", [("99", "+")]),
        *((text, []) for text in ("22 33 11 60", "112, 116 111", "777 Nothing", "Call 112", "")),
    ],
)
def test_reply_links_are_lines_that_begin_with_a_code(
    text: str, found: list[tuple[str, str]], small_library: Library
) -> None:
    assert [*reply_links(text, small_library)] == found


# --- Side by side -------------------------------------------------------------------------------


def test_second_phone_shows_same_screen_in_other_edition(
    phone: FlaskClient, small_library: Library
) -> None:
    screen = small_library.editions["ar"].screens["4"]
    texts = screen.texts()

    assert replies(posted(phone, "POLSKI 4", beside="ar"))[1] == texts.sms
    assert replies(posted(phone, "POLSKI 4", beside="ar", medium="chat"))[1] == texts.chat
    for page, text in enumerate(texts.ussd):
        keys = ["9", "4", *["98"] * page]
        assert replies(posted(phone, *keys, beside="ar", medium="ussd"))[1] == text
    spoken = replies(posted(phone, "POLSKI 4", beside="ar", medium="voice"))[1]
    assert spoken.startswith(small_library.editions["ar"].speech.screens["4"].body)


def test_second_phone_shows_helplines_above_if_first_does(
    phone: FlaskClient, small_library: Library
) -> None:
    """The two replies are one message; only their language differs."""
    found = replies(posted(phone, "nie dostałem wypłaty", beside="ar"))
    screens = (small_library.editions[tag].screens["4"] for tag in ("pl", "ar"))
    assert found == [screen.texts().headed(Head.HELPLINES).sms for screen in screens]


def test_second_phone_shows_reply_in_several_languages_as_it_is(phone: FlaskClient) -> None:
    first, second = replies(posted(phone, "hei", beside="ar"))
    assert first == second


def test_second_phone_is_hidden_unless_a_language_is_chosen(phone: FlaskClient) -> None:
    for beside in ("", "xx", "<b>"):
        page = posted(phone, "POLSKI 4", beside=beside)
        assert '<div id="other" class="telephone" hidden>' in page
        assert len(replies(page)) == 1
    assert '<div id="other" class="telephone">' in posted(phone, "POLSKI 4", beside="ar")


# --- The page -----------------------------------------------------------------------------------


def test_lock_screen_says_that_a_phone_may_show_more(phone: FlaskClient) -> None:
    """A USSD page and a call are not shown on a locked phone."""
    assert "A phone may show more" in plain(posted(phone, "POLSKI 4"))
    for medium in ("ussd", "voice"):
        assert "A phone may show more" not in plain(posted(phone, "9", medium=medium))


def test_jump_names_the_language_so_that_it_works_without_a_session(phone: FlaskClient) -> None:
    assert '<option value="ENGLISH 41">41 ' in phone.get("/try").text
    assert '<option value="POLSKI 41">41 ' in posted(phone, "POLSKI 4")


def test_jump_form_keeps_the_settings(phone: FlaskClient) -> None:
    """Without a script, it is sent alone."""
    page = posted(phone, "9", medium="ussd", beside="ar", price="2", boxes="yes")
    form = page[page.index('<form id="jump"') :]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    expected = {"medium": "ussd", "beside": "ar", "price": "2", "boxes": "yes", "text": "9"}
    assert fields.items() >= expected.items()


def test_page_for_its_script_leaves_out_style_and_script(phone: FlaskClient) -> None:
    data = {"text": "POLSKI 4"}
    whole = phone.post("/try", data=data).text
    part = phone.post("/try", data=data, headers={"Sec-Fetch-Dest": "empty"}).text

    assert replies(part) == replies(whole)
    assert len(part) < len(whole) - 10_000
    assert "<style>" not in part  # an empty one is forbidden, too: the policy has its hash
