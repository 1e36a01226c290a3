"""Bytes that are no request, or an endless one, while people text: refused, unlogged, unnoticed.

All of it goes to the line as the Procfile runs it, with two processes and a Redis of its own.
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

# With LONG=1 the time that a genuine message takes is measured too: of a machine with two cores
# that does nothing else.
LONG = bool(os.environ.get("LONG"))
AT_MOST = 1.0  # seconds for 99 of 100 genuine messages
RATE = 20  # genuine messages a second
ENOUGH = 100 if LONG else 2  # of these, or a test shows nothing
SEED = 7
MUTATIONS = 5000
OTHERS = "4741"  # how the numbers begin that these come from
TAKEN = 30 * 1024  # KiB of all processes
GONE = 60.0  # seconds after which nobody may be held, however busy the machine

USSD_PATH = f"/inbound/africastalking_ussd/{TOKEN}"
GATEWAYS = ("twilio_sms", "twilio_voice", "africastalking_ussd", "kannel_sms")
OUTCOMES = {
    *("answered", "answered without session", "short", "short without session", "withheld"),
    *("refused", "broken", "too large", "malformed"),
}
SERVERS = re.compile(r"^\[[-0-9: +]{25}\] \[\d+\] \[[A-Z]+\] ")
SAID_BY_SERVER = (
    *("Malformed request", "Socket error processing... "),
    *("Starting", "Listening", "Using", "Booting"),
)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LineServer]:
    """The line with its gateways."""
    folder = tmp_path_factory.mktemp("raw")
    redis = RedisServer(folder)
    output = {
        "OUTPUT": str(folder / "output"),
        "WEB_CONCURRENCY": "2",
        "CHANNELS": ",".join(GATEWAYS),
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
    """The host and port of the line, which loses no process and logs nothing but what it may."""
    wait_until(lambda: len(line.processes()) == 3, "gunicorn's processes")
    before = line.processes()
    yield line.address.removeprefix("http://")
    assert line.processes() == before, "a process died"
    assert strange(line.output) == []


@pytest.fixture
def busy(server: str, line: LineServer, library: Library) -> Iterator[str]:
    """The same, while people text: each is answered, and rightly."""
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


def strange(output: Path) -> list[str]:
    """Return what a log holds that is neither an event as it must be nor gunicorn's own words."""
    rows = output.read_text(errors="replace").splitlines()
    server_lines = {SERVERS.sub("", row) for row in rows if not is_event(row)}
    unknown = [words for words in server_lines if not words.startswith(SAID_BY_SERVER)]
    words = "\n".join(server_lines)
    return [*unknown, *leaks(words.encode()), *re.findall(rf"{OTHERS}\d{{6}}", words)]


def is_event(row: str) -> bool:
    """Tell whether a line is an event, in which nothing can vary but how long it took."""
    with suppress(ValueError):
        match json.loads(row):
            case {"event": "inbound", "channel": channel, "outcome": outcome, "ms": int(), **more}:
                return (channel in GATEWAYS, outcome in OUTCOMES, more) == (True, True, {})
            case {"event": "redis", "channel": "", "outcome": "down" | "up", "ms": int(), **more}:
                return more == {}
            case {"event": "page", "channel": "web", "outcome": outcome, "ms": int(), **more}:
                return (outcome in ("answered", "not found"), more) == (True, {})
    return False


