"""The cost table of docs/capacity.md."""

import re

import pytest

from rights_line.core import Inbound
from rights_line.core.conversation import conversation_reply
from rights_line.core.library import Library
from rights_line.core.sms import ASSUMED_PRICE, count_sms
from tests.support.clock import TUESDAY
from tests.support.servers import ROOT


def segments(library: Library, tag: str) -> int:
    """Return the segments of the conversation that the document names."""
    total, session = 0, None
    for text in (library.languages[tag].word, "4", "41", "2"):
        reply, session = conversation_reply(Inbound("", text), session, library, TUESDAY, True)
        total += count_sms(reply.text).segments
    return total


def test_cost_table_is_that_of_the_conversation(library: Library) -> None:
    """Within two segments, so that a changed text does not change the table."""
    text = (ROOT / "docs/capacity.md").read_text("utf-8")
    rows = re.findall(r"(?m)^\| ([a-zA-Z -]+) \| (\d+) \| ([\d,]+) \|$", text)
    stated = {tag: int(count) for tags, count, _ in rows for tag in tags.split()}

    assert stated == pytest.approx(
        {tag: segments(library, tag) for tag in library.languages}, abs=2
    )
    for _, count, cost in rows:
        assert int(cost.replace(",", "")) == int(count) * 10_000 * ASSUMED_PRICE
    assert f"**an assumed** {ASSUMED_PRICE} NOK a segment" in text
