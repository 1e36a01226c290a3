"""docs/another-country.md: the invented country answers, and nothing of it names Norway."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from rights_line.content import ContentSources
from rights_line.content.assembly.library_builder import build_library
from rights_line.core import Inbound, Medium
from rights_line.core.conversation import conversation_reply
from rights_line.library import ROOT
from rights_line.web.app import create_app
from tests.support.cli import run
from tests.support.phones import ENVIRON, PHONES, message_to

ELSEWHERE = ROOT / "examples" / "elsewhere"
VARIABLES = ENVIRON | {
    "CHANNELS": ",".join(PHONES),
    "RIGHTS_LINE_TEXTS": str(ELSEWHERE),
    "RIGHTS_LINE_NUMBER": "+9995550199",
    "RIGHTS_LINE_SERVE": "drafts",
}
WORDS = (
    r"\bnor(way|ge|eg|wegian|sk|uega|uego)",
    r"\b(oslo|bergen|politi|legevakt|arbeidstilsynet|alarmtelefonen)\b",
    r"(?-i:\b(ROSA|NAV|UDI)\b)",
    r"(\.no\b|lang=\"nb\"|\+47|\bkrone)",
)


@pytest.fixture(scope="module")
def elsewhere() -> ContentSources:
    return ContentSources(ELSEWHERE)


@pytest.fixture(scope="module")
def norwegian(sources: ContentSources) -> re.Pattern[str]:
    """A pattern for Norway's names, numbers and addresses, from the texts of this repository."""
    contacts = sources.content.contacts.values()
    common = {"Police", "Local police", "Medical emergency", "Emergency clinic", "Support Centre"}
    names = {contact.name for contact in contacts} - common
    numbers = {number for row in contacts for number in (row.number, row.code, row.e164) if number}
    known = "|".join(map(re.escape, sorted(names | numbers, key=len, reverse=True)))
    return re.compile("|".join([rf"(?<![\w.#])(?:{known})(?!\w)", *WORDS]), re.IGNORECASE)


@pytest.fixture
def client() -> FlaskClient:
    return create_app(VARIABLES).test_client()


def printed(elsewhere: ContentSources, folder: Path) -> Iterator[tuple[str, str]]:
    """Yield what commands print and write."""
    for command in (
        *(["fallback"], ["fallback", "--voice"], ["screens"], ["check"], ["check", "--release"]),
        *(["status"], ["status", "es"], ["contacts", "--all"], ["costs"], ["explain"]),
        *(["recordings", "es", "--all"], ["words", "es"]),
        *(["review", tag, "--out", str(folder / f"{tag}.html")] for tag in elsewhere.languages),
        ["qr", "es", "--out", str(folder)],
    ):
        done = run(
            *command, where=ELSEWHERE, given='{"text": "hello"}\n', RIGHTS_LINE_NUMBER="+9995550199"
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        yield " ".join(command), re.sub(r"\.(yaml|po):\d+", ".yaml", done.stdout + done.stderr)
    for page in folder.glob("*.html"):
        yield page.name, re.sub(r"\.(yaml|po):\d+", ".yaml", page.read_text("utf-8"))


def requests(elsewhere: ContentSources) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield every page, and each screen in each medium of the simulator."""
    library = build_library(elsewhere, "drafts")
    for tag, row in library.languages.items():
        for code in library.codes:
            yield f"/{tag}/{code}", {}
            for medium in Medium:
                data = {"text": f"{row.word} {code}", "medium": medium.value}
                yield "/try", {"method": "POST", "data": data}
        yield f"/card/{tag}", {}
    for text in ("hello", "kan du hjelpe meg", "привіт", "me pega", "112"):
        for medium in Medium:
            yield "/try", {"method": "POST", "data": {"text": text, "medium": medium.value}}
    for path in ("/", "/outreach", "/try", "/nowhere", "/inbound/nowhere", "/healthz"):
        yield path, {}


def test_no_page_screen_or_reply_names_norway(
    elsewhere: ContentSources, client: FlaskClient, norwegian: re.Pattern[str]
) -> None:
    found, number = {}, 0
    for path, options in requests(elsewhere):
        number += 1
        response = client.open(path, **options)  # type: ignore[arg-type]
        assert response.status_code in (200, 303, 404), (path, options)
        text = response.text
        if path == "/try":
            text = re.sub(r"\.yaml:\d+", "", text)  # the line of a string
            text = text.replace('value="112"', "").replace('bubble">112<', "")  # what was sent
        if match := norwegian.search(text):
            found[path, str(options)] = text[max(0, match.start() - 60) : match.end() + 60]
    assert found == {}
    assert number > 100


@pytest.mark.parametrize("name", PHONES)
def test_no_channel_names_norway_with_all_texts_or_approved_ones(
    name: str, norwegian: re.Pattern[str], capfd: pytest.CaptureFixture[str]
) -> None:
    """Also the log, and the warnings of the start."""
    for serve in ("drafts", "approved"):
        line = create_app(VARIABLES | {"RIGHTS_LINE_SERVE": serve}).test_client()
        for text in ("hello", "ESPANOL", "4", "41", "ENGLISH 4", "me pega", "99", "00", "DEZED"):
            reply = line.open(**message_to(name, text)).text
            assert not norwegian.search(reply), reply
    # A time may be 113 ms, which is a number of Norway.
    output = re.sub(r'"ms": \d+', "", "".join(capfd.readouterr()))
    assert not norwegian.search(output), output


def test_no_command_names_norway(
    elsewhere: ContentSources, norwegian: re.Pattern[str], tmp_path: Path
) -> None:
    found = {
        name: text[max(0, match.start() - 60) : match.end() + 60]
        for name, text in printed(elsewhere, tmp_path)
        if (match := norwegian.search(text))
    }
    assert found == {}


def test_pattern_finds_norway_in_norways_own_texts(norwegian: re.Pattern[str]) -> None:
    for text in ("Norge info", "call 112", "22 33 11 60", "udi.no", "+4722331160", "NAV", "ROSA"):
        assert norwegian.search(text), text


@pytest.mark.parametrize(
    ("moment", "notice"),
    [
        ("2026-11-24T11:30+00:00", ""),  # Tuesday, 07:30 there
        ("2026-11-24T10:30+00:00", "Opens: Tuesday 07:00"),
        ("2026-05-17T14:00+00:00", "Opens: Tuesday 07:00"),  # a Sunday
        ("2027-01-06T14:00+00:00", "may be closed today"),  # a holiday of its own
        ("2027-05-01T14:00+00:00", ""),  # not Labour Day there
    ],
)
def test_hours_and_holidays_are_those_of_the_country(
    elsewhere: ContentSources, moment: str, notice: str
) -> None:
    library = build_library(elsewhere, "drafts")
    now = datetime.fromisoformat(moment).astimezone(ZoneInfo("Europe/Oslo"))
    inbound = Inbound(sender="someone", text="ENGLISH 4", medium=Medium.CHAT)
    reply, _ = conversation_reply(inbound, None, library, now, True)
    assert notice in reply.text
    assert bool(notice) == ("closed" in reply.text)