def statuses(answer: bytes) -> list[int]:
    """Return the status of each answer that came; to go on is none."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 ([2-9]\d\d) ", answer)]


# 1. A genuine message, and what may become of it


def posts(body: str, path: str = PATH, signature: str = "", length: int | None = None) -> bytes:
    """Return a form as it goes over the wire."""
    headers = [AS_FORM, f"Content-Length: {len(body) if length is None else length}"]
    return request_bytes(f"POST {path} HTTP/1.1", *headers, *signed(signature), body=body)


def chunked(body: str, path: str = PATH, signature: str = "") -> bytes:
    """Return a form in chunks; `body` is all that follows the headers."""
    headers = [AS_FORM, "Transfer-Encoding: chunked"]
    return request_bytes(f"POST {path} HTTP/1.1", *headers, *signed(signature), body=body)


def signed(signature: str) -> list[str]:
    return [f"X-Twilio-Signature: {signature}"] if signature else []


def in_chunks(body: str) -> str:
    """Return a body in two chunks and the last one."""
    half = len(body) // 2
    return "".join(f"{len(part):x}\r\n{part}\r\n" for part in (body[:half], body[half:], ""))


# An emergency, which is answered for longest.
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
    "Kannel's": request_bytes(
        f"POST /inbound/kannel_sms/{KANNEL_TOKEN} HTTP/1.1",
        *(f"X-Kannel-From: {NUMBER}", 'Content-Type: text/plain; charset="UTF-8"'),
        "Content-Length: 1",
        body="4",
    ),
    "Kannel's, by GET": request_bytes(f"GET /inbound/kannel_sms/{KANNEL_TOKEN}?{KANNEL} HTTP/1.1"),
}


@pytest.mark.parametrize("data", GENUINE.values(), ids=GENUINE)
def test_what_is_broken_below_is_genuine_as_it_is(data: bytes, server: str) -> None:
    """As it is, each is answered with the helplines."""
    answer = exchange(server, data)

    assert statuses(answer) == [200]
    assert b"112" in answer


# 2. A body that does not arrive whole

HALF = len(FORM) // 2
CUT = {
    "shorter than its length": posts(FORM, PATH, SIGNED, len(FORM) + 1),
    "much shorter than its length": posts(FORM, PATH, SIGNED, 16_000),
    "none of a length": posts("", PATH, SIGNED, len(FORM)),
    "USSD shorter than its length": posts(USSD, USSD_PATH, "", len(USSD) + 3),
    **{
        f"in chunks, {what}": chunked(body, PATH, SIGNED)
        for what, body in {
            "without the last": in_chunks(FORM).removesuffix("0\r\n\r\n"),
            "cut off after the last": in_chunks(FORM).removesuffix("\r\n"),
            "cut off in the last size": in_chunks(FORM).removesuffix("\r\n\r\n"),
            "one cut off": f"{len(FORM) + 9:x}\r\n{FORM}",
            "nothing of the first": f"{len(FORM):x}\r\n",
            "no size at all": "",
            "a size that is none": f"{len(FORM):x}\r\n{FORM}\r\nzz\r\n\r\n",
            "a negative size": f"{len(FORM):x}\r\n{FORM}\r\n-1\r\n\r\n",
            "a size with 0x": f"0x{len(FORM):x}\r\n{FORM}\r\n0\r\n\r\n",
            "a size with _": f"0_{len(FORM):x}\r\n{FORM}\r\n0\r\n\r\n",
            "an enormous size": f"{len(FORM):x}\r\n{FORM}\r\n{'f' * 16}\r\n",
            "an endless size": f"{len(FORM):x}\r\n{FORM}\r\n{'f' * 9000}\r\n\r\n",
            "no end of a chunk": f"{len(FORM):x}\r\n{FORM}0\r\n\r\n",
            "a longer chunk than its size": f"{len(FORM):x}\r\n{FORM}abc\r\n0\r\n\r\n",
            "line feeds alone": f"{len(FORM):x}\n{FORM}\n0\n\n",
            "a trailer that is none": f"{len(FORM):x}\r\n{FORM}\r\n0\r\n{NUMBER}\r\n\r\n",
            "a trailer cut off": f"{len(FORM):x}\r\n{FORM}\r\n0\r\nX-A: {NUMBER}",
        }.items()
    },
    "of an address that is none": chunked("zz\r\n", f"/{NUMBER}"),
    "of a gateway that is none": posts("", "/inbound/nosuch", "", 100),
    "of the health": request_bytes("GET /healthz HTTP/1.1", "Transfer-Encoding: chunked"),
}
MAY_BE_404 = ("of an address that is none", "of a gateway that is none")


@pytest.mark.parametrize("name", CUT)
def test_what_is_cut_off_is_no_shorter_message(name: str, server: str) -> None:
    """What did arrive is signed, and would be a message: it is 400, once, and that is all."""
    allowed = [[400], [404]] if name in MAY_BE_404 else [[400]]

    assert statuses(exchange(server, CUT[name])) in allowed


# 3. What is no message at all

REFUSED = {
    "OPTIONS of a gateway": (request_bytes(f"OPTIONS {PATH} HTTP/1.1"), 405),
    "OPTIONS of everything": (request_bytes("OPTIONS * HTTP/1.1"), 404),
    "OPTIONS of the health": (request_bytes("OPTIONS /healthz HTTP/1.1"), 405),
    "TRACE": (request_bytes(f"TRACE {PATH} HTTP/1.1"), 405),
    "two slashes": (posts(FORM, f"/{PATH}", SIGNED), 403),
    "two slashes within": (posts(FORM, "/inbound//twilio_sms", SIGNED), 404),
    "a dot": (posts(FORM, "/./inbound/twilio_sms", SIGNED), 404),
    "a coding that nobody knows": (
        request_bytes(f"POST {PATH} HTTP/1.1", AS_FORM, "Transfer-Encoding: gzip"),
        400,
    ),
    "a path in a header": (
        request_bytes("GET /nosuch HTTP/1.1", f"SCRIPT_NAME: /{NUMBER}", "PATH_INFO: /healthz"),
        404,
    ),
    "nobody's signature": (posts(FORM, PATH, FORGED), 403),
    "nobody's secret": (posts(USSD, f"/inbound/africastalking_ussd/{'x' * 30}"), 403),
    "nobody's secret in a query": (
        request_bytes(f"GET /inbound/kannel_sms/{'x' * 30}?{KANNEL} HTTP/1.1"),
        403,
    ),
}


@pytest.mark.parametrize(("data", "status"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_message_is_refused(data: bytes, status: int, server: str) -> None:
    """No other method, no other spelling of an address, nobody's secret; and never a 5xx."""
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


