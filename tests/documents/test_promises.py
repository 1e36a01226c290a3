"""PRIVACY.md and SECURITY.md promise what is tested: each sentence that promises names its tests,
each of these exists, and where nothing is promised nothing sounds like it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.support.servers import ROOT

FILES = ("PRIVACY.md", "SECURITY.md")
TEST_ID = re.compile(r"`(tests/[\w/]+\.py::test_\w+)`")
# Parts in which no sentence need have a proof: the beginning, and what speaks of others.
UNPROVEN = ("", "What we cannot promise", "How to report", "What an operator must do", "The proofs")
# There, what we are said to do or not to do needs one all the same.
PROMISE = re.compile(
    r"\b(?:we|the line|it) (?:never|always|keeps? no|deletes?|forgets?|changes nothing)\b", re.I
)
OPEN = ("What remains", "In this order")  # how a sentence begins that promises nothing


class Sentence(NamedTuple):
    """A sentence, the part that it stands in, and the proofs that it names."""

    part: str
    text: str
    marks: tuple[str, ...]


def parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield each heading and what stands below it, without the lines that say what a mark is."""
    body = re.sub(r"(?m)^\[\^\w+\]:.*(?:\n {4}.*)*", "", text)
    beginning, *rest = re.split(r"(?m)^##? (.*)$", body)
    yield "", beginning
    for number, (title, below) in enumerate(zip(rest[::2], rest[1::2], strict=True)):
        yield title if number else "", below


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a document."""
    for part, below in parts(text):
        for block in re.split(r"\n\n|\n(?=\* )", below):
            line = " ".join(block.removeprefix("* ").split())
            for one in re.findall(r".+?(?:[.:]\**(?:\[\^\w+\])*(?= [A-Z*`]|$)|$)", line):
                words = re.sub(r"\[\^(\w+)\]", "", one).strip()
                if words:
                    yield Sentence(part, words, tuple(re.findall(r"\[\^(\w+)\]", one)))


def proofs(text: str) -> dict[str, list[str]]:
    """Return the tests behind each mark."""
    rows = re.findall(r"(?m)^\[\^(\w+)\]:(.*(?:\n {4}.*)*)", text)
    return {mark: TEST_ID.findall(named) for mark, named in rows}


def faults(text: str) -> list[str]:
    """Return what is wrong with a document: promises without proof, marks that lead nowhere."""
    proven, found, used = proofs(text), [], set()
    for part, sentence, marks in sentences(text):
        used |= {*marks}
        is_promise = part not in UNPROVEN and not sentence.startswith(OPEN)
        if not marks and (is_promise or PROMISE.search(sentence)):
            found.append(f"no proof: {sentence}")
        found += [f"no such mark: {mark}" for mark in marks if not proven.get(mark)]
    return found + [f"proves nothing: {mark}" for mark in proven.keys() - used]


@pytest.mark.parametrize("file", FILES)
def test_every_promise_names_its_proof(file: str) -> None:
    """No sentence promises more than a test shows."""
    text = (ROOT / file).read_text("utf-8")

    assert faults(text) == []
    assert len([sentence for sentence in sentences(text) if sentence.marks]) >= 10


def missing(tests: set[str]) -> set[str]:
    """Return the tests that pytest does not find."""
    files = sorted(
        {test.partition("::")[0] for test in tests if (ROOT / test[: test.find("::")]).exists()}
    )
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider"]
    listed = subprocess.run(
        [*command, *files], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    return tests - {line.partition("[")[0] for line in listed.stdout.splitlines()}


def test_every_proof_exists() -> None:
    """pytest collects each test that is named; one that is gone or misspelt is noticed."""
    named = {
        test
        for file in FILES
        for tests in proofs((ROOT / file).read_text("utf-8")).values()
        for test in tests
    }
    gone = {"tests/documents/test_promises.py::test_that_is_gone", "tests/test_gone.py::test_gone"}

    assert len(named) > 20
    assert missing(named | gone) == gone


SOUND = """# What we keep

In danger: call 112.

## What we keep

* We keep no number.[^a] Then it is
  gone.[^b] After 1.5 minutes all is gone.[^b]

## What we cannot promise

* **Your phone** keeps texts. We cannot help that.

[^a]: `tests/test_a.py::test_a`,
    `tests/test_a.py::test_b`
[^b]: `tests/test_a.py::test_c`
"""

BROKEN = {
    "a promise without a mark": ("gone.[^b] After", "gone. After", ["no proof: Then it is gone."]),
    "the last of a list": (
        "all is gone.[^b]",
        "all is gone.",
        ["no proof: After 1.5 minutes all is gone."],
    ),
    "a mark that is not explained": (
        "[^a] Then",
        "[^c] Then",
        ["no such mark: c", "proves nothing: a"],
    ),
    "a mark without a test": (
        "`tests/test_a.py::test_c`",
        "soon",
        ["no such mark: b", "no such mark: b"],
    ),
    "a promise among what we cannot promise": (
        "We cannot help that.",
        "We never tell.",
        ["no proof: We never tell."],
    ),
    "a promise at the beginning": (
        "call 112.",
        "call 112. We keep no number.",
        ["no proof: We keep no number."],
    ),
}


def test_a_sound_document_has_no_fault() -> None:
    """Marks at the end of a sentence count, over lines, and numbers end none."""
    assert faults(SOUND) == []
    assert [len(sentence.marks) for sentence in sentences(SOUND)] == [0, 1, 1, 1, 0, 0]


@pytest.mark.parametrize(("old", "new", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_fault_is_found(old: str, new: str, expected: list[str]) -> None:
    """Each kind of promise without a proof is named."""
    assert SOUND.count(old) == 1
    assert faults(SOUND.replace(old, new)) == expected
