"""Two instances of the line over one Redis, and what happens to the messages meanwhile."""

import asyncio
import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, cycle
from pathlib import Path

from rights_line.clock import OSLO
from rights_line.core.library import Library
from tests.support import twilio_phone
from tests.support.limits import UNLIMITED_ENVIRON
from tests.support.load import LoadGenerator, Tally, post
from tests.support.redis_line import redis_environ, screen
from tests.support.servers import LineServer
from tests.support.waiting import wait_until

_BEFORE = 5.0  # seconds of load before something happens
_PAUSE = 2  # seconds; a person takes longer to read a reply and write the next text
_PATIENCE = 60.0  # seconds for the last replies
_SENDERS = count()
RECOVERY = 10.0  # seconds after which Redis must be in use again


@dataclass
class LinePair:
    """Two instances of the line. Each message goes to the other instance than the one before."""

    lines: list[LineServer]
    library: Library
    outages: list[float] = field(default_factory=list)  # seconds, as /healthz of an instance says

    def text_during(self, rate: int, act: Callable[[], object]) -> Tally:
        """Send `rate` messages a second until `act` has returned and Redis is in use again."""
        addresses = cycle(line.address for line in self.lines)
        load = LoadGenerator(lambda: next(addresses), self.library, _PAUSE)
        over = threading.Event()
        with ThreadPoolExecutor(3) as pool:
            texting = pool.submit(load.text, rate, 3600)
            watches = [pool.submit(self._watch, line, over) for line in self.lines]
            try:
                time.sleep(_BEFORE)
                act()
                wait_until(self.shares_sessions, "Redis in use again")
            finally:
                load.over.set()
                over.set()
            for watch in watches:
                watch.result()
            return texting.result(_PATIENCE)

    def problems(self, tally: Tally) -> list[str]:
        """Return the requirements that were not met, with the figures.

        While the machine is overloaded, Redis may be too slow for one instance alone. A language
        chosen there is then unknown to the other instance (docs/deploy.md), so that a number may
        get a wrong reply.
        """
        lost = tally.outcomes.total() - tally.right - tally.outcomes["wrong"]
        found = [f"{lost} replies were lost"] if lost else []
        if tally.outcomes["wrong"] and not tally.jams:
            found.append("replies were wrong")
        if max(self.outages, default=0) > RECOVERY and not tally.jams:
            found.append("an instance did not use Redis again in time")
        return [*found, str(tally), f"without Redis: {self.outages}"] if found else []

    def shares_sessions(self) -> bool:
        """Whether each instance knows the language that a sender told the other one."""
        return all(
            self._knows_language(told, asked) for told, asked in (self.lines, self.lines[::-1])
        )

    def _knows_language(self, told: LineServer, asked: LineServer) -> bool:
        sender = f"+4791{next(_SENDERS):06}"
        word = self.library.languages["pl"].word
        _, reply = (
            _reply(line.address, twilio_phone.fields(text, sender))
            for line, text in ((told, word), (asked, "41"))
        )
        return reply == screen(self.library, "41", datetime.now(OSLO))

    def _watch(self, line: LineServer, over: threading.Event) -> None:
        """Record how long an instance is without Redis."""
        since = 0.0
        is_over = False
        while not is_over:
            is_over = over.wait(0.1)
            if not _uses_redis(line):
                since = since or time.monotonic()
            elif since:
                self.outages.append(time.monotonic() - since)
                since = 0.0


@contextmanager
def line_pair(url: str, folder: Path, library: Library) -> Iterator[LinePair]:
    """Run two instances of the line over a Redis."""
    with ExitStack() as stack:
        lines = []
        for name in ("a", "b"):
            output = {"OUTPUT": str(folder / f"line-{name}"), **UNLIMITED_ENVIRON}
            line = LineServer(twilio_phone.ENVIRON | redis_environ(url) | output)
            line.start()
            stack.callback(line.kill)
            lines.append(line)
        pair = LinePair(lines, library)
        wait_until(pair.shares_sessions, "both instances")
        yield pair


def _reply(address: str, form: dict[str, str]) -> str:
    """Return the reply to a message; in a thread, because Playwright runs an event loop in ours."""
    with ThreadPoolExecutor(1) as pool:
        return twilio_phone.reply_text(pool.submit(asyncio.run, post(address, form)).result()[1])


def _uses_redis(line: LineServer) -> bool:
    with urllib.request.urlopen(f"{line.address}/healthz", timeout=_PATIENCE) as answer:
        return bool(json.load(answer)["redis"] == "up")
