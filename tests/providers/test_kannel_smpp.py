"""The bytes that Kannel and the SMS centre of an operator exchange over SMPP."""

from collections.abc import Callable

import pytest
from smpp34 import SubmitSmEvent

from rights_line.core.sms import count_sms
from tests.support.kannel_centre import (
    CODECS,
    CONCATENATED,
    GSM_7,
    LATIN_1,
    OURS,
    UCS_2,
    Centre,
    header,
    joined,
    new_number,
)
from tests.support.waiting import wait_until

ExpectedReply = Callable[..., str]


def encoded(text: str, coding: int) -> bytes:
    """Return the bytes of a text in a data coding; a septet takes a byte."""
    return text.encode(CODECS[coding])


def submitted(operator: Centre, number: str, reply: str) -> list[SubmitSmEvent]:
    """Return the submitted parts, once there are as many as the reply has.

    Kannel sends the parts of one second in any order; phones order them by their headers.
    """
    wait_until(lambda: len(operator.to(number)) >= count_sms(reply).segments)
    return sorted(operator.to(number), key=lambda part: header(part)[5:])


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
    operator.deliver(number, encoded(text, coding), coding)
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
        operator.deliver(number, part, coding, CONCATENATED)
    submission = submitted(operator, number, reply)

    assert len(parts) > 1
    assert joined(submission) == encoded(reply, submission[0].data_coding)
