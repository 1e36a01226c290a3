"""Segments that ten conversations cost: the texts of tests/conversations/played_*.txt, replayed."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from rights_line.clock import OSLO
from rights_line.content.assembly.library_builder import build_library
from rights_line.content.loader import ContentSources
from rights_line.core.conversation.turn import conversation_reply
from rights_line.core.library import Library
from rights_line.core.messages import Inbound
from rights_line.core.sms import count_sms
from rights_line.library.texts_folder import ROOT

COUNT = 10
_NOON = datetime(2026, 11, 24, 12, tzinfo=OSLO)  # a Tuesday


def segments() -> Iterator[tuple[str, int, int]]:
    """Yield each conversation: its name, the number of texts, and the segments of all replies."""
    library = build_library(ContentSources(ROOT), "drafts")
    for path in sorted((ROOT / "tests" / "conversations").glob("played_*.txt"))[:COUNT]:
        texts = _texts(path)
        yield path.stem, len(texts), sum(_replies(texts, library))


def _texts(path: Path) -> list[str]:
    rows = path.read_text("utf-8").splitlines()
    return [row.removeprefix("> ") for row in rows if row.startswith("> ")]


def _replies(texts: list[str], library: Library) -> Iterator[int]:
    tag = None
    for text in texts:
        reply, tag = conversation_reply(Inbound("", text), tag, library, _NOON, True)
        yield count_sms(reply.text).segments if reply.text else 0
