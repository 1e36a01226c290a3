"""Names that other programs read: intents of `explain`, headers of the simulator's channel.

Whoever changes one needs a line in CHANGELOG.md.
"""

import itertools

import pytest
from flask.testing import FlaskClient

from rights_line.core.library import Library
from rights_line.editorial.trial import explain_text
from rights_line.web.app import create_app
from tests.support.clock import TUESDAY
from tests.support.unsure import unsure_text

_senders = itertools.count()


@pytest.fixture(scope="module")
def line() -> FlaskClient:
    """A client of the whole line with the real content."""
    environ = {"CHANNELS": "try_it", "RIGHTS_LINE_SERVE": "drafts"}
    return create_app(environ).test_client()


@pytest.fixture(scope="module")
def texts(line: FlaskClient) -> Library:
    found = line.application.extensions["library"]
    assert isinstance(found, Library)
    return found


def headers(line: FlaskClient, *messages: str, medium: str = "sms") -> list[str]:
    """Send messages as a new sender, and return the screen of each reply."""
    fields = {"from": f"contract {next(_senders)}", "medium": medium}
    answers = [line.post("/inbound/try_it", data=fields | {"text": text}) for text in messages]
    return [answer.headers["Line-Screen"] for answer in answers]


def test_explain_names_a_list_with_its_codes(texts: Library) -> None:
    text, _ = unsure_text(texts)
    found = explain_text(text, None, texts, TUESDAY)

    assert (found["intent"], found["language"], found["offered"]) == ("offer", "nb", [])
    assert 0 < len(found["codes"]) <= 4
    lines = found["reply"].split("\n")
    assert [line.partition(" ")[0] for line in lines[1:]] == [*found["codes"], "0"]
    assert "112" in lines[0]


def test_explain_names_the_links_that_it_adds_to_a_screen(texts: Library) -> None:
    text = "they do not pay me and they took my passport"
    found = explain_text(text, None, texts, TUESDAY)

    assert (found["intent"], found["codes"]) == ("show", [])
    (code,) = {"4", "52"} & {*found["offered"]}
    assert {found["code"], code} == {"4", "52"}
    assert f"\n{code} " in found["reply"]


@pytest.mark.parametrize("text", ["thanks", "what now", "bye"])
def test_explain_names_an_acknowledgement(text: str, texts: Library) -> None:
    found = explain_text(text, "en", texts, TUESDAY)

    assert (found["intent"], found["language"]) == ("acknowledge", "en")
    assert "112" in found["reply"]
    assert found["codes"] == found["offered"] == []


def test_header_of_a_list_and_of_its_topic(line: FlaskClient, texts: Library) -> None:
    text, shown = unsure_text(texts)
    for medium in ("sms", "chat"):
        assert headers(line, text, shown.offered[0], medium=medium) == [
            "nb list",
            f"nb {shown.offered[0]}",
        ]


def test_header_of_an_acknowledgement(line: FlaskClient) -> None:
    assert headers(line, "POLSKI", "dzięki", "co teraz", "4") == [
        *("pl 0", "pl ok", "pl ok"),
        "pl 4",
    ]
    assert headers(line, "co teraz", medium="ussd") == ["pl ok"]
    assert headers(line, "co teraz", medium="voice") == ["pl ok"]
