"""The same Kannel at a real operator's: what goes over SMPP, to the byte."""

import itertools
from collections.abc import Callable, Iterator

import pytest
from smpp34 import SubmitSmEvent

from rights_line.core.sms import count
from tests.support.kannel import Kannel, settings, with_operator
from tests.support.kannel_phones import OURS
from tests.support.servers import LineServer, free_port
from tests.support.smpp_centre import CONCATENATED, Centre, centre
from tests.support.waiting import wait_until

Answers = Callable[..., str]

GSM_7, LATIN_1, UCS_2 = 0, 3, 8  # data_coding
CODECS = {GSM_7: "gsm03.38", LATIN_1: "latin-1", UCS_2: "utf-16-be"}

_numbers = itertools.count(4_750_000_000)


@pytest.fixture(scope="module")
def operator(line: LineServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """An operator's centre, and Kannel bound to it."""
    ports = {name: free_port() for name in ("13000", "13001", "2775")} | {"8000": line.port}
    text = with_operator(settings(ports, {}))
    gateway = Kannel(tmp_path_factory.mktemp("smpp") / "kannel", text, ports["13000"])
    with centre(ports["2775"]) as running:
        try:
            gateway.start()
            yield running
        finally:
            gateway.stop()


def stranger() -> str:
    """Return a number that nobody has seen."""
    return str(next(_numbers))


def encoded(text: str, coding: int) -> bytes:
    """Return a text as it is on the air: septets are bytes here."""
    return text.encode(CODECS[coding])


def submitted(operator: Centre, number: str, answer: str) -> list[SubmitSmEvent]:
    """Return the parts that were submitted, once there are as many as the answer has.

    Kannel sends what it has of one second in any order; a phone goes by the headers.
    """
    wait_until(lambda: len(operator.to(number)) >= count(answer).segments)
    return sorted(operator.to(number), key=lambda part: header(part)[5:])


def header(part: SubmitSmEvent) -> bytes:
    """Return the header of a part; a message that is whole has none."""
    return part.short_message[:6] if part.esm_class & CONCATENATED else b""


def joined(parts: list[SubmitSmEvent]) -> bytes:
    """Return what a phone shows."""
    return b"".join(part.short_message[len(header(part)) :] for part in parts)


# what is written -> (the alphabet it is written in, the one it is answered in, parts at least)
TEXTS = {
    "the end": ("00", GSM_7, GSM_7, 1),
    "Polish, in two parts": ("POLSKI", GSM_7, GSM_7, 2),
    "Polish letters": ("nie dostałem wypłaty", UCS_2, GSM_7, 2),
    "Spanish letters, in GSM-7": ("español 4", GSM_7, GSM_7, 2),
    "Norwegian letters, in Latin-1": ("på norsk", LATIN_1, GSM_7, 1),
    "Arabic, in three parts": ("العربية", UCS_2, UCS_2, 3),
    "Tigrinya": ("ትግርኛ", UCS_2, UCS_2, 2),
    "an emoji": ("🙏", UCS_2, GSM_7, 1),
    "Russian, in three parts": ("RUSSKI 41", GSM_7, UCS_2, 3),
}


@pytest.mark.parametrize(("text", "coding", "answered", "parts"), TEXTS.values(), ids=TEXTS)
def test_the_bytes_of_an_answer(
    text: str, coding: int, answered: int, parts: int, operator: Centre, answers: Answers
) -> None:
    """Alphabet, header, parts and text are what the operator must get, and no byte more."""
    number = stranger()
    answer = answers(text)
    operator.deliver(number, OURS, encoded(text, coding), coding)
    got = submitted(operator, number, answer)

    total = len(got)
    assert total == count(answer).segments >= parts
    assert joined(got) == encoded(answer, answered)
    assert {part.data_coding for part in got} == {answered}
    assert {(part.source_addr, part.registered_delivery) for part in got} == {(OURS, 0)}
    if total == 1:
        assert header(got[0]) == b""
        return
    reference = header(got[0])[3]
    assert [header(part) for part in got] == [
        bytes([5, 0, 3, reference, total, place]) for place in range(1, total + 1)
    ]
    assert (
        max(len(part.short_message) for part in got) <= {GSM_7: 6 + 153, UCS_2: 6 + 134}[answered]
    )


LONG = {
    "GSM-7": ("Hei. " * 40 + "POLSKI", GSM_7, 153),
    "UCS-2": ("ሰላም " * 20 + "ትግርኛ", UCS_2, 134),
    "UCS-2, in ten parts": ("ሰላም " * 165 + "ትግርኛ", UCS_2, 134),
}


@pytest.mark.parametrize(("text", "coding", "size"), LONG.values(), ids=LONG)
@pytest.mark.parametrize("turn", [1, -1], ids=["in order", "the last part first"])
def test_a_text_in_parts_is_one_text(
    text: str, coding: int, size: int, turn: int, operator: Centre, answers: Answers
) -> None:
    """A long text is answered once, as a whole, in whichever order its parts come."""
    number = stranger()
    answer = answers(text)
    whole = encoded(text, coding)
    cut = [whole[start : start + size] for start in range(0, len(whole), size)]
    parts = [
        bytes([5, 0, 3, 77, len(cut), place]) + part for place, part in enumerate(cut, start=1)
    ]
    for part in parts[::turn]:
        assert operator.to(number) == []
        operator.deliver(number, OURS, part, coding, CONCATENATED)
    got = submitted(operator, number, answer)

    assert len(parts) > 1
    assert joined(got) == encoded(answer, got[0].data_coding)
