"""Texts through a real Kannel get the replies of the conversation, or the fallback."""

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rights_line.core.library import Library
from tests.support.kannel import TOKEN, Kannel, kannel, leaks, required
from tests.support.kannel_phones import Phones
from tests.support.servers import LineServer, free_port
from tests.support.waiting import wait_until

ExpectedReply = Callable[..., str]
Gateway = tuple[Kannel, Phones]

_numbers = itertools.count(40_000_000)
SENT: list[tuple[str, str]] = []


def new_number() -> str:
    """Return a number that has not been used."""
    return f"+47{next(_numbers)}"


def send(phones: Phones, *messages: tuple[str, str]) -> None:
    """Send texts, and record them for the test of what Kannel stores."""
    SENT.extend(messages)
    phones.send(*messages)


def received_by(phones: Phones, number: str) -> list[str]:
    """Return the texts that a number received, once there is one."""
    wait_until(lambda: number in phones.heard())
    return phones.heard()[number]


@pytest.mark.parametrize("number", ["", "Posten", "26112"], ids=["STOP", "a name", "a short code"])
def test_message_to_ignore_gets_no_reply_while_others_do(
    number: str, gateway: Gateway, line: LineServer, expected_reply: ExpectedReply
) -> None:
    """A reply to a name or a short code could start an endless loop."""
    _, phones = gateway
    quiet, other = number or new_number(), new_number()
    answered = line.output.read_text().count('"answered"')
    send(phones, (quiet, "POLSKI" if number else "STOP"))
    wait_until(lambda: line.output.read_text().count('"answered"') > answered)
    send(phones, (other, "POLSKI"))

    assert received_by(phones, other) == [expected_reply("POLSKI")]
    assert quiet not in phones.heard()


CROWD = ["POLSKI", "العربية", "ትግርኛ", "NORSK 4", "qwrtp", "RUSSKI 41", "ratunku", "🙏"]


def crowd(how_many: int) -> dict[str, str]:
    """Return new senders and the text of each."""
    texts = itertools.cycle(CROWD)
    return {new_number(): next(texts) for _ in range(how_many)}


def test_burst_while_line_is_killed_gets_reply_or_fallback_each(
    gateway: Gateway, line: LineServer, expected_reply: ExpectedReply, library: Library
) -> None:
    """No sender gets one of Kannel's own messages."""
    _, phones = gateway
    senders = crowd(400)
    messages = list(senders.items())
    before = {text: expected_reply(text) for text in CROWD}
    send(phones, *messages[:300])
    wait_until(lambda: len(phones.heard().keys() & senders.keys()) >= 20)
    line.kill()
    send(phones, *messages[300:])
    time.sleep(1)
    early = phones.heard().keys() & senders.keys()
    line.start()
    wait_until(lambda: phones.heard().keys() >= senders.keys())
    after = {text: expected_reply(text) for text in CROWD}
    received = phones.heard()
    others = {
        number: received.get(number, [])
        for number, text in senders.items()
        if received.get(number) not in ([before[text]], [after[text]])
    }

    assert len(early) < len(senders)
    assert [texts for texts in others.values() if texts != [library.fallback]] == []
    # Kannel repeats the requests that failed, so some of these senders get a reply, too.
    assert senders.keys() - early - others.keys() != set()


def test_kannel_stores_no_number_or_text(gateway: Gateway) -> None:
    """Its only files are its configuration and the captured output."""
    running, phones = gateway
    send(phones, (new_number(), "POLSKI 4"))
    assert received_by(phones, SENT[-1][0])
    texts = {text for _, text in SENT if len(text) > 3 and text != "default"}

    assert leaks(running.folder, [number for number, _ in SENT if len(number) > 8], texts) == []
    ours = {running.folder / name for name in ("kannel.conf", "bearerbox", "smsbox")}
    assert {*running.folder.rglob("*"), *running.open_files()} == ours


@pytest.fixture(params=[4, 3, 1])
def without_line(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Kannel, Phones, int]]:
    """Run a Kannel that requests once, at three log levels, without a line."""
    required()
    changes = {"http-request-retry = 20": "http-request-retry = 0"}
    with kannel(tmp_path / "kannel", free_port(), request.param, changes) as (running, phones):
        yield running, phones, request.param


def test_kannel_without_line_sends_fallback_and_logs_no_sender(
    without_line: tuple[Kannel, Phones, int], library: Library
) -> None:
    """Log levels below the shipped one would log the sender, the text or the token."""
    running, phones, level = without_line
    number = new_number()
    phones.send((number, "POLSKI"))

    assert received_by(phones, number) == [library.fallback]
    assert bool(leaks(running.folder, [number], ["POLSKI"])) == (level == 1)
    assert bool(leaks(running.folder, [], [TOKEN])) == (level < 4)
