"""A load generator: many senders text at a constant rate, and every reply is checked.

A message is sent when it is due, on its own connection, however many replies are outstanding, and
its latency counts from that moment. A sender who still waits for a reply sends no further message.
"""

import asyncio
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import count
from ssl import SSLContext
from urllib.parse import urlsplit

from rights_line.clock import OSLO
from rights_line.core.conversation.replies import start_with_code
from rights_line.core.library import Library
from tests.support import twilio_phone
from tests.support.redis_line import ANY_WORD, screen
from tests.support.twilio_phone import TOKEN
from tests.support.wire import AS_FORM, post_bytes

LATE = 2.0  # seconds; no reply may take longer
BUSY = 0.2  # seconds; a message sent later than this shows that the machine is overloaded
GIVEN_UP = 10.0
# The texts of each sender, by default a second apart; {} is the word of their language.
TALK = (ANY_WORD, "{}", "4", "{} 41", "0", "00")
# Each load generator uses new senders.
_STRANGERS = count(40_000_000, 100_000)


@dataclass
class Tally:
    """The outcome of all messages.

    Attributes:
        outcomes: counts of `full` (correct, in the sender's language), `menu` (correct, the list
            of languages), `wrong`, `refused` (connection refused), and other errors by name.
        seconds: from when each message was due until its reply.
        delays: due time and seconds of each late reply.
        jams: times at which the machine was overloaded.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    delays: list[tuple[float, float]] = field(default_factory=list)
    jams: list[float] = field(default_factory=list)

    def sent(self, due: float, now: float) -> None:
        """Record that a message was sent."""
        if now - due >= BUSY:
            self.jams.append(now)

    def answered(self, due: float, now: float) -> None:
        """Record that a message was answered."""
        self.seconds.append(now - due)
        if now - due > LATE:
            self.delays.append((due, now - due))

    @property
    def right(self) -> int:
        return self.outcomes["full"] + self.outcomes["menu"]

    @property
    def late_while_idle(self) -> int:
        """The number of late replies while the machine was not overloaded."""
        return sum(
            not any(due - LATE < jam < due + taken for jam in self.jams)
            for due, taken in self.delays
        )

    def percentile(self, of: int) -> float:
        """Return a percentile of the seconds until a reply."""
        return statistics.quantiles(self.seconds, n=100)[of - 1]


class LoadGenerator:
    """The senders.

    Args:
        address: called for each message; returns where to send it.
        library: all texts.
        pause: seconds between two texts of a sender.
    """

    def __init__(self, address: Callable[[], str], library: Library, pause: int = 1) -> None:
        self._address = address
        self._pause = pause
        self._library = library
        self._tags = [tag for tag, row in library.editions.items() if "41" in row.screens]
        self.tally = Tally()
        self.over = threading.Event()
        self._first = next(_STRANGERS)
        self._right = cache(self._right_at)

    def text(self, rate: int, seconds: float) -> Tally:
        """Send `rate` messages a second for so many seconds, or until `over` is set."""
        asyncio.run(self._text(rate, seconds))
        return self.tally

    async def _text(self, rate: int, seconds: float) -> None:
        begun = time.perf_counter()
        last: dict[int, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as group:
            for number in range(int(rate * seconds)):
                due = begun + number / rate
                await asyncio.sleep(max(0, due - time.perf_counter()))
                if self.over.is_set():
                    return
                turn, place = divmod(number, rate * self._pause)
                round_, step = divmod(turn, len(TALK))
                person = round_ * rate * self._pause + place
                before = last.get(place) if step else None
                last[place] = group.create_task(self._message(person, TALK[step], due, before))

    async def _message(
        self, person: int, text: str, due: float, before: asyncio.Task[None] | None
    ) -> None:
        if before and not before.done():
            await before
            due = time.perf_counter()
        tag = self._tags[person % len(self._tags)]
        sent = text.format(self._library.languages[tag].word)
        form = twilio_phone.fields(sent, f"+47{self._first + person}")
        moments = [_minute()]
        self.tally.sent(due, time.perf_counter())
        try:
            async with asyncio.timeout(GIVEN_UP):
                status, body = await post(self._address(), form)
        except (OSError, TimeoutError, EOFError) as error:
            refused = isinstance(error, ConnectionRefusedError)
            self.tally.outcomes["refused" if refused else type(error).__name__] += 1
            return
        self.tally.answered(due, time.perf_counter())
        moments.append(_minute())
        self.tally.outcomes[self.judge(status, body, tag, text, moments)] += 1

    def judge(self, status: int, body: bytes, tag: str, text: str, moments: list[datetime]) -> str:
        """Return the outcome of a message; `moments` are those of sending and of the reply."""
        if status != 200:
            return str(status)
        reply = twilio_phone.reply_text(body)
        for full, menus in (self._right(tag, text, moment) for moment in moments):
            if reply in full:
                return "full"
            if reply in menus:
                return "menu"
        return "wrong"

    def _right_at(self, tag: str, text: str, now: datetime) -> tuple[set[str], set[str]]:
        """Return the correct replies in the sender's language, and the acceptable menus."""
        library = self._library
        menus = {library.start, library.start_stateless}
        if text == ANY_WORD:
            return menus, set()
        menus |= {start_with_code(number, library) for number in library.codes.values()}
        if text == "00":
            return {library.goodbye}, set()
        word, _, code = text.rpartition("{}")
        code = code.strip() or word or "0"

        full = screen(library, code, now, language=tag)
        if "{}" in text:
            return {full, screen(library, code, now, has_memory=False, language=tag)}, set()
        return {full}, menus  # without a session, a code alone does not tell the language


async def post(
    address: str, form: dict[str, str], token: str = TOKEN, tls: SSLContext | None = None
) -> tuple[int, bytes]:
    """Send a signed message, over TLS if a context is given, and return status and body.

    Raises:
        EOFError: the connection was closed before there was an answer.
    """
    sent = twilio_phone.request(form, token=token)
    parts = urlsplit(address)
    signed = f"X-Twilio-Signature: {sent['headers']['X-Twilio-Signature']}"
    data = post_bytes(sent["path"], sent["data"], "Connection: close", AS_FORM, signed)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, ssl=tls)
    try:
        writer.write(data)
        answer = await reader.read()
    finally:
        writer.close()
    top, _, reply = answer.partition(b"\r\n\r\n")
    if not top:
        raise EOFError
    return int(top.split()[1]), reply


def _minute() -> datetime:
    return datetime.now(OSLO).replace(second=0, microsecond=0)
