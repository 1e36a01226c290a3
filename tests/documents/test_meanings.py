"""messages/meanings.md: each meaning has an example of what it is and of what it is not."""

import re

import yaml

from bench.understanding import CONCEPTS, NONE, goals
from tests.support.servers import ROOT

ROWS = re.findall(
    r"(?m)^\| `(\w+)` \| (.+) \| (.+) \|$", (ROOT / "messages" / "meanings.md").read_text("utf-8")
)


def test_each_meaning_has_a_row() -> None:
    named = [name for name, *_ in ROWS]
    assert len(named) == len({*named})
    assert {*named} == {*yaml.safe_load(CONCEPTS.read_text("utf-8")), NONE}


def test_what_a_meaning_is_not_means_another() -> None:
    known = goals()
    for name, _, other in ROWS:
        meanings = re.findall(r"`(\w+)`", other)
        assert meanings, name
        assert {*meanings} <= known.keys() - {name}, name
