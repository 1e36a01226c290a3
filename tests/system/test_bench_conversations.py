"""`bench conversations`: which needs of a scripted conversation are met."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.conversations import Outcome, played
from rights_line.core.library import Library
from tests.support.servers import ROOT

CONVERSATIONS = ROOT / "tests" / "data" / "conversations"
LATEST = ("seventh", "eighth", "ninth", "tenth")  # all ten would take half a minute
SCRIPT = {
    "id": "en-1",
    "about": "pay",
    "turns": [{"say": "ENGLISH 4"}, {"pick": ["41"], "else": "pay"}],
    "needs": [],
    "got": [0],
    "harm": [],
}


def outcome(tmp_path: Path, library: Library, **values: Any) -> Outcome:
    path = tmp_path / "conversations.json"
    path.write_text(json.dumps([SCRIPT | values]), "utf-8")
    return next(played(path, library))


@pytest.mark.parametrize(
    ("need", "is_met"),
    [
        ({"screen": ["41"]}, True),
        ({"screen": ["41"], "by": 1}, False),
        ({"screen": ["41"], "by": 1, "or_offered": True}, False),  # a menu of five lines
        ({"text": "22 33 11 60", "by": 1}, True),
        ({"text": "116 117"}, False),
        ({"lang": ["en"]}, True),
        ({"lang": ["pl"], "at": 1}, False),
        ({"not_unclear": 2}, True),
        ({"max_segments": 1, "at": 1}, False),
        ({"never": ["41"], "from": 1, "to": 2}, False),
    ],
)
def test_need_is_met(tmp_path: Path, library: Library, need: dict[str, Any], is_met: bool) -> None:
    assert (outcome(tmp_path, library, needs=[need]).missed == []) == is_met
    assert outcome(tmp_path, library, needs=[need], got=[], harm=[0]).is_harmful != is_met


def test_scripted_conversations_end_no_worse_than_before(library: Library) -> None:
    rows = [row for name in LATEST for row in played(CONVERSATIONS / f"{name}.json", library)]
    assert len(rows) == 240
    assert sum(not row.missed for row in rows) >= 211
    assert sum(row.is_harmful for row in rows) <= 3
