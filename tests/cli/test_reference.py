"""Tests of the commands as they are declared, and of docs/cli.md, which is generated from them."""

import re
import shlex

import pytest

from rights_line.cli import SECTIONS, Command, rights_line
from rights_line.library import ROOT
from scripts.cli_docs import reference

COMMANDS = [rights_line.loaded(name) for names in SECTIONS.values() for name in names]
EXAMPLES = [(command, example) for command in COMMANDS for example in command.examples]
each_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda row: row.name)


def test_committed_reference_is_up_to_date() -> None:
    committed = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert committed == reference(), "run `make docs` and commit docs/cli.md"


@each_command
def test_command_has_an_example_a_summary_and_help_for_each_argument(command: Command) -> None:
    assert command.examples
    assert {param.name: param.help for param in command.params if not param.help} == {}
    assert command.paragraphs[0].endswith(".")


@pytest.mark.parametrize(("command", "example"), EXAMPLES, ids=[row for _, row in EXAMPLES])
def test_example_of_command_parses(command: Command, example: str) -> None:
    found = re.search("rights-line ([^<>|]+)", example)
    assert found
    name, *arguments = shlex.split(found[1])
    assert name == command.name
    assert command.make_context(name, arguments)
