"""The conversation in README.md."""

import re

import pytest

from rights_line.core import Inbound
from rights_line.core.conversation import conversation_reply
from rights_line.core.library import Library
from tests.support.clock import TUESDAY
from tests.support.servers import ROOT


def test_readme_transcript_equals_the_replies_to_its_texts(
    library: Library, request: pytest.FixtureRequest
) -> None:
    """--update-conversations writes the replies anew."""
    path = ROOT / "README.md"
    readme = path.read_text("utf-8")
    (block,) = re.findall(r"```text\n(.*?)```", readme, re.DOTALL)
    texts = re.findall(r"(?m)^> (.*)$", block)
    assert len(texts) >= 3

    turns, tag = [], None
    for text in texts:
        reply, tag = conversation_reply(Inbound("sender", text), tag, library, TUESDAY, True)
        lines = "\n".join(f"< {line}" for line in reply.text.split("\n"))
        turns.append(f"> {text}\n{lines}\n")
    transcript = "\n".join(turns)
    if request.config.getoption("--update-conversations"):
        path.write_text(readme.replace(block, transcript), encoding="utf-8")
        return

    assert block == transcript
