"""The recipe for a modem: a real gammu-smsd with its dummy phone, asking a real line."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import chain, repeat
from pathlib import Path

import pytest

from rights_line.core.conversation import respond
from rights_line.core.library import Library
from rights_line.core.messages import Inbound
from rights_line.core.opening_hours import OSLO
from rights_line.core.sms import count
from tests.support.gammu_modem import SHIPPED, Modem, Sent, installed, smsd
from tests.support.servers import ROOT, free_port, gunicorn
from tests.support.waiting import wait_until

TOKEN = "a-token-of-nobody-0123456789"
SENDER = "+4790000101"


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    """Skip where gammu is not to be had; in CI it is."""
    if not installed():
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse("gammu-smsd is not installed: scripts/install-apt does it, from apt, as root")


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
    environ = {"CHANNELS": "kannel_sms", "KANNEL_TOKEN": TOKEN, "RIGHTS_LINE_SERVE": "drafts"}
    environ["OUTPUT"] = str(folder / "gunicorn.log")
    with gunicorn(environ, *options) as (address, output):
        yield address.rpartition(":")[2], output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which line and modem leave what they write."""
    return tmp_path_factory.mktemp("modem")


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[str]:
    """The port of a line that runs for all the tests."""
    with line(folder) as (port, output):
        yield port
        assert output.read_text().count("Booting worker") == 1


@pytest.fixture(scope="module")
def modem(folder: Path, fallback: str, port: str) -> Iterator[Modem]:
    """A modem that asks the line, for all the tests."""
    with smsd(Modem(folder, fallback), {"KANNEL_TOKEN": TOKEN, "PORT": port}) as made:
        yield made


def conversation(library: Library, *texts: str) -> list[str]:
    """Return what is answered to one text after the other, now."""
    tag, answers = None, []
    for text in texts:
        reply, tag = respond(
            Inbound(SENDER, text), tag, library, datetime.now(OSLO), has_memory=True
        )
        answers.append(reply.text)
    return answers


ASKED = {
    "Polish": ["POLSKI", "nie dostałem wypłaty", "00"],
    "Arabic, answered in four segments": ["العربية 4"],
    "Tigrinya, in its script": ["ሰላም ኣነ ትግርኛ"],
    "an emoji": ["🆘🌻"],
    "an emergency, with an emoji": ["ratunku 🙏"],
    "characters that GSM-7 escapes": ["[€] {NORSK} ~^|\\"],
    "two lines": ["POLSKI\n4"],
    "nothing": [""],
    "a story of many parts": ["Pracuję na budowie. " * 19 + "nie dostałem wypłaty"],
    "Arabic in many parts": ["أعمل كل يوم " * 160],
}


@pytest.fixture(scope="module")
def talked(modem: Modem, library: Library) -> dict[str, tuple[list[str], list[Sent]]]:
    """What is to be said and what was sent, in each case; all of them write at the same time."""
    numbers = {case: f"+479000{number:04}" for number, case in enumerate(ASKED)}
    wanted = {case: conversation(library, *texts) for case, texts in ASKED.items()}
    for turn in range(max(map(len, ASKED.values()))):
        turns = {case: texts[turn] for case, texts in ASKED.items() if turn < len(texts)}
        for case, text in turns.items():
            modem.comes(numbers[case], text)
        for case in turns:
            modem.answers(numbers[case], turn + 1)
    return {case: (wanted[case], modem.answers(numbers[case], 1)) for case in ASKED}


@pytest.mark.parametrize("case", ASKED)
def test_she_gets_what_is_said(
    talked: dict[str, tuple[list[str], list[Sent]]], library: Library, case: str
) -> None:
    """Each answer comes whole, character for character, in as few segments as it can."""
    wanted, got = talked[case]

    # A helpline may have opened or closed meanwhile.
    assert [sms.text for sms in got] in (wanted, conversation(library, *ASKED[case]))
    assert [len(sms.segments) for sms in got] == [count(sms.text).segments for sms in got]


SILENT = {
    "she asks it to stop": (SENDER, "STOP"),
    "a name": ("Telenor", "Hei"),
    "a short code": ("2440", "Hei"),
    "a name that is a command": ("x;touch pwn", "Hei"),
    "a name that is a command, on a line of its own": ("x\ntouch pwn", "Hei"),
    "a name that is no file's": ("H/M", "Hei"),
    "a name that is no file's, on two lines": ("H\n/../M", "Hei"),
}


def test_nothing_is_said(modem: Modem) -> None:
    """Nothing goes to a machine, or to who asked for it; no name runs a command or stops us."""
    for sender, text in SILENT.values():
        modem.comes(sender, text)
    modem.comes("+4790000102", "POLSKI")
    modem.answers("+4790000102", 1)
    modem.rests()

    senders = {sender for sender, _ in SILENT.values()}
    assert [sms for sms in modem.sent() if sms.number in senders] == []
    assert not list(Path.cwd().glob("pwn*"))


