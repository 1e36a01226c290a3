"""Malformed, truncated, large and endless requests: refused, not logged, and no delay for others.

The line runs as in the Procfile, with two processes and its own Redis.
"""

import json
import os
import random
import re
import select
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Timer
from urllib.parse import urlencode

import pytest

from rights_line.core.library import Library
from rights_line.web import patience
from rights_line.web.patience import PATIENCE, Patient
from tests.support import twilio_phone
from tests.support.canary import CITY, MESSAGE_ID, NUMBER, leaks
from tests.support.limits import UNLIMITED_ENVIRON
from tests.support.load import LoadGenerator
from tests.support.phones import ENVIRON, KANNEL_TOKEN, TOKEN
from tests.support.redis_line import redis_environ
from tests.support.servers import LineServer, RedisServer
from tests.support.soak import rss
from tests.support.waiting import wait_until
from tests.support.wire import AS_FORM, MALFORMED, PATH, dial, exchange, request_bytes

# With LONG=1 the latency of genuine messages is checked too, on an idle machine with two cores.
LONG = bool(os.environ.get("LONG"))
AT_MOST = 1.0  # seconds for 99 of 100 genuine messages
RATE = 20  # genuine messages a second
ENOUGH = 100 if LONG else 2  # genuine messages that a test needs at least
SEED = 7
MUTATIONS = 5000
OTHERS = "4741"  # prefix of the numbers that mutated messages come from
MEMORY_GROWTH = 30 * 1024  # KiB, all processes together
GONE = 60.0  # seconds until every connection must be closed, even on a busy machine

USSD_PATH = f"/inbound/africastalking_ussd/{TOKEN}"
CHANNELS = ("twilio_sms", "twilio_voice", "africastalking_ussd", "kannel_sms")
OUTCOMES = {
    *("answered", "answered without session", "short", "short without session", "withheld"),
    *("refused", "broken", "too large", "malformed"),
}
SERVER_PREFIX = re.compile(r"^\[[-0-9: +]{25}\] \[\d+\] \[[A-Z]+\] ")
SERVER_LINES = (
    *("Malformed request", "Socket error processing... "),
    *("Starting", "Listening", "Using", "Booting"),
)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LineServer]:
    """The line with its channels."""
    folder = tmp_path_factory.mktemp("raw")
    redis = RedisServer(folder)
    output = {
        "OUTPUT": str(folder / "output"),
        "WEB_CONCURRENCY": "2",
        "CHANNELS": ",".join(CHANNELS),
    }
    made = LineServer(ENVIRON | redis_environ(redis.url) | UNLIMITED_ENVIRON | output)
    try:
        redis.start()
        made.start()
        yield made
    finally:
        made.stop()
        redis.stop()


@pytest.fixture
def server(line: LineServer) -> Iterator[str]:
    """The host and port of the line, which must lose no process and log only what it may."""
    wait_until(lambda: len(line.processes()) == 3, "gunicorn's processes")
    before = line.processes()
    yield line.address.removeprefix("http://")
    assert line.processes() == before, "a process died"
    assert unexpected_lines(line.output) == []


@pytest.fixture
def busy(server: str, line: LineServer, library: Library) -> Iterator[str]:
    """The same under a load of genuine messages, each of which must get the right reply."""
    load = LoadGenerator(lambda: line.address, library)
    with ThreadPoolExecutor(1) as pool:
        talks = pool.submit(load.text, RATE, 600.0)
        try:
            yield server
            wait_until(lambda: len(load.tally.seconds) > ENOUGH, "genuine traffic")
        finally:
            load.over.set()
        tally = talks.result()
    assert tally.outcomes.keys() <= {"full", "menu"}, f"{tally}"
    assert tally.late_while_idle <= 1 + tally.right / 100, f"{tally}"
    if LONG:
        assert tally.percentile(99) < AT_MOST, f"{tally}"


def unexpected_lines(output: Path) -> list[str]:
    """Return the lines of a log that are neither valid events nor gunicorn's own, and leaks."""
    rows = output.read_text(errors="replace").splitlines()
    server_lines = {SERVER_PREFIX.sub("", row) for row in rows if not is_event(row)}
    unknown = [words for words in server_lines if not words.startswith(SERVER_LINES)]
    words = "\n".join(server_lines)
    return [*unknown, *leaks(words.encode()), *re.findall(rf"{OTHERS}\d{{6}}", words)]


