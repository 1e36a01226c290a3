"""The messages to learn from: their format, and that none of them measures."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from rights_line.content import yaml_file
from rights_line.core.understanding.words import normalise
from tests.support.servers import ROOT

REGISTERS = {
    *("plain", "phone", "indirect", "other", "long", "told", "short", "dictated"),
    *("latin", "mixed", "negated", "past", "joke", "quote", "followup"),
}
LANGUAGES = {*yaml_file.load(ROOT / "locales" / "languages.yaml", [])}
TOPICS = {path.stem for path in (ROOT / "content" / "topics").glob("*.yaml")}
CONCEPTS = {*yaml_file.load(ROOT / "content" / "concepts.yaml", []), *TOPICS, "none"}
FILES = sorted((ROOT / "messages").glob("*.tsv"))


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def problems(row: list[str]) -> Iterator[str]:
    """Yield what is wrong with a line of a file."""
    if len(row) not in (4, 5):
        yield f"{len(row)} columns"
        return
    language, concept, register, text, *also = row
    concepts = {concept, *filter(None, "".join(also).split(","))}
    if language not in LANGUAGES:
        yield f"language {language}"
    if concepts - CONCEPTS:
        yield f"concept {concepts - CONCEPTS}"
    if register not in REGISTERS:
        yield f"register {register}"
    if not text.strip():
        yield "no text"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_of_messages_is_well_formed(path: Path) -> None:
    lines = rows(path.read_text("utf-8"))
    assert [(n, found) for n, row in enumerate(lines, 1) for found in problems(row)] == []


def test_no_message_to_learn_from_measures() -> None:
    measuring = {
        normalise(row[3])
        for path in (ROOT / "tests" / "data" / "messages" / "test").glob("*.tsv")
        for row in rows(path.read_text("utf-8"))
    }
    learnt = {normalise(row[3]) for path in FILES for row in rows(path.read_text("utf-8"))}
    assert len(measuring) > 1000
    assert measuring & learnt == set()
