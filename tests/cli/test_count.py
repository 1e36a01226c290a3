"""Tests of `rights-line count`: one line of JSON in, one line of JSON out."""

import json
import os
import select
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from rights_line.core.sms import count_sms
from tests.support.cli import run_bytes

COMMAND = [str(Path(sys.executable).with_name("rights-line")), "count"]
ENVIRON = {**os.environ, "PYTHONUNBUFFERED": ""}  # if set, it would hide a missing flush
VALID_LINE = '{"text": "fine"}\n'
KINDS = ["", "a", "€" * 80, "a" * 161, "ж" * 71, "😀" * 67, "line\nline\r\n", "\x1be", "\x00"]
LINES = "".join(json.dumps({"text": text}) + "\n" for text in KINDS)


def answers(octets: bytes) -> list[object]:
    return [json.loads(line) for line in octets.decode().splitlines()]


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        pytest.param(LINES, KINDS, id="each kind of text, in order"),
        pytest.param('{"text": "blåbær 😀"}\n', ["blåbær 😀"], id="plain UTF-8"),
        pytest.param('{"text": "\\ud83d\\ude00"}\n', ["😀"], id="an escaped pair is one emoji"),
        pytest.param('{"text": "a\u2028b\x85"}\n', ["a\u2028b\x85"], id="Unicode line separators"),
        pytest.param('{"text": "a"}\n{"text": "b"}', ["a", "b"], id="no newline at the end"),
        pytest.param('\n{"text": "a"}\n \n', ["a"], id="blank lines are skipped"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_count_answers_valid_lines_in_order(lines: str, texts: list[str]) -> None:
    """An answer holds encoding, units and segments, and nothing else."""
    code, stdout, stderr = run_bytes("count", given=lines.encode())
    assert (code, stderr) == (0, "")
    assert answers(stdout) == [asdict(count_sms(text)) for text in texts]


def test_count_in_a_locale_without_utf_8_reads_utf_8() -> None:
    locale = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    line = '{"text": "blåbær 😀"}\n'.encode()
    done = subprocess.run(
        COMMAND, input=line, env=ENVIRON | locale, capture_output=True, timeout=30, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert answers(done.stdout) == [asdict(count_sms("blåbær 😀"))]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("fine", id="not JSON"),
        pytest.param('{"txt": "fine"}', id="no text"),
        pytest.param('["fine"]', id="not an object"),
        pytest.param('{"text": 5}', id="text is a number"),
    ],
)
def test_count_with_an_invalid_line_exits_1(line: str) -> None:
    """The lines before it are answered."""
    code, stdout, stderr = run_bytes("count", given=f"{VALID_LINE}{line}\n".encode())
    assert code == 1
    assert answers(stdout) == [asdict(count_sms("fine"))]
    assert stderr.startswith("Line 2 must be JSON")


def ask(process: subprocess.Popen[bytes], text: str) -> list[object]:
    """Send a line and return the answer, which must come while the pipe is open."""
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps({"text": text}).encode() + b"\n")
    process.stdin.flush()
    ready, _, _ = select.select([process.stdout], [], [], 15)
    if not ready:
        process.kill()
    return answers(process.stdout.readline())


def test_count_answers_before_the_next_line_and_ends_quietly(tmp_path: Path) -> None:
    """A program may keep the pipe open for many texts; `head -1` closes it after one line."""
    errors = tmp_path / "errors"
    with (
        errors.open("wb") as sink,
        subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sink, env=ENVIRON
        ) as process,
    ):
        for text in ("a", "ж"):
            assert ask(process, text) == [asdict(count_sms(text))]
        assert process.stdout
        process.stdout.close()
        process.communicate(VALID_LINE.encode(), timeout=15)
    assert (process.returncode, errors.read_bytes()) == (0, b"")
