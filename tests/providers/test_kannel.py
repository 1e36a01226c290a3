"""Texts through a real Kannel get the replies of the conversation, or the fallback."""

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from rights_line.core.library import Library
from tests.support.canary import NUMBER, TEXT
from tests.support.kannel import TOKEN, Kannel, kannel, leaked, required
from tests.support.kannel_centre import Centre, new_number
from tests.support.servers import LineServer
from tests.support.waiting import wait_until

ExpectedReply = Callable[..., str]

SENDER = NUMBER.removeprefix("+")  # of whom nothing may be left


def received_by(operator: Centre, number: str) -> list[str]:
    """Return the texts that a number received, once there is one."""
    wait_until(lambda: number in operator.heard())
    return operator.heard()[number]


@pytest.mark.parametrize("number", ["", "Posten", "26112"], ids=["STOP", "a name", "a short code"])
def test_message_to_ignore_gets_no_reply_while_others_do(
    number: str, operator: Centre, line: LineServer, expected_reply: ExpectedReply
) -> None:
    """A reply to a name or a short code could start an endless loop."""
    quiet, other = number or new_number(), new_number()
    answered = line.output.read_text().count('"answered"')
    operator.text((quiet, "POLSKI" if number else "STOP"))
    wait_until(lambda: line.output.read_text().count('"answered"') > answered)
    operator.text((other, "POLSKI"))

    assert received_by(operator, other) == [expected_reply("POLSKI")]
    assert quiet not in operator.heard()


CROWD = ["POLSKI", "العربية", "ትግርኛ", "NORSK 4", "qwrtp", "RUSSKI 41", "ratunku", "🙏", TEXT]


def crowd(how_many: int) -> dict[str, str]:
    """Return new senders and the text of each."""
    texts = itertools.cycle(CROWD)
    return {new_number(): next(texts) for _ in range(how_many)}


def test_burst_while_line_is_killed_gets_reply_or_fallback_each(
    operator: Centre, line: LineServer, expected_reply: ExpectedReply, library: Library
) -> None:
    """No sender gets one of Kannel's own messages."""
    senders = {SENDER: TEXT, **crowd(400)}
    messages = list(senders.items())
    before = {text: expected_reply(text) for text in CROWD}
    operator.text(*messages[:300])
    wait_until(lambda: len(operator.heard().keys() & senders.keys()) >= 20)
    line.kill()
    operator.text(*messages[300:])
    time.sleep(1)
    early = operator.heard().keys() & senders.keys()
    line.start()
    wait_until(lambda: operator.heard().keys() >= senders.keys())
    after = {text: expected_reply(text) for text in CROWD}
    received = operator.heard()
    others = {
        number: received.get(number, [])
        for number, text in senders.items()
        if received.get(number) not in ([before[text]], [after[text]])
    }

    assert len(early) < len(senders)
    assert [texts for texts in others.values() if texts != [library.fallback]] == []
    # Kannel repeats the requests that failed, so some of these senders get a reply, too.
    assert senders.keys() - early - others.keys() != set()


def test_kannel_stores_no_number_or_text(gateway: tuple[Kannel, Centre]) -> None:
    """Its only files are its configuration and the captured output."""
    running, operator = gateway
    answered = len(operator.heard().get(SENDER, []))
    operator.text((SENDER, TEXT))
    wait_until(lambda: len(operator.heard().get(SENDER, [])) > answered)

    assert leaked(running.folder, {NUMBER, TEXT}) == set()
    ours = {running.folder / name for name in ("kannel.conf", "bearerbox", "smsbox")}
    assert {*running.folder.rglob("*"), *running.open_files()} == ours


@pytest.fixture(params=[4, 3, 1])
def without_line(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[Kannel, Centre, int]]:
    """Run a Kannel that requests once, at three log levels; nothing listens on port 1."""
    required()
    changes = {"http-request-retry = 20": "http-request-retry = 0"}
    with kannel(tmp_path / "kannel", 1, request.param, changes) as (running, operator):
        yield running, operator, request.param


def test_kannel_without_line_sends_fallback_and_logs_no_sender(
    without_line: tuple[Kannel, Centre, int], library: Library
) -> None:
    """Log levels below the shipped one would log the sender, the text or the token."""
    running, operator, level = without_line
    operator.text((SENDER, TEXT))

    assert received_by(operator, SENDER) == [library.fallback]
    assert bool(leaked(running.folder, {NUMBER, TEXT})) == (level == 1)
    assert bool(leaked(running.folder, {TOKEN})) == (level < 4)