def _run(data: bytes, chance: random.Random) -> tuple[int, int]:
    """Return where a run of bytes begins and ends, most often a short one."""
    start = chance.randrange(len(data))
    return start, start + chance.choice((1, 1, 2, 4, 16, 64, 256))


def flip(data: bytes, chance: random.Random) -> bytes:
    """Return it with one bit turned."""
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def lose(data: bytes, chance: random.Random) -> bytes:
    """Return it without a run."""
    start, end = _run(data, chance)
    return data[:start] + data[end:]


def repeat(data: bytes, chance: random.Random) -> bytes:
    """Return it with a run twice."""
    start, end = _run(data, chance)
    return data[:end] + data[start:]


def put(data: bytes, chance: random.Random) -> bytes:
    """Return it with a piece that means something, most often where a line begins."""
    at = chance.randrange(len(data))
    if chance.random() < 0.7:
        at = data.find(b"\n", at) + 1
    return data[:at] + chance.choice(PIECES) + data[at:]


def cut_off(data: bytes, chance: random.Random) -> bytes:
    """Return how it begins."""
    return data[: chance.randrange(len(data))]


def swap(data: bytes, chance: random.Random) -> bytes:
    """Return it with two lines in each other's place."""
    lines = data.split(b"\r\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\r\n".join(lines)


def count_wrong(data: bytes, chance: random.Random) -> bytes:
    """Return it with a number changed."""
    numbers = list(re.finditer(rb"\d+", data))
    if not numbers:
        return data
    found = chance.choice(numbers)
    other = str(int(found[0]) + chance.choice((-1, 1, -(10**6), 10**9))).encode()
    return data[: found.start()] + other + data[found.end() :]


def noise(data: bytes, chance: random.Random) -> bytes:
    """Return it with a run of anything in the place of a run."""
    start, end = _run(data, chance)
    return data[:start] + chance.randbytes(end - start) + data[end:]


def glue(data: bytes, chance: random.Random) -> bytes:
    """Return it with a genuine one behind it."""
    return data + chance.choice(list(GENUINE.values()))


CHANGES: tuple[Change, ...] = (
    *(flip, lose, repeat, put, put, cut_off, swap, count_wrong, noise, glue),
)
BASES = (*GENUINE.values(), *(data for data, _ in REFUSED.values()), *MALFORMED.values())


def mutations() -> Iterator[bytes]:
    """Yield requests with one to three changes; half of them were genuine."""
    chance = random.Random(SEED)
    for number in range(MUTATIONS):
        data = chance.choice(chance.choice((list(GENUINE.values()), BASES)))
        for _ in range(chance.choice((1, 1, 2, 3))):
            data = chance.choice(CHANGES)(data, chance) if data else data
        yield from_another(data, f"+{OTHERS}{number:06}")


def from_another(data: bytes, number: str) -> bytes:
    """Return it as somebody else's: even an emergency has a budget."""
    signature = twilio_phone.signature(SMS | {"From": number})
    data = data.replace(NUMBER[1:].encode(), number[1:].encode())
    return data.replace(SIGNED.encode(), signature.encode())


def test_no_mutation_is_another_message(busy: str) -> None:
    """Each is refused; or what was signed is as it was, and so is the answer.

    Of a gateway that cannot sign, what has the secret is from it: it is answered, or refused. An
    address of which the gateway is cut off is a page.
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
    assert found == [], f"seed {SEED}: {len(found)} are taken; of them {found[:3]}"
    # Some of each, or the mutations are all too coarse, or all too fine.
    assert all(seen[status] > 10 for status in (0, 200, 400, 403, 404, 405)), seen


def twiml(answer: bytes) -> set[bytes]:
    """Return each answer of TwiML, by its body."""
    return set(re.findall(rb"<\?xml.*?</Response>", answer, re.S))


# 5. What is too large

MEGABYTE = b"a" * 1_000_000
CHUNK = b"186a0\r\n" + b"a" * 100_000 + b"\r\n"
FIELDS = "&".join(f"f{number}=1" for number in range(20_000))
MANY = "&".join(["a"] * 8_000)  # as many as there is room for
HEADERS = [f"X-{number}: 1" for number in range(20_000)]


def opens(length: str) -> bytes:
    """Return how a signed message begins, whose body does not end as a message does."""
    return request_bytes(f"POST {PATH} HTTP/1.1", AS_FORM, length, *signed(SIGNED))


LARGE = {
    "1 MB, two hundred times": (200, opens("Content-Length: 1000000") + MEGABYTE, {413}),
    "1 MB behind what is signed": (
        4,
        opens("Content-Length: 1000000") + FORM.encode() + MEGABYTE[len(FORM) :],
        {413},
    ),
    "20,000 fields": (4, posts(FIELDS, PATH, SIGNED), {413}),
    "8,000 fields": (4, posts(MANY, PATH, SIGNED), {403}),
    "20,000 headers": (4, request_bytes(f"POST {PATH} HTTP/1.1", *HEADERS), {400}),
    "10 MB in chunks": (
        4,
        opens("Transfer-Encoding: chunked") + CHUNK * 100 + b"0\r\n\r\n",
        {413},
    ),
    "10 MB in chunks of one byte": (
        1,
        opens("Transfer-Encoding: chunked") + b"1\r\na\r\n" * 1_700_000,
        {413},
    ),
    "10 MB that end a size": (1, opens("Transfer-Encoding: chunked") + MEGABYTE * 10, {400}),
    "10 MB of trailers": (
        1,
        opens("Transfer-Encoding: chunked") + b"0\r\n" + b"X-A: a\r\n" * 1_250_000,
        {400},
    ),
    "10 MB of one header": (1, b"GET /nosuch HTTP/1.1\r\nX-A: " + MEGABYTE * 10, {400}),
    "10 MB of a line": (1, b"GET /" + MEGABYTE * 10, {400}),
}


def test_what_is_too_large_is_not_read(busy: str, line: LineServer) -> None:
    """One 4xx for each, or a closed connection; nobody else waits, and no memory is taken."""
    rounds = 10 if LONG else 1
    sent = [name for name, (times, _, _) in LARGE.items() for _ in range(times)] * rounds

    def flood() -> tuple[set[tuple[object, ...]], int]:
        with ThreadPoolExecutor(8) as pool:
            answers = pool.map(lambda name: statuses(exchange(busy, LARGE[name][1])), sent)
            seen = {(name, *answer) for name, answer in zip(sent, answers, strict=True)}
        return seen, sum(map(rss, line.processes()))

    (first, before), (second, after) = flood(), flood()
    assert after - before < TAKEN, f"{after - before} KiB were taken"
    seen = first | second

    expected = {(name, *kinds) for name, (_, _, kinds) in LARGE.items()}
    assert expected <= seen
    # Who goes on sending may find the connection closed before the answer.
    assert seen - expected <= {(name,) for name in LARGE}


def test_what_says_that_it_is_too_large_is_not_waited_for(server: str) -> None:
    """Its length alone is reason enough: 413, of which the answer says that it is the last."""
    with dial(server) as wire:
        wire.sendall(opens("Content-Length: 1000000"))
        answer = wire.recv(65536)

    assert statuses(answer) == [413]
    assert b"\r\nConnection: close\r\n" in answer


# 6. What has no end

BEGUN = (
    b"",
    f"POST {PATH} HTTP/1.1\r\nX-A: ".encode(),
    opens("Content-Length: 999"),
    opens("Transfer-Encoding: chunked"),
)


def test_a_byte_a_second_is_not_waited_for(busy: str) -> None:
    """A hundred at a time: each is cut off after five seconds, whatever of it is missing."""
    for _ in range(6 if LONG else 1):
        begun = time.monotonic()
        seen = drip(busy, BEGUN * 25)
        assert seen == {(): 50, (400,): 50}
        if LONG:
            assert time.monotonic() - begun < PATIENCE + 3


def drip(server: str, begun: Sequence[bytes]) -> Counter[tuple[int, ...]]:
    """Begin requests, go on with a byte a second until each is closed, and return what came."""
    seen: Counter[tuple[int, ...]] = Counter()
    with ExitStack() as stack:
        wires = {stack.enter_context(dial(server)): b"" for _ in begun}
        for wire, data in zip(wires, begun, strict=True):
            wire.sendall(data)
        deadline = time.monotonic() + GONE
        while wires:
            assert time.monotonic() < deadline, f"{len(wires)} are still held"
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
    """Return what came; nothing where it was closed."""
    with suppress(OSError):
        return wire.recv(65536)
    return b""


OPEN = {
    "what is no request": b"GARBAGE\r\n\r\n",
    "a request that is the last": request_bytes("GET /healthz HTTP/1.1", "Connection: close"),
    "a message that is too large": opens("Content-Length: 1000000") + MEGABYTE[:90_000],
}


@pytest.mark.parametrize("data", OPEN.values(), ids=OPEN)
def test_whoever_takes_no_answer_is_left(data: bytes, busy: str) -> None:
    """Forty who neither read nor hang up: none keeps a thread, or the loop that takes others."""
    with ExitStack() as stack:
        wires = [stack.enter_context(dial(busy)) for _ in range(40)]
        for wire in wires:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            wire.setblocking(False)
            with suppress(OSError):  # no more than there is room for
                wire.sendall(data)
        deadline = time.monotonic() + GONE
        while not all(map(is_closed, wires)):
            assert time.monotonic() < deadline
            time.sleep(0.1)


def is_closed(wire: socket.socket) -> bool:
    """Tell whether the other side has closed, without reading what it sent."""
    with suppress(OSError):
        wire.send(b"1")
    poll = select.poll()
    poll.register(wire, 0)
    return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))


WAITS: dict[str, Callable[[Patient], object]] = {
    "takes no answer": lambda sock: sock.sendall(b"a" * 10**7),
    "sends no request": lambda sock: sock.recv(1),
}


@pytest.mark.parametrize("act", WAITS.values(), ids=WAITS)
def test_a_client_has_so_long_and_no_longer(
    act: Callable[[Patient], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it takes no answer or sends no request, the thread is free again."""
    monkeypatch.setattr(patience, "PATIENCE", 0.2)
    ours, theirs = socket.socketpair()
    hang_up = Timer(5, theirs.shutdown, [socket.SHUT_RDWR])  # else a failure would have no end
    hang_up.start()
    with theirs, Patient(ours.family, ours.type, ours.proto, fileno=ours.detach()) as sock:
        sock.begin()
        with pytest.raises(TimeoutError):
            act(sock)
        hang_up.cancel()