def is_event(row: str) -> bool:
    """Return whether a line is an event with only known values, and a duration."""
    with suppress(ValueError):
        match json.loads(row):
            case {"event": "inbound", "channel": channel, "outcome": outcome, "ms": int(), **more}:
                return (channel in CHANNELS, outcome in OUTCOMES, more) == (True, True, {})
            case {"event": "redis", "channel": "", "outcome": "down" | "up", "ms": int(), **more}:
                return more == {}
            case {"event": "page", "channel": "web", "outcome": outcome, "ms": int(), **more}:
                return (outcome in ("answered", "not found"), more) == (True, {})
    return False


def statuses(answer: bytes) -> list[int]:
    """Return the status of each answer, except 100 Continue."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 ([2-9]\d\d) ", answer)]


# 1. Genuine messages


def posts(body: str, path: str = PATH, signature: str = "", length: int | None = None) -> bytes:
    """Return a POST request with a form."""
    headers = [AS_FORM, f"Content-Length: {len(body) if length is None else length}"]
    return request_bytes(f"POST {path} HTTP/1.1", *headers, *signed(signature), body=body)


def chunked(body: str, path: str = PATH, signature: str = "") -> bytes:
    """Return a chunked POST request; `body` is everything after the headers."""
    headers = [AS_FORM, "Transfer-Encoding: chunked"]
    return request_bytes(f"POST {path} HTTP/1.1", *headers, *signed(signature), body=body)


def signed(signature: str) -> list[str]:
    return [f"X-Twilio-Signature: {signature}"] if signature else []


def in_chunks(body: str) -> str:
    """Return a body in two chunks and the last one."""
    half = len(body) // 2
    return "".join(f"{len(part):x}\r\n{part}\r\n" for part in (body[:half], body[half:], ""))


# An emergency, because its limit is the highest.
SMS = twilio_phone.fields("112", NUMBER, FromCity=CITY, MessageSid=f"SM{MESSAGE_ID}")
FORM = urlencode(SMS)
SIGNED = twilio_phone.signature(SMS)
FORGED = twilio_phone.signature(SMS, token="another token")
USSD = urlencode(
    {
        **{"sessionId": f"ATUid_{MESSAGE_ID}", "serviceCode": "*384*5#", "phoneNumber": NUMBER},
        **{"networkCode": CITY, "text": "2*1"},
    }
)
KANNEL = urlencode({"from": NUMBER, "to": "2440", "text": "4", "charset": "UTF-8"})

GENUINE = {
    "an SMS": posts(FORM, PATH, SIGNED),
    "an SMS in chunks": chunked(in_chunks(FORM), PATH, SIGNED),
    "USSD": posts(USSD, USSD_PATH),
    "Kannel": request_bytes(
        f"POST /inbound/kannel_sms/{KANNEL_TOKEN} HTTP/1.1",
        *(f"X-Kannel-From: {NUMBER}", 'Content-Type: text/plain; charset="UTF-8"'),
        "Content-Length: 1",
        body="4",
    ),
    "Kannel by GET": request_bytes(f"GET /inbound/kannel_sms/{KANNEL_TOKEN}?{KANNEL} HTTP/1.1"),
}


@pytest.mark.parametrize("data", GENUINE.values(), ids=GENUINE)
def test_genuine_request_gets_helplines(data: bytes, server: str) -> None:
    answer = exchange(server, data)

    assert statuses(answer) == [200]
    assert b"112" in answer


# 2. Truncated bodies

HALF = len(FORM) // 2
TRUNCATED = {
    "body one byte short": posts(FORM, PATH, SIGNED, len(FORM) + 1),
    "body much too short": posts(FORM, PATH, SIGNED, 16_000),
    "no body": posts("", PATH, SIGNED, len(FORM)),
    "USSD body too short": posts(USSD, USSD_PATH, "", len(USSD) + 3),
    **{
        f"chunked, {name}": chunked(body, PATH, SIGNED)
        for name, body in {
            "no last chunk": in_chunks(FORM).removesuffix("0\r\n\r\n"),
            "truncated after the last chunk": in_chunks(FORM).removesuffix("\r\n"),
            "truncated after the last size": in_chunks(FORM).removesuffix("\r\n\r\n"),
            "truncated chunk": f"{len(FORM) + 9:x}\r\n{FORM}",
            "only a size": f"{len(FORM):x}\r\n",
            "nothing": "",
            "invalid size": f"{len(FORM):x}\r\n{FORM}\r\nzz\r\n\r\n",
            "negative size": f"{len(FORM):x}\r\n{FORM}\r\n-1\r\n\r\n",
            "size with 0x": f"0x{len(FORM):x}\r\n{FORM}\r\n0\r\n\r\n",
            "size with underscore": f"0_{len(FORM):x}\r\n{FORM}\r\n0\r\n\r\n",
            "enormous size": f"{len(FORM):x}\r\n{FORM}\r\n{'f' * 16}\r\n",
            "size of 9,000 digits": f"{len(FORM):x}\r\n{FORM}\r\n{'f' * 9000}\r\n\r\n",
            "chunk without line end": f"{len(FORM):x}\r\n{FORM}0\r\n\r\n",
            "chunk longer than its size": f"{len(FORM):x}\r\n{FORM}abc\r\n0\r\n\r\n",
            "bare line feeds": f"{len(FORM):x}\n{FORM}\n0\n\n",
            "invalid trailer": f"{len(FORM):x}\r\n{FORM}\r\n0\r\n{NUMBER}\r\n\r\n",
            "truncated trailer": f"{len(FORM):x}\r\n{FORM}\r\n0\r\nX-A: {NUMBER}",
        }.items()
    },
    "unknown path": chunked("zz\r\n", f"/{NUMBER}"),
    "unknown channel": posts("", "/inbound/nosuch", "", 100),
    "/healthz": request_bytes("GET /healthz HTTP/1.1", "Transfer-Encoding: chunked"),
}
MAY_BE_404 = ("unknown path", "unknown channel")


@pytest.mark.parametrize("name", TRUNCATED)
def test_truncated_body_is_not_a_shorter_message(name: str, server: str) -> None:
    """The part that arrived has a valid signature, and still the only answer is one 400."""
    allowed = [[400], [404]] if name in MAY_BE_404 else [[400]]

    assert statuses(exchange(server, TRUNCATED[name])) in allowed


# 3. Requests without a message

REFUSED = {
    "OPTIONS on a channel": (request_bytes(f"OPTIONS {PATH} HTTP/1.1"), 405),
    "OPTIONS *": (request_bytes("OPTIONS * HTTP/1.1"), 404),
    "OPTIONS on /healthz": (request_bytes("OPTIONS /healthz HTTP/1.1"), 405),
    "TRACE": (request_bytes(f"TRACE {PATH} HTTP/1.1"), 405),
    "two slashes": (posts(FORM, f"/{PATH}", SIGNED), 403),
    "two slashes in the path": (posts(FORM, "/inbound//twilio_sms", SIGNED), 404),
    "a dot segment": (posts(FORM, "/./inbound/twilio_sms", SIGNED), 404),
    "unknown transfer coding": (
        request_bytes(f"POST {PATH} HTTP/1.1", AS_FORM, "Transfer-Encoding: gzip"),
        400,
    ),
    "path in a header": (
        request_bytes("GET /nosuch HTTP/1.1", f"SCRIPT_NAME: /{NUMBER}", "PATH_INFO: /healthz"),
        404,
    ),
    "wrong signature": (posts(FORM, PATH, FORGED), 403),
    "wrong token": (posts(USSD, f"/inbound/africastalking_ussd/{'x' * 30}"), 403),
    "wrong token with a query": (
        request_bytes(f"GET /inbound/kannel_sms/{'x' * 30}?{KANNEL} HTTP/1.1"),
        403,
    ),
}


@pytest.mark.parametrize(("data", "status"), REFUSED.values(), ids=REFUSED)
def test_request_without_message_is_refused(data: bytes, status: int, server: str) -> None:
    """Other methods, other spellings of a path, and wrong tokens get a 4xx."""
    assert statuses(exchange(server, data)) == [status]


# 4. Five thousand mutations

Change = Callable[[bytes, random.Random], bytes]

PIECES = (
    *(
        b"\r\n",
        b"\r\n\r\n",
        b"\n",
        b"\r",
        b"\0",
        b"\xff",
        b" ",
        b"\t",
        b":",
        b"=",
        b"&",
        b"%",
        b";",
    ),
    *(b"%00", b"%zz", b"0\r\n\r\n", b"HTTP/1.0", b"HTTP/2.0", b"//", b"?", b"#", b"../", b"+"),
    *(b"Content-Length: 5\r\n", b"Content-Length: 99999\r\n", b"Transfer-Encoding: chunked\r\n"),
    *(b"Transfer-Encoding: identity\r\n", b"Transfer-Encoding: gzip\r\n", b"Expect: x\r\n"),
    *(b"Expect: 100-continue\r\n", b"Connection: close\r\n", b"Connection: upgrade\r\n"),
    *(b"SCRIPT_NAME: /x\r\n", b"PATH_INFO: /x\r\n", b"X-Forwarded-Proto: https\r\n"),
    *(b"X-Twilio-Signature: x\r\n", b"Content-Type: multipart/form-data\r\n", b"Host: [\r\n"),
    *(b"Content-Encoding: gzip\r\n", b"9" * 30, b"f" * 20, b"A" * 9000, "\u0661".encode()),
)


def _slice(data: bytes, chance: random.Random) -> tuple[int, int]:
    """Return the bounds of a random slice, mostly a short one."""
    start = chance.randrange(len(data))
    return start, start + chance.choice((1, 1, 2, 4, 16, 64, 256))


def flip(data: bytes, chance: random.Random) -> bytes:
    """Flip one bit."""
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def drop(data: bytes, chance: random.Random) -> bytes:
    """Drop a slice."""
    start, end = _slice(data, chance)
    return data[:start] + data[end:]


def repeat(data: bytes, chance: random.Random) -> bytes:
    """Repeat a slice."""
    start, end = _slice(data, chance)
    return data[:end] + data[start:]


def insert(data: bytes, chance: random.Random) -> bytes:
    """Insert a piece of HTTP syntax, mostly at the start of a line."""
    at = chance.randrange(len(data))
    if chance.random() < 0.7:
        at = data.find(b"\n", at) + 1
    return data[:at] + chance.choice(PIECES) + data[at:]


def truncate(data: bytes, chance: random.Random) -> bytes:
    """Drop the end."""
    return data[: chance.randrange(len(data))]


def swap(data: bytes, chance: random.Random) -> bytes:
    """Swap two lines."""
    lines = data.split(b"\r\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\r\n".join(lines)


def change_number(data: bytes, chance: random.Random) -> bytes:
    """Change a number."""
    numbers = list(re.finditer(rb"\d+", data))
    if not numbers:
        return data
    found = chance.choice(numbers)
    other = str(int(found[0]) + chance.choice((-1, 1, -(10**6), 10**9))).encode()
    return data[: found.start()] + other + data[found.end() :]


def add_noise(data: bytes, chance: random.Random) -> bytes:
    """Replace a slice by random bytes."""
    start, end = _slice(data, chance)
    return data[:start] + chance.randbytes(end - start) + data[end:]


def append_genuine(data: bytes, chance: random.Random) -> bytes:
    """Append a genuine request."""
    return data + chance.choice(list(GENUINE.values()))


CHANGES: tuple[Change, ...] = (
    *(flip, drop, repeat, insert, insert, truncate, swap, change_number, add_noise),
    append_genuine,
)
BASES = (*GENUINE.values(), *(data for data, _ in REFUSED.values()), *MALFORMED.values())


def mutations() -> Iterator[bytes]:
    """Yield requests with one to three changes, half of them made from genuine ones."""
    chance = random.Random(SEED)
    for number in range(MUTATIONS):
        data = chance.choice(chance.choice((list(GENUINE.values()), BASES)))
        for _ in range(chance.choice((1, 1, 2, 3))):
            data = chance.choice(CHANGES)(data, chance) if data else data
        yield with_sender(data, f"+{OTHERS}{number:06}")


def with_sender(data: bytes, number: str) -> bytes:
    """Change the sender, and sign again: emergencies are limited per sender, too."""
    signature = twilio_phone.signature(SMS | {"From": number})
    data = data.replace(NUMBER[1:].encode(), number[1:].encode())
    return data.replace(SIGNED.encode(), signature.encode())


def test_mutated_request_is_not_another_message(busy: str) -> None:
    """Each is refused, or its signed part is unchanged and so is the reply.

    A request with the token of a channel that cannot sign may get any reply, and a path without
    the channel may be a web page.
    """
    right = twiml(exchange(busy, GENUINE["an SMS"]))
    seen: Counter[int] = Counter()

    def wrong(data: bytes) -> tuple[bytes, bytes] | None:
        answer = exchange(busy, data)
        kinds = statuses(answer)
        seen.update(kinds or [0])
        others = [status for status in kinds if status != 200 and not 400 <= status < 500]
        has_token = TOKEN.encode() in data or KANNEL_TOKEN.encode() in data
        unsigned = has_token or b"<!doctype html>" in answer.lower()
        fine = not others and (unsigned or 200 not in kinds or twiml(answer) == right)
        return None if fine else (data, answer)

    assert len(right) == 1
    with ThreadPoolExecutor(4) as pool:
        found = [one for one in pool.map(wrong, mutations()) if one]
    assert found == [], f"seed {SEED}: {len(found)} were accepted, such as {found[:3]}"
    # Some of each, or the mutations are too coarse or too fine.
    assert all(seen[status] > 10 for status in (0, 200, 400, 403, 404, 405)), seen


def twiml(answer: bytes) -> set[bytes]:
    """Return each TwiML document in an answer."""
    return set(re.findall(rb"<\?xml.*?</Response>", answer, re.S))


# 5. Large requests

MEGABYTE = b"a" * 1_000_000
CHUNK = b"186a0\r\n" + b"a" * 100_000 + b"\r\n"
FIELDS = "&".join(f"f{number}=1" for number in range(20_000))
MANY = "&".join(["a"] * 8_000)  # about as many as the largest body holds
HEADERS = [f"X-{number}: 1" for number in range(20_000)]


def start_of_message(length: str) -> bytes:
    """Return the head of a signed message with another header for the length of its body."""
    return request_bytes(f"POST {PATH} HTTP/1.1", AS_FORM, length, *signed(SIGNED))


LARGE = {
    "1 MB": (200, start_of_message("Content-Length: 1000000") + MEGABYTE, {413}),
    "signed form padded to 1 MB": (
        4,
        start_of_message("Content-Length: 1000000") + FORM.encode() + MEGABYTE[len(FORM) :],
        {413},
    ),
    "20,000 fields": (4, posts(FIELDS, PATH, SIGNED), {413}),
    "8,000 fields": (4, posts(MANY, PATH, SIGNED), {403}),
    "20,000 headers": (4, request_bytes(f"POST {PATH} HTTP/1.1", *HEADERS), {400}),
    "10 MB in chunks": (
        4,
        start_of_message("Transfer-Encoding: chunked") + CHUNK * 100 + b"0\r\n\r\n",
        {413},
    ),
    "10 MB in chunks of one byte": (
        1,
        start_of_message("Transfer-Encoding: chunked") + b"1\r\na\r\n" * 1_700_000,
        {413},
    ),
    "10 MB in place of a size": (
        1,
        start_of_message("Transfer-Encoding: chunked") + MEGABYTE * 10,
        {400},
    ),
    "10 MB of trailers": (
        1,
        start_of_message("Transfer-Encoding: chunked") + b"0\r\n" + b"X-A: a\r\n" * 1_250_000,
        {400},
    ),
    "a header of 10 MB": (1, b"GET /nosuch HTTP/1.1\r\nX-A: " + MEGABYTE * 10, {400}),
    "a request line of 10 MB": (1, b"GET /" + MEGABYTE * 10, {400}),
}


def test_large_request_is_refused_without_memory_growth(busy: str, line: LineServer) -> None:
    """Each gets one 4xx or a closed connection, while genuine messages are answered in time."""
    rounds = 10 if LONG else 1
    sent = [name for name, (times, _, _) in LARGE.items() for _ in range(times)] * rounds

    def flood() -> tuple[set[tuple[object, ...]], int]:
        with ThreadPoolExecutor(8) as pool:
            answers = pool.map(lambda name: statuses(exchange(busy, LARGE[name][1])), sent)
            seen = {(name, *answer) for name, answer in zip(sent, answers, strict=True)}
        return seen, sum(map(rss, line.processes()))

    (first, before), (second, after) = flood(), flood()
    assert after - before < MEMORY_GROWTH, f"grew by {after - before} KiB"
    seen = first | second

    expected = {(name, *kinds) for name, (_, _, kinds) in LARGE.items()}
    assert expected <= seen
    # A client that is still sending may see the connection closed before the answer.
    assert seen - expected <= {(name,) for name in LARGE}


def test_large_content_length_is_refused_before_body(server: str) -> None:
    """The answer is 413, and closes the connection."""
    with dial(server) as wire:
        wire.sendall(start_of_message("Content-Length: 1000000"))
        answer = wire.recv(65536)

    assert statuses(answer) == [413]
    assert b"\r\nConnection: close\r\n" in answer


# 6. Endless requests, and clients that do not read

STARTS = (
    b"",
    f"POST {PATH} HTTP/1.1\r\nX-A: ".encode(),
    start_of_message("Content-Length: 999"),
    start_of_message("Transfer-Encoding: chunked"),
)


def test_slow_request_is_cut_off(busy: str) -> None:
    """A hundred clients that send a byte a second are cut off after five seconds."""
    for _ in range(6 if LONG else 1):
        begun = time.monotonic()
        seen = drip(busy, STARTS * 25)
        assert seen == {(): 50, (400,): 50}
        if LONG:
            assert time.monotonic() - begun < PATIENCE + 3


def drip(server: str, starts: Sequence[bytes]) -> Counter[tuple[int, ...]]:
    """Start requests, send a byte a second until each is closed; return the statuses of each."""
    seen: Counter[tuple[int, ...]] = Counter()
    with ExitStack() as stack:
        wires = {stack.enter_context(dial(server)): b"" for _ in starts}
        for wire, data in zip(wires, starts, strict=True):
            wire.sendall(data)
        deadline = time.monotonic() + GONE
        while wires:
            assert time.monotonic() < deadline, f"{len(wires)} are still open"
            tick = time.monotonic() + 1
            for wire in wires:
                with suppress(OSError):
                    wire.send(b"1")
            while wires and (left := tick - time.monotonic()) > 0:
                for wire in select.select(list(wires), [], [], left)[0]:
                    if piece := received(wire):
                        wires[wire] += piece
                    else:
                        seen[tuple(statuses(wires.pop(wire)))] += 1
    return seen


def received(wire: socket.socket) -> bytes:
    """Return the bytes received, or b"" if the connection is closed."""
    with suppress(OSError):
        return wire.recv(65536)
    return b""


OPEN = {
    "malformed request": b"GARBAGE\r\n\r\n",
    "request with Connection: close": request_bytes("GET /healthz HTTP/1.1", "Connection: close"),
    "large message": start_of_message("Content-Length: 1000000") + MEGABYTE[:90_000],
}


@pytest.mark.parametrize("data", OPEN.values(), ids=OPEN)
def test_client_that_does_not_read_is_disconnected(data: bytes, busy: str) -> None:
    """Forty clients that neither read nor hang up block no thread and no other client."""
    with ExitStack() as stack:
        wires = [stack.enter_context(dial(busy)) for _ in range(40)]
        for wire in wires:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            wire.setblocking(False)
            with suppress(OSError):  # the buffer is full
                wire.sendall(data)
        deadline = time.monotonic() + GONE
        while not all(map(is_closed, wires)):
            assert time.monotonic() < deadline
            time.sleep(0.1)


def is_closed(wire: socket.socket) -> bool:
    """Return whether the other side has closed, without reading."""
    with suppress(OSError):
        wire.send(b"1")
    poll = select.poll()
    poll.register(wire, 0)
    return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))


WAITS: dict[str, Callable[[Patient], object]] = {
    "sending": lambda sock: sock.sendall(b"a" * 10**7),
    "receiving": lambda sock: sock.recv(1),
}


@pytest.mark.parametrize("act", WAITS.values(), ids=WAITS)
def test_patient_socket_times_out(
    act: Callable[[Patient], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A blocked send or receive raises TimeoutError."""
    monkeypatch.setattr(patience, "PATIENCE", 0.2)
    ours, theirs = socket.socketpair()
    hang_up = Timer(5, theirs.shutdown, [socket.SHUT_RDWR])  # or a failing test would not end
    hang_up.start()
    with theirs, Patient(ours.family, ours.type, ours.proto, fileno=ours.detach()) as sock:
        sock.begin()
        with pytest.raises(TimeoutError):
            act(sock)
        hang_up.cancel()
