"""`rights-line count` answers each line of JSON with what its text costs, run as a program."""

import json
import os
import select
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.support.slow_sms import slow_count

COMMAND = [str(Path(sys.executable).with_name("rights-line")), "count"]
ENVIRON = {**os.environ, "PYTHONUNBUFFERED": ""}  # set, it would hide an answer kept in a buffer
FINE = '{"text": "fine"}\n'


def run(lines: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command on these lines, in our environment and these variables."""
    return subprocess.run(
        COMMAND,
        input=lines.encode(),
        env=ENVIRON | environ,
        capture_output=True,
        timeout=30,
        check=False,
    )


def answers(octets: bytes) -> list[object]:
    return [json.loads(line) for line in octets.decode().splitlines()]


def test_each_line_is_answered_in_order() -> None:
    """Each text gets its encoding, units and segments, and nothing else, in the order asked."""
    texts = ["", "a", "€" * 80, "a" * 161, "ж" * 71, "😀" * 67, "line\nline\r\n", "\x1be", "\x00"]
    done = run("".join(json.dumps({"text": text}) + "\n" for text in texts))
    assert (done.returncode, done.stderr) == (0, b"")
    assert answers(done.stdout) == [asdict(slow_count(text)) for text in texts]


@pytest.mark.parametrize(
    ("lines", "texts"),
    [
        pytest.param('{"text": "blåbær 😀"}\n', ["blåbær 😀"], id="plain UTF-8"),
        pytest.param('{"text": "\\ud83d\\ude00"}\n', ["😀"], id="an escaped pair is one emoji"),
        pytest.param('{"text": "\\ud83d"}\n', ["\ud83d"], id="half a pair"),
        pytest.param('{"text": "a\u2028b\x85"}\n', ["a\u2028b\x85"], id="line ends of Unicode"),
        pytest.param('{"id": 7, "text": "a", "to": null}\n', ["a"], id="other keys"),
        pytest.param('{"text": "a"}\n{"text": "b"}', ["a", "b"], id="no last line end"),
        pytest.param('{"text": "a"}\r\n{"text": "b"}\r\n', ["a", "b"], id="lines end in CR LF"),
        pytest.param('\n{"text": "a"}\n \n', ["a"], id="blank lines are no text"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_what_a_line_may_be(lines: str, texts: list[str]) -> None:
    """JSON in UTF-8 is read as such, also where the machine's own locale is not UTF-8."""
    done = run(lines, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert answers(done.stdout) == [asdict(slow_count(text)) for text in texts]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("fine", id="not JSON"),
        pytest.param('{"text": "fine"', id="half a line"),
        pytest.param('{"txt": "fine"}', id="no text"),
        pytest.param('["fine"]', id="not an object"),
        pytest.param("null", id="null"),
        pytest.param('{"text": null}', id="text is null"),
        pytest.param('{"text": 5}', id="text is a number"),
        pytest.param('{"text": ["f", "ine"]}', id="text is a list"),
        pytest.param('{"text": {"f": "ine"}}', id="text is an object"),
    ],
)
def test_a_bad_line_is_never_given_a_price(line: str) -> None:
    """A line without a text ends the command with code 1, after the answers before it."""
    done = run(FINE + line + "\n")
    assert done.returncode == 1
    assert answers(done.stdout) == [asdict(slow_count("fine"))]
    assert done.stderr


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


def test_answers_at_once() -> None:
    """A program that keeps the pipe open gets each answer before it asks again."""
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRON
    ) as process:
        for text in ("a", "ж"):
            assert ask(process, text) == [asdict(slow_count(text))]


def test_a_reader_that_leaves(tmp_path: Path) -> None:
    """Where the reader takes one line and goes, as `head` does, the command ends quietly."""
    errors = tmp_path / "errors"
    with (
        errors.open("wb") as sink,
        subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sink, env=ENVIRON
        ) as process,
    ):
        ask(process, "a")
        assert process.stdout
        process.stdout.close()
        process.communicate(FINE.encode(), timeout=15)
    assert (process.returncode, errors.read_bytes()) == (0, b"")
