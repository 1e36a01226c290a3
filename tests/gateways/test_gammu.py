"""The recipe for a modem: a real gammu-smsd with its dummy phone, asking a real line."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from rights_line.core.conversation import respond
from rights_line.core.library import Library
from rights_line.core.messages import Inbound
from rights_line.core.sms import count
from rights_line.web import OSLO
from tests.gateways.gammu_modem import SHIPPED, Modem, Sent, installed, smsd
from tests.servers import ROOT, free_port, gunicorn

TOKEN = "0123456789abcdef0123456789abcdef"
HER = "+4790000101"


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    """Skip where gammu is not to be had; in CI it is."""
    if not installed():
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse("gammu-smsd is not installed: scripts/install-gammu does it, from apt, as root")


@pytest.fixture(scope="module")
def fallback() -> str:
    """What an operator puts into fallback.xml."""
    command = "from rights_line.cli import main; exit(main(['fallback']))"
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


@contextmanager
def line(folder: Path, *options: str) -> Iterator[tuple[str, Path]]:
    """Run the line; yield its port and the file that its output goes to."""
    environ = {"CHANNELS": "kannel_sms", "WEBHOOK_TOKEN": TOKEN, "RIGHTS_LINE_SERVE": "drafts"}
    environ["OUTPUT"] = str(folder / "gunicorn.log")
    with gunicorn(environ, *options) as (address, output):
        yield address.rpartition(":")[2], output


@pytest.fixture(scope="module")
def modem(tmp_path_factory: pytest.TempPathFactory, fallback: str) -> Iterator[Modem]:
    """A modem that asks a line; both run for all the tests."""
    folder = tmp_path_factory.mktemp("modem")
    with line(folder) as (port, output):
        with smsd(Modem(folder, fallback), {"WEBHOOK_TOKEN": TOKEN, "PORT": port}) as made:
            yield made
        assert output.read_text().count("Booting worker") == 1


def conversation(library: Library, *texts: str) -> list[str]:
    """Return what is answered to one text after the other, now."""
    tag, answers = None, []
    for text in texts:
        reply, tag = respond(Inbound(HER, text), tag, library, datetime.now(OSLO), remembers=True)
        answers.append(reply.text)
    return answers


ASKED = {
    "Polish": ["POLSKI", "nie dostałem wypłaty", "41", "00"],
    "Arabic": ["العربية", "4"],
    "Tigrinya, in its script": ["ሰላም ኣነ ትግርኛ"],
    "an emoji": ["🆘🌻"],
    "an emergency, with an emoji": ["ratunku 🙏"],
    "characters that GSM-7 escapes": ["[€] {NORSK} ~^|\\"],
    "two lines": ["POLSKI\n4"],
    "nothing": [""],
    "six parts of a story": ["POLSKI", "Pracuję na budowie. " * 19 + "nie dostałem wypłaty"],
    "longer than a request": ["العربية", "أعمل كل يوم " * 60],
}


@pytest.mark.parametrize("case", ASKED)
def test_she_gets_what_is_said(modem: Modem, library: Library, case: str) -> None:
    """Each answer comes whole, character for character, in as few segments as it can."""
    her, texts = f"+479000{list(ASKED).index(case):04}", ASKED[case]
    before = conversation(library, *texts)
    got: list[Sent] = []
    for number, text in enumerate(texts, start=1):
        modem.comes(her, text)
        got = modem.answers(her, number)

    # A helpline may have opened or closed meanwhile.
    assert [sms.text for sms in got] in (before, conversation(library, *texts))
    assert [len(sms.segments) for sms in got] == [count(sms.text).segments for sms in got]


SILENT = {
    "she asks it to stop": (HER, "STOP"),
    "a name": ("Telenor", "Hei"),
    "a short code": ("2440", "Hei"),
    "a name that is a command": ("x;touch run", "Hei"),
    "a name that is a command, on a line of its own": ("x\ntouch run", "Hei"),
    "a name that is no file's": ("H/M", "Hei"),
    "a name that is no file's, on two lines": ("H\n/../M", "Hei"),
}


def test_nothing_is_said(modem: Modem) -> None:
    """Nothing goes to who asked for it or is a machine; no name runs a command or stops the line."""
    for sender, text in SILENT.values():
        modem.comes(sender, text)
    modem.comes("+4790000102", "POLSKI")
    modem.answers("+4790000102", 1)
    modem.read_all()

    senders = {sender for sender, _ in SILENT.values()}
    assert [sms for sms in modem.sent() if sms.number in senders] == []
    assert not list(Path.cwd().glob("run*"))


DOWN = {
    "refuses": "HTTP/1.1 403 FORBIDDEN\r\nContent-Length: 0\r\n\r\n",
    "breaks": "HTTP/1.1 500 OOPS\r\nContent-Length: 5\r\n\r\nsorry",
    "is something else": "SSH-2.0-OpenSSH\r\n",
    "stops half-way": "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nCall",
    "says what is no text": "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\udcff",
    "says nothing": "",
}


def answer(folder: Path, port: str, fallback: str) -> list[str]:
    """Run the script alone; return what it leaves to be sent."""
    modem = Modem(folder, fallback)
    environ = {"WEBHOOK_TOKEN": TOKEN, "PORT": port, "SMS_MESSAGES": "1", "DECODED_PARTS": "0"}
    subprocess.run(
        [SHIPPED / "answer", modem.spool, modem.fallback],
        env={**environ, "SMS_1_NUMBER": HER, "SMS_1_TEXT": "POLSKI"},
        check=True,
    )
    return [path.read_text("utf-16") for path in (modem.spool / "outbox").iterdir()]
