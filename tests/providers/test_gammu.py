"""The files for a modem, with a real gammu-smsd, its dummy phone and a real line."""

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

from rights_line.clock import OSLO
from rights_line.core.conversation.turn import conversation_reply
from rights_line.core.library import Library
from rights_line.core.messages import Inbound
from rights_line.core.sms import count_sms
from tests.support.gammu_modem import SHIPPED, Modem, Sent, installed, smsd
from tests.support.servers import ROOT, free_port, running_line
from tests.support.waiting import wait_until

TOKEN = "a-token-of-nobody-0123456789"
SENDER = "+4790000101"


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    """Skip without gammu, but fail in CI."""
    if not installed():
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse("gammu-smsd is not installed: scripts/install-apt does it, from apt, as root")


@pytest.fixture(scope="module")
def fallback() -> str:
    """Return the text that an operator puts into fallback.xml."""
    command = "from rights_line.cli import main; exit(main(['fallback']))"
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


@contextmanager
def line(folder: Path) -> Iterator[tuple[str, Path]]:
    """Run the line; yield its port and the file of its output."""
    environ = {"CHANNELS": "kannel_sms", "KANNEL_TOKEN": TOKEN, "RIGHTS_LINE_SERVE": "drafts"}
    environ["OUTPUT"] = str(folder / "output")
    with running_line(environ) as (address, output):
        yield address.rpartition(":")[2], output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder for the files of line and modem."""
    return tmp_path_factory.mktemp("modem")


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[str]:
    """Run a line for all tests of the module; yield its port."""
    with line(folder) as (port, output):
        yield port
        assert "Traceback" not in output.read_text()


@pytest.fixture(scope="module")
def modem(folder: Path, fallback: str, port: str) -> Iterator[Modem]:
    """Run a modem for all tests of the module."""
    with smsd(Modem(folder, fallback), {"KANNEL_TOKEN": TOKEN, "PORT": port}) as made:
        yield made


def conversation(library: Library, *texts: str) -> list[str]:
    """Return the replies at this time to texts of one sender."""
    tag, replies = None, []
    for text in texts:
        reply, tag = conversation_reply(
            Inbound(SENDER, text), tag, library, datetime.now(OSLO), has_memory=True
        )
        replies.append(reply.text)
    return replies


TEXTS = {
    "Polish": ["POLSKI", "nie dostałem wypłaty", "00"],
    "Arabic, answered in four segments": ["العربية 4"],
    "Tigrinya, in its script": ["ሰላም ኣነ ትግርኛ"],
    "an emoji": ["🆘🌻"],
    "an emergency, with an emoji": ["ratunku 🙏"],
    "characters that GSM-7 escapes": ["[€] {NORSK} ~^|\\"],
    "two lines": ["POLSKI\n4"],
    "an empty text": [""],
    "Polish in many parts": ["Pracuję na budowie. " * 19 + "nie dostałem wypłaty"],
    "Arabic in many parts": ["أعمل كل يوم " * 160],
}


@pytest.fixture(scope="module")
def exchanges(modem: Modem, library: Library) -> dict[str, tuple[list[str], list[Sent]]]:
    """Return expected and sent replies of each case; all senders write at one time."""
    numbers = {case: f"+479000{number:04}" for number, case in enumerate(TEXTS)}
    expected = {case: conversation(library, *texts) for case, texts in TEXTS.items()}
    for turn in range(max(map(len, TEXTS.values()))):
        turns = {case: texts[turn] for case, texts in TEXTS.items() if turn < len(texts)}
        for case, text in turns.items():
            modem.comes(numbers[case], text)
        for case in turns:
            modem.answers(numbers[case], turn + 1)
    return {case: (expected[case], modem.answers(numbers[case], 1)) for case in TEXTS}


@pytest.mark.parametrize("case", TEXTS)
def test_reply_through_modem_arrives_whole_in_fewest_segments(
    exchanges: dict[str, tuple[list[str], list[Sent]]], library: Library, case: str
) -> None:
    expected, sent = exchanges[case]

    # A helpline may have opened or closed since the exchange.
    assert [sms.text for sms in sent] in (expected, conversation(library, *TEXTS[case]))
    assert [len(sms.segments) for sms in sent] == [count_sms(sms.text).segments for sms in sent]


UNANSWERED = {
    "an opt-out": (SENDER, "STOP"),
    "a name": ("Telenor", "Hei"),
    "a short code": ("2440", "Hei"),
    "a name that is a command": ("x;touch pwn", "Hei"),
    "a name that is a command, on a line of its own": ("x\ntouch pwn", "Hei"),
    "a name with a slash": ("H/M", "Hei"),
    "a name with slashes, on two lines": ("H\n/../M", "Hei"),
}


def test_automatic_sender_or_opt_out_gets_no_reply(modem: Modem) -> None:
    """The name of a sender runs no command and does not stop the script."""
    for sender, text in UNANSWERED.values():
        modem.comes(sender, text)
    modem.comes("+4790000102", "POLSKI")
    modem.answers("+4790000102", 1)
    modem.rests()

    senders = {sender for sender, _ in UNANSWERED.values()}
    assert [sms for sms in modem.sent() if sms.number in senders] == []
    assert not list(Path.cwd().glob("pwn*"))


OK = "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}"
DOWN = {
    "refuses the request": ["HTTP/1.1 403 FORBIDDEN\r\nContent-Length: 0\r\n\r\n"],
    "fails with status 500": ["HTTP/1.1 500 OOPS\r\nContent-Length: 5\r\n\r\nsorry"],
    "is an SSH server": ["SSH-2.0-OpenSSH\r\n"],
    "sends part of the body": [OK.format(50, "Call")],
    "sends invalid UTF-8": [OK.format(1, "\udcff")],
    "closes the connection": [""],
    "never responds": [],
}
RESTARTED = ["", "HTTP/1.1 503 WAIT\r\nContent-Length: 0\r\n\r\n", OK.format(4, "Here")]


@contextmanager
def broken_line(responses: list[str]) -> Iterator[str]:
    """Listen in place of the line and send the responses in turn; yield the port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with suppress(OSError):
                for response in chain(responses, repeat(responses[-1])):
                    client, _ = listener.accept()
                    with client:
                        client.recv(65536)
                        client.sendall(response.encode("utf-8", "surrogateescape"))

        thread = threading.Thread(target=serve if responses else lambda: None)
        thread.start()
        yield str(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def outbox_without_line(folder: Path, fallback: str, responses: list[str]) -> list[str]:
    """Run the script with a broken line; return the messages it leaves to be sent."""
    with broken_line(responses) as port:
        return outbox(Modem(folder, fallback), {"KANNEL_TOKEN": TOKEN, "PORT": port})


def outbox(modem: Modem, environ: dict[str, str], text: str = "Hei") -> list[str]:
    """Run the script on one message; return the messages it leaves to be sent."""
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
def test_script_with_token_in_either_variable_gets_reply(
    name: str, port: str, tmp_path: Path, fallback: str, library: Library
) -> None:
    """A gammu.env that was written before KANNEL_TOKEN still works."""
    messages = outbox(Modem(tmp_path, fallback), {name: TOKEN, "PORT": port})
    assert messages == conversation(library, "Hei")


def test_text_larger_than_request_limit_is_cut_and_gets_reply(
    port: str, tmp_path: Path, fallback: str, library: Library
) -> None:
    """The line refuses a body of more than 16 KiB."""
    environ, text = {"KANNEL_TOKEN": TOKEN, "PORT": port}, "1" + "ሀ" * 10_000
    assert outbox(Modem(tmp_path, fallback), environ, text) == conversation(library, text)


def command_lines() -> bytes:
    """Return the arguments of all processes."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            lines.append(path.read_bytes())
    return b"\n".join(lines)


def test_script_without_line_sends_fallback_and_hides_sender(
    tmp_path: Path, fallback: str, library: Library
) -> None:
    """It waits for a line that restarts; the list of processes shows no sender."""
    cases = DOWN | {"is restarted": RESTARTED}
    with ThreadPoolExecutor(len(cases)) as pool:
        messages = {
            case: pool.submit(outbox_without_line, tmp_path / case, fallback, responses)
            for case, responses in cases.items()
        }
        no_line = {"KANNEL_TOKEN": TOKEN, "PORT": str(free_port())}
        with smsd(Modem(tmp_path / "modem", fallback), no_line) as modem:
            for sender in (SENDER, "2440", "Telenor"):
                modem.comes(sender, "Ratunku, to ja")
            # The shell that the script replaces has the sender in its arguments for a moment.
            wait_until(lambda: f"answer\0{modem.spool}".encode() in command_lines())
            arguments = command_lines()
            modem.answers(SENDER, 1)
            modem.rests()

    assert [(sms.number, sms.text) for sms in modem.sent()] == [(SENDER, library.fallback)]
    assert SENDER.encode() not in arguments
    assert {case: texts.result() for case, texts in messages.items()} == {
        **{case: [library.fallback] for case in DOWN},
        "is restarted": ["Here"],
    }
    assert found_in(modem.kept(), [SENDER, "Ratunku"]) == []


def found_in(stored: bytes, needles: list[str]) -> list[str]:
    """Return the needles found, as plain text or in the encodings of gammu."""
    return [
        needle
        for needle in needles
        for encoded in (needle.encode(), needle.encode("utf-16-be"))
        if encoded in stored or encoded.hex().encode() in stored.lower()
    ]


def test_modem_stores_no_number_text_or_reply(
    modem: Modem, exchanges: dict[str, tuple[list[str], list[Sent]]], library: Library
) -> None:
    """This holds for files and their names, of the modem, gammu-smsd and the line."""
    modem.rests()
    texts = [text for texts in TEXTS.values() for text in texts if len(text) > 2]
    numbers = [sms.number.removeprefix("+47") for sms in modem.sent()]
    answers = [sms.text for sms in modem.sent()]
    names = [sender for sender, _ in UNANSWERED.values()]

    assert found_in(modem.kept(), [*texts, *numbers, *answers, *names]) == []
    assert [path for path in modem.spool.rglob("*") if path.is_file()] == []
