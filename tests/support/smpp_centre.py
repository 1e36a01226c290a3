"""The SMS centre of an operator: an SMPP server for Kannel to bind to."""

import asyncio
import itertools
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from smpp34 import Esme, Server, SubmitSmEvent

from tests.support.waiting import PATIENCE, wait_until

Made = TypeVar("Made")

CONCATENATED = 0x40  # of esm_class: a user data header precedes the text
INTERNATIONAL, ISDN = 1, 1  # type and plan of a number


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

    def deliver(
        self, number: str, to: str, message: bytes, coding: int, esm_class: int = 0
    ) -> None:
        """Deliver one message, or one part of one, from an international number."""

        async def send(kannel: Esme) -> bool:
            response = await kannel.deliver_sm(
                to,
                message,
                source_addr=number,
                source_addr_ton=INTERNATIONAL,
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
