"""The SMS centre of an operator, which exchanges messages with Kannel over SMPP."""

import asyncio
import itertools
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from smpp34 import Esme, Server, SubmitSmEvent

from tests.support.waiting import PATIENCE, wait_until

Made = TypeVar("Made")

OURS = "2440"
CONCATENATED = 0x40  # of esm_class: a user data header precedes the text
UNKNOWN, INTERNATIONAL, ALPHANUMERIC = 0, 1, 5  # types of a number
ISDN = 1  # its plan
GSM_7, LATIN_1, UCS_2 = 0, 3, 8  # data_coding
_numbers = itertools.count(4_740_000_000)
CODECS = {GSM_7: "gsm03.38", LATIN_1: "latin-1", UCS_2: "utf-16-be"}


def new_number() -> str:
    """Return a number that has not been used."""
    return str(next(_numbers))


class Centre:
    """The centre. `submitted` holds every submit_sm in order; each is confirmed."""

    def __init__(self, loop: asyncio.AbstractEventLoop, port: int) -> None:
        self.submitted: list[SubmitSmEvent] = []
        self._loop = loop
        self._server = Server("127.0.0.1", port)
        self._bound: Esme | None = None
        self._listening: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._server.start()
        self._listening = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        if self._listening:
            self._listening.cancel()
        await self._server.stop()

    async def _listen(self) -> None:
        numbers = itertools.count(1)
        while True:
            event = await self._server.next()
            if isinstance(event, Esme):
                self._bound = event
            elif isinstance(event, SubmitSmEvent):
                event.accept(str(next(numbers)))
                self.submitted.append(event)

    def text(self, *messages: tuple[str, str]) -> None:
        """Deliver a text of each sender; in UCS-2 unless it is ASCII."""
        for number, text in messages:
            coding = GSM_7 if text.isascii() else UCS_2
            self.deliver(number, text.encode(CODECS[coding]), coding)

    def deliver(self, number: str, message: bytes, coding: int, esm_class: int = 0) -> None:
        """Deliver one message, or one part of one, from a number, short code or name."""
        kind = ALPHANUMERIC
        if number.isdecimal():
            kind = INTERNATIONAL if len(number) > len("26112") else UNKNOWN

        async def send(kannel: Esme) -> bool:
            response = await kannel.deliver_sm(
                OURS,
                message,
                source_addr=number,
                source_addr_ton=kind,
                source_addr_npi=ISDN,
                data_coding=coding,
                esm_class=esm_class,
            )
            return response.is_success

        wait_until(lambda: self._bound is not None)
        assert self._bound, "Kannel did not bind"
        assert self.run(send(self._bound))

    def run(self, coroutine: Coroutine[Any, Any, Made]) -> Made:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE)

    def heard(self) -> dict[str, list[str]]:
        """Return the texts that each number has received so far, parts joined."""
        texts: dict[str, list[str]] = {}
        messages: dict[tuple[str, bytes], list[SubmitSmEvent]] = {}
        for part in list(self.submitted):
            key = part.destination_addr, header(part)[3:4]
            messages[key] = [*messages.get(key, []), part]
            if not header(part) or len(messages[key]) == header(part)[4]:
                whole = joined(sorted(messages.pop(key), key=header))
                texts.setdefault(key[0], []).append(whole.decode(CODECS[part.data_coding]))
        return texts

    def to(self, number: str) -> list[SubmitSmEvent]:
        """Return what was submitted for a number."""
        return [event for event in list(self.submitted) if event.destination_addr == number]


@contextmanager
def centre(port: int) -> Iterator[Centre]:
    """Run a centre in its own thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    running = Centre(loop, port)
    try:
        running.run(running.start())
        yield running
    finally:
        running.run(running.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def header(part: SubmitSmEvent) -> bytes:
    """Return the header of a part, empty for a whole message."""
    return part.short_message[:6] if part.esm_class & CONCATENATED else b""


def joined(parts: list[SubmitSmEvent]) -> bytes:
    """Return the bytes of the whole message, as a phone joins them."""
    return b"".join(part.short_message[len(header(part)) :] for part in parts)