OK = "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}"
DOWN = {
    "refuses": ["HTTP/1.1 403 FORBIDDEN\r\nContent-Length: 0\r\n\r\n"],
    "breaks": ["HTTP/1.1 500 OOPS\r\nContent-Length: 5\r\n\r\nsorry"],
    "is something else": ["SSH-2.0-OpenSSH\r\n"],
    "stops half-way": [OK.format(50, "Call")],
    "says what is no text": [OK.format(1, "\udcff")],
    "hangs up": [""],
    "hangs": [],
}
RESTARTED = ["", "HTTP/1.1 503 WAIT\r\nContent-Length: 0\r\n\r\n", OK.format(4, "Here")]


@contextmanager
def broken(says: list[str]) -> Iterator[str]:
    """Be what listens in place of the line, saying one thing after the other; yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                for answer in chain(says, repeat(says[-1])):
                    client, _ = listener.accept()
                    with client:
                        client.recv(65536)
                        client.sendall(answer.encode("utf-8", "surrogateescape"))

        thread = threading.Thread(target=serve if says else lambda: None)
        thread.start()
        yield str(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def left_to_send(folder: Path, fallback: str, says: list[str]) -> list[str]:
    """Run the script alone; return what it leaves to be sent."""
    with broken(says) as port:
        return outbox(Modem(folder, fallback), {"KANNEL_TOKEN": TOKEN, "PORT": port})


def outbox(modem: Modem, environ: dict[str, str], text: str = "Hei") -> list[str]:
    """Run the script on one message; return what it leaves to be sent."""
    message = {
        "SMS_MESSAGES": "1",
        "DECODED_PARTS": "0",
        "SMS_1_NUMBER": SENDER,
        "SMS_1_TEXT": text,
    }
    command = [SHIPPED / "answer", modem.spool, modem.fallback]
    subprocess.run(command, env={**environ, **message}, check=True)
    return [path.read_text("utf-16") for path in (modem.spool / "outbox").iterdir()]


@pytest.mark.parametrize("name", ["KANNEL_TOKEN", "WEBHOOK_TOKEN"])
def test_script_reads_the_token_from_either_variable(
    name: str, port: str, tmp_path: Path, fallback: str, library: Library
) -> None:
    """A gammu.env that was written before KANNEL_TOKEN goes on working."""
    left = outbox(Modem(tmp_path, fallback), {name: TOKEN, "PORT": port})
    assert left == conversation(library, "Hei")


def test_text_larger_than_a_request_is_cut(
    port: str, tmp_path: Path, fallback: str, library: Library
) -> None:
    """The line refuses a body of more than 16 KiB: the script sends the beginning."""
    environ, text = {"KANNEL_TOKEN": TOKEN, "PORT": port}, "1" + "ሀ" * 10_000
    assert outbox(Modem(tmp_path, fallback), environ, text) == conversation(library, text)


def command_lines() -> bytes:
    """Return the arguments of every process there is."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            lines.append(path.read_bytes())
    return b"\n".join(lines)


def test_what_is_said_when_the_line_is_down(
    tmp_path: Path, fallback: str, library: Library
) -> None:
    """However it is down, she gets the helplines; a line that comes back is waited for. Meanwhile
    nobody sees in the list of processes who she is."""
    cases = DOWN | {"is restarted": RESTARTED}
    with ThreadPoolExecutor(len(cases)) as pool:
        left = {
            case: pool.submit(left_to_send, tmp_path / case, fallback, says)
            for case, says in cases.items()
        }
        nobody = {"KANNEL_TOKEN": TOKEN, "PORT": str(free_port())}
        with smsd(Modem(tmp_path / "modem", fallback), nobody) as modem:
            for sender in (SENDER, "2440", "Telenor"):
                modem.comes(sender, "Ratunku, to ja")
            # Not the shell's, which holds them for a moment.
            wait_until(lambda: f"answer\0{modem.spool}".encode() in command_lines())
            seen = command_lines()
            modem.answers(SENDER, 1)
            modem.rests()

    assert [(sms.number, sms.text) for sms in modem.sent()] == [(SENDER, library.fallback)]
    assert SENDER.encode() not in seen
    assert {case: texts.result() for case, texts in left.items()} == {
        **{case: [library.fallback] for case in DOWN},
        "is restarted": ["Here"],
    }
    assert found_in(modem.kept(), [SENDER, "Ratunku"]) == []


def found_in(kept: bytes, needles: list[str]) -> list[str]:
    """Return those that are there, as they are or as gammu writes them."""
    return [
        needle
        for needle in needles
        for encoded in (needle.encode(), needle.encode("utf-16-be"))
        if encoded in kept or encoded.hex().encode() in kept.lower()
    ]


def test_nothing_is_kept(
    modem: Modem, talked: dict[str, tuple[list[str], list[Sent]]], library: Library
) -> None:
    """After all that, no file or file's name of the modem, gammu-smsd or the line holds a number,
    a text or an answer."""
    modem.rests()
    texts = [text for texts in ASKED.values() for text in texts if len(text) > 2]
    numbers = [sms.number.removeprefix("+47") for sms in modem.sent()]
    answers = [sms.text for sms in modem.sent()]
    names = [sender for sender, _ in SILENT.values()]

    assert found_in(modem.kept(), [*texts, *numbers, *answers, *names]) == []
    assert [path for path in modem.spool.rglob("*") if path.is_file()] == []
