"""Requests for wrk to replay, each of them unique: signed SMS and USSD sessions."""

import itertools
import json
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from tests.support import twilio_phone
from tests.support.phones import africastalking_ussd

# The texts of one conversation, and the inputs of one USSD session.
TEXTS = ("POLSKI", "4", "41", "0", "nie dostalem wyplaty", "112", "ENGLISH 7", "hello")
# Texts that the sentence model reads, some of them with typing errors.
SENTENCES = (
    "Min sjef har tatt passet mitt og sier at jeg skylder ham penger for reisen og rommet",
    "The man I live with does not let me go out, and last night he said that he would hurt me",
    "szef nie zaplacil mi za trzy miesace i powiedzial ze nie mam prawa do niczego w tym kraju",
    "wczoraj wieczorem qwertyuiop asdfghjkl zabrali mi pazsport na lotnisku i nie chca go oddac",
)
INPUTS = ("", "9", "9*4", "9*4*41", "9*4*41*0", "9*4*41*0*1", "9*4*41*0*1*0", "9*4*41*0*1*0*99")
# Conversations at a time: the next text of a sender follows so many requests later, when the one
# before has been answered.
SENDERS = 64
CONNECTIONS = int(os.environ.get("BENCH_CONNECTIONS", "4"))

_SCRIPT = Path(__file__).with_name("replay.lua")
_FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
# A new number for each conversation, because of the rate limit per sender.
_numbers = itertools.count(40_000_000)


class Medium(NamedTuple):
    """A kind of requests.

    Attributes:
        name: as in the report.
        requests: returns the requests, without end.
        expected: Lua pattern that each response body must contain.
        most: requests per second that the fastest server may answer; so many are prepared.
        connections: requests at a time.
    """

    name: str
    requests: Callable[[], Iterator[bytes]]
    expected: str
    most: int = 6_000
    connections: int = CONNECTIONS


def write(path: Path, requests: Iterable[bytes]) -> None:
    """Write the file that replay.lua reads: each request after a line with its length."""
    with path.open("wb") as file:
        file.writelines(b"%d\n%b" % (len(request), request) for request in requests)


def _post(path: str, form: Mapping[str, str], header: str = "") -> bytes:
    body = urlencode(form)
    head = f"POST {path} HTTP/1.1\r\nHost: line.example.org\r\n{_FORM}{header}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def _sms(texts: Sequence[str]) -> Iterator[bytes]:
    while True:
        senders = [f"+47{next(_numbers)}" for _ in range(SENDERS)]
        for text, sender in itertools.product(texts, senders):
            form = twilio_phone.fields(text, sender)
            signature = f"X-Twilio-Signature: {twilio_phone.signature(form)}\r\n"
            yield _post(twilio_phone.PATH, form, signature)


def _ussd() -> Iterator[bytes]:
    while True:
        callers = [f"+47{next(_numbers)}" for _ in range(SENDERS)]
        for text, caller in itertools.product(INPUTS, callers):
            form = africastalking_ussd.fields(
                text, phoneNumber=caller, sessionId=f"ATUid_{caller[1:]:>032}"
            )
            yield _post(africastalking_ussd.PATH, form)


SMS = Medium("SMS", partial(_sms, TEXTS), "<Message>")
SMS_AT_ONCE = SMS._replace(name="SMS, 40 at a time", connections=40)  # more than there are threads
SENTENCE = Medium("a sentence", partial(_sms, SENTENCES), "<Message>", 1_000)
USSD = Medium("USSD", _ussd, "^CON ", 20_000)


class Load(NamedTuple):
    """The outcome of one run; percentiles in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float


def replay(
    address: str, requests: Path, expected: str, seconds: int, connections: int = CONNECTIONS
) -> Load:
    """Replay requests for so many seconds.

    Raises:
        RuntimeError: wrk failed, or a response was not the expected one.
    """
    command = [
        *("wrk", "--threads", "1", "--connections", str(connections), "--timeout", "10s"),
        *("--duration", f"{seconds}s", "--script", str(_SCRIPT), address, "--"),
        *(str(requests), expected),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"wrk failed: {done.stderr or done.stdout}")
    result = json.loads(done.stdout.splitlines()[-1])
    wrong, example = result.pop("wrong"), result.pop("example")
    if wrong or not result["requests"]:
        raise RuntimeError(
            f"{wrong} of {result['requests']} responses are wrong, such as {example}"
        )
    return Load(**result)
