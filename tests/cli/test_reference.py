"""Tests of docs/cli.md, which is generated from the table of commands."""

import re
import shlex
from importlib import import_module

import pytest

from rights_line.cli.commands import SECTIONS, Command
from rights_line.cli.parser import build_parser
from rights_line.cli.reference import reference
from rights_line.content.loader import ROOT

EXAMPLES = [
    (command.name, example)
    for commands in SECTIONS.values()
    for command in commands
    for example in command.examples
]


def test_committed_reference_is_up_to_date() -> None:
    committed = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert committed == reference(), "run `make docs` and commit docs/cli.md"


def test_every_command_has_an_example() -> None:
    names = {command.name for commands in SECTIONS.values() for command in commands}
    assert {name for name, _ in EXAMPLES} == names


@pytest.mark.parametrize(
    "command", [row for rows in SECTIONS.values() for row in rows], ids=lambda row: row.name
)
def test_command_function_exists(command: Command) -> None:
    """Its name is a text, which no type checker follows."""
    module, _, name = command.function.partition(".")

    assert callable(getattr(import_module(f"rights_line.cli.{module}"), name))


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_example_of_command_parses(name: str, example: str) -> None:
    found = re.search("rights-line ([^<>|]+)", example)
    assert found
    arguments = shlex.split(found[1])
    assert arguments[0] == name
    assert build_parser().parse_args(arguments).run
