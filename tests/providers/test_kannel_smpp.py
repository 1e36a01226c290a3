"""The bytes that Kannel and the SMS centre of an operator exchange over SMPP."""

import asyncio
import itertools
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from smpp34 import Esme, Server, SubmitSmEvent

from rights_line.core.sms import count_sms
from tests.support.kannel import Kannel, settings, with_operator
from tests.support.kannel_phones import OURS
from tests.support.servers import LineServer, free_port
from tests.support.waiting import PATIENCE, wait_until

Made = TypeVar("Made")
ExpectedReply = Callable[..., str]

CONCATENATED = 0x40  # of esm_class: a user data header precedes the text
INTERNATIONAL, ISDN = 1, 1  # type and plan of a number
GSM_7, LATIN_1, UCS_2 = 0, 3, 8  # data_coding
CODECS = {GSM_7: "gsm03.38", LATIN_1: "latin-1", UCS_2: "utf-16-be"}

_numbers = itertools.count(4_750_000_000)


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


@pytest.fixture(scope="module")
def operator(line: LineServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """Run an operator's centre, and Kannel bound to it."""
    ports = {name: free_port() for name in ("13000", "13001", "2775")} | {"8000": line.port}
    text = with_operator(settings(ports, {}))
    gateway = Kannel(tmp_path_factory.mktemp("smpp") / "kannel", text, ports["13000"])
    with centre(ports["2775"]) as running:
        try:
            gateway.start()
            yield running
        finally:
            gateway.stop()


def new_number() -> str:
    """Return a number that has not been used."""
    return str(next(_numbers))


def encoded(text: str, coding: int) -> bytes:
    """Return the bytes of a text in a data coding; a septet takes a byte."""
    return text.encode(CODECS[coding])


def submitted(operator: Centre, number: str, reply: str) -> list[SubmitSmEvent]:
    """Return the submitted parts, once there are as many as the reply has.

    Kannel sends the parts of one second in any order; phones order them by their headers.
    """
    wait_until(lambda: len(operator.to(number)) >= count_sms(reply).segments)
    return sorted(operator.to(number), key=lambda part: header(part)[5:])


def header(part: SubmitSmEvent) -> bytes:
    """Return the header of a part, empty for a whole message."""
    return part.short_message[:6] if part.esm_class & CONCATENATED else b""


def joined(parts: list[SubmitSmEvent]) -> bytes:
    """Return the bytes of the whole message, as a phone joins them."""
    return b"".join(part.short_message[len(header(part)) :] for part in parts)


# text, its data coding, that of the reply, least number of parts of the reply
TEXTS = {
    "the end": ("00", GSM_7, GSM_7, 1),
    "Polish, in two parts": ("POLSKI", GSM_7, GSM_7, 2),
    "Polish letters": ("nie dostałem wypłaty", UCS_2, GSM_7, 2),
    "Spanish letters, in GSM-7": ("español 4", GSM_7, GSM_7, 2),
    "Norwegian letters, in Latin-1": ("på norsk", LATIN_1, GSM_7, 1),
    "Arabic, in three parts": ("العربية", UCS_2, UCS_2, 3),
    "Tigrinya": ("ትግርኛ", UCS_2, UCS_2, 2),
    "an emoji": ("🙏", UCS_2, GSM_7, 1),
    "an empty text": (" ", GSM_7, GSM_7, 1),
    "the name of Kannel's default service": ("default", GSM_7, GSM_7, 1),
    "Bengali, one of the longest": ("BANGLA 53", GSM_7, UCS_2, 5),
}


@pytest.mark.parametrize(("text", "coding", "reply_coding", "parts"), TEXTS.values(), ids=TEXTS)
def test_reply_over_smpp_has_expected_bytes(
    text: str,
    coding: int,
    reply_coding: int,
    parts: int,
    operator: Centre,
    expected_reply: ExpectedReply,
) -> None:
    """These are the alphabet, the header, the parts and the text."""
    number = new_number()
    reply = expected_reply(text)
    operator.deliver(number, OURS, encoded(text, coding), coding)
    submission = submitted(operator, number, reply)

    total = len(submission)
    assert total == count_sms(reply).segments >= parts
    assert joined(submission) == encoded(reply, reply_coding)
    assert {part.data_coding for part in submission} == {reply_coding}
    assert {(part.source_addr, part.registered_delivery) for part in submission} == {(OURS, 0)}
    if total == 1:
        assert header(submission[0]) == b""
        return
    reference = header(submission[0])[3]
    assert [header(part) for part in submission] == [
        bytes([5, 0, 3, reference, total, place]) for place in range(1, total + 1)
    ]
    assert (
        max(len(part.short_message) for part in submission)
        <= {GSM_7: 6 + 153, UCS_2: 6 + 134}[reply_coding]
    )


LONG = {
    "GSM-7": ("Hei. " * 40 + "POLSKI", GSM_7, 153),
    "UCS-2": ("ሰላም " * 20 + "ትግርኛ", UCS_2, 134),
    "UCS-2, in ten parts": ("ሰላም " * 165 + "ትግርኛ", UCS_2, 134),
}


@pytest.mark.parametrize(("text", "coding", "size"), LONG.values(), ids=LONG)
@pytest.mark.parametrize("step", [1, -1], ids=["in order", "the last part first"])
def test_text_in_parts_gets_one_reply_to_the_whole(
    text: str, coding: int, size: int, step: int, operator: Centre, expected_reply: ExpectedReply
) -> None:
    number = new_number()
    reply = expected_reply(text)
    whole = encoded(text, coding)
    cut = [whole[start : start + size] for start in range(0, len(whole), size)]
    parts = [
        bytes([5, 0, 3, 77, len(cut), place]) + part for place, part in enumerate(cut, start=1)
    ]
    for part in parts[::step]:
        assert operator.to(number) == []
        operator.deliver(number, OURS, part, coding, CONCATENATED)
    submission = submitted(operator, number, reply)

    assert len(parts) > 1
    assert joined(submission) == encoded(reply, submission[0].data_coding)
