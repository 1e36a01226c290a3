"""A click command that imports its function when it runs, and the group that lists commands."""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import click

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Options(SimpleNamespace):
    """The parsed arguments of a command, with `environ` and `root`."""


class Command(click.Command):
    """A command of a section, with examples; `function` is a module and function in this package.

    The module is imported when the command runs: `serve`, `--help` and shell completion must not
    wait for all of them.
    """

    def __init__(
        self, section: str, function: str, examples: Sequence[str], **settings: Any
    ) -> None:
        super().__init__(context_settings=CONTEXT, **settings)
        self.section = section
        self.function = function
        self.examples = examples

    @property
    def paragraphs(self) -> list[str]:
        """The summary and the details, each on one line."""
        return [" ".join(text.split()) for text in (self.help or "").split("\n\n")]

    def load(self) -> Callable[[Options], int]:
        """Import the function that does the work and returns the exit code."""
        module, _, name = self.function.partition(".")
        function: Callable[[Options], int] = getattr(
            import_module(f"rights_line.cli.{module}"), name
        )
        return function

    def invoke(self, ctx: click.Context) -> int:
        """Run the command, and return its exit code."""
        try:
            return self.load()(Options(**ctx.obj, **ctx.params))
        except BrokenPipeError:
            # Python flushes stdout once more at exit, which would raise the error again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, without wrapping them."""
        with formatter.section("Examples"):
            formatter.write("".join(f"  {line}\n" for line in self.examples))


class Commands(click.Group):
    """A group that lists its commands in sections, in the order of their declaration."""

    command_class = Command

    @property
    def sections(self) -> dict[str, list[Command]]:
        """Return title -> commands."""
        found: dict[str, list[Command]] = {}
        for command in self.commands.values():
            if isinstance(command, Command):
                found.setdefault(command.section, []).append(command)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each section with the names and summaries of its commands."""
        for title, commands in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([(row.name or "", row.paragraphs[0]) for row in commands])
