"""Tests of the commands as they are declared, and of docs/cli.md, which is generated from them."""

import inspect
import re
import shlex
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO, get_type_hints

import click
import pytest

from rights_line.cli import SECTIONS, Command, Invocation, rights_line
from rights_line.library import ROOT
from scripts.cli_docs import reference

COMMANDS = [rights_line.loaded(name) for names in SECTIONS.values() for name in names]
EXAMPLES = [(command, example) for command in COMMANDS for example in command.examples]
TYPES = {click.Path: Path, click.File: TextIO, click.DateTime: datetime}
TYPES |= {click.types.BoolParamType: bool, click.IntRange: int, click.FloatRange: float}
each_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda row: row.name)


def python_type(param: click.Parameter, default: object) -> Any:
    """Return the type of the values that click passes to the function of a command."""
    kind: Any = TYPES.get(type(param.type), str)
    if isinstance(param.type, click.types.FuncParamType):
        kind = get_type_hints(param.type.func)["return"]
    if param.nargs == -1 or param.multiple:
        return tuple[kind, ...]
    return kind | None if default is None and not param.required else kind


def test_committed_reference_is_up_to_date() -> None:
    committed = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert committed == reference(), "run `make docs` and commit docs/cli.md"


@each_command
def test_command_has_an_example_and_a_summary(command: Command) -> None:
    assert command.examples
    assert command.paragraphs[0].endswith(".")


@each_command
def test_parameters_of_command_have_the_types_that_click_passes(command: Command) -> None:
    """Mypy checks the function against its annotations, and nothing checks those against click."""
    function: Callable[..., Any] = inspect.unwrap(command.callback or str)
    hints = get_type_hints(function)
    defaults = command.make_context(command.name, [], resilient_parsing=True).params
    passed = {param.name: python_type(param, defaults.get(param.name)) for param in command.params}
    assert hints.pop("given", Invocation) is Invocation
    assert hints == {**passed, "return": int}


@pytest.mark.parametrize(("command", "example"), EXAMPLES, ids=[row for _, row in EXAMPLES])
def test_example_of_command_parses(command: Command, example: str) -> None:
    found = re.search("rights-line ([^<>|]+)", example)
    assert found
    name, *arguments = shlex.split(found[1])
    assert name == command.name
    assert command.make_context(name, arguments)


@each_command
def test_argument_of_command_has_a_help_text(command: Command) -> None:
    assert {param.name: param.help for param in command.params if not param.help} == {}
