"""Tests of the command line itself: help, completion, exit codes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from rights_line.cli import SECTIONS, rights_line
from tests.support.cli import run
from tests.support.worlds import SMALL_ROOT, texts_at

COMMAND = str(Path(sys.executable).with_name("rights-line"))


def test_help_lists_every_command_once_with_its_summary_in_its_section() -> None:
    result = run("--help")
    text = " ".join(result.stdout.split())
    titles = [text.index(f" {title}: ") for title, _ in SECTIONS]

    assert result.returncode == 0
    assert titles == sorted(titles)
    for commands in SECTIONS.values():
        for name in commands:
            assert text.count(f" {name} {rights_line.loaded(name).paragraphs[0]}") == 1


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_of_a_command_ends_with_its_examples_unwrapped(option: str) -> None:
    result = run("approve", option)
    assert result.returncode == 0
    assert result.stdout.endswith(
        "Examples:\n"
        "  rights-line approve pl --role native_reader --by AB\n"
        "  rights-line approve pl --role native_reader --by AB --core\n"
        "  rights-line approve en --role lawyer --by CD --screens 4 41\n"
    )


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        ([], "Usage: rights-line [OPTIONS] COMMAND"),
        (["chekc"], "No such command 'chekc'. Did you mean 'check'?"),
        (["check", "--jsn"], "No such option '--jsn'"),
        (["approve", "pl", "--by", "AB"], "Missing option '--role'"),
        (["approve", "pl", "--by", "A1", "--role", "lawyer"], 'such as AB, got "A1"'),
        (["approve", "pl", "--by", "AB", "--role", "lawyer", "--screens"], "'--screens'"),
        (["serve", "9000"], "Got unexpected extra argument (9000)"),
    ],
)
def test_wrong_usage_exits_2_and_writes_nothing_to_standard_output(
    arguments: list[str], printed: str, small_root: Path
) -> None:
    result = run(*arguments, where=small_root)
    assert (result.returncode, result.stdout) == (2, "")
    assert printed in result.stderr


@pytest.mark.parametrize(
    ("words", "begun", "offered"),
    [
        ([], "c", {"chat", "check", "costs", "count", "card", "contacts"}),
        (["review"], "p", {"pa", "pcm", "pl", "prs", "ps", "pt-BR"}),
    ],
)
def test_shell_completes_commands_and_languages(
    words: list[str], begun: str, offered: set[str]
) -> None:
    found = ShellComplete(rights_line, {}, "rights-line", "").get_completions(words, begun)
    assert {one.value for one in found} == offered


def test_interrupted_command_exits_130_without_a_traceback() -> None:
    with subprocess.Popen(
        [COMMAND, "chat", "--plain"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | texts_at(SMALL_ROOT, {"PYTHONUNBUFFERED": ""}),
        # In the background, as under nohup, a process inherits that SIGINT is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"hello\n")
        process.stdin.flush()
        process.stdout.readline()  # it waits for the next line now
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=15)
    assert (process.returncode, errors.strip()) == (130, b"")


def test_reader_that_has_gone_gets_no_notice() -> None:
    """As behind `head`; what is short waits in a buffer until the end."""
    reader, writer = os.pipe()
    os.close(reader)
    environ = os.environ | texts_at(SMALL_ROOT, {"PYTHONUNBUFFERED": ""})
    done = subprocess.run(
        [COMMAND, "fallback"], stdout=writer, stderr=subprocess.PIPE, env=environ, timeout=30
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")
