"""Tests of docs/cli.md, which is generated from the table of commands."""

import re
import shlex

import pytest

from rights_line.cli.command import Command
from rights_line.cli.commands import rights_line
from rights_line.cli.reference import reference
from rights_line.content.texts_folder import ROOT

COMMANDS = [command for commands in rights_line.sections.values() for command in commands]
EXAMPLES = [(command, example) for command in COMMANDS for example in command.examples]


def test_committed_reference_is_up_to_date() -> None:
    committed = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert committed == reference(), "run `make docs` and commit docs/cli.md"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda row: row.name)
def test_command_has_an_existing_function_an_example_and_a_summary(command: Command) -> None:
    """The name of the function is a text, which no type checker follows."""
    assert callable(command.load())
    assert command.examples
    assert command.paragraphs[0].endswith(".")


@pytest.mark.parametrize(("command", "example"), EXAMPLES, ids=[row for _, row in EXAMPLES])
def test_example_of_command_parses(command: Command, example: str) -> None:
    found = re.search("rights-line ([^<>|]+)", example)
    assert found
    name, *arguments = shlex.split(found[1])
    assert name == command.name
    assert command.make_context(name, arguments)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda row: row.name)
def test_argument_of_command_has_a_help_text(command: Command) -> None:
    assert {param.name: param.help for param in command.params if not param.help} == {}
