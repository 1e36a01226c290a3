"""A click group that imports a command when it is used, and the commands of its sections."""

import gc
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import click

from rights_line.errors import ConfigurationError

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
Sections = Mapping[tuple[str, str], tuple[str, ...]]  # (title, module of this package) -> commands


@dataclass(frozen=True)
class Invocation:
    """The environment variables of a command, and the folder that holds content/ and locales/."""

    environ: Mapping[str, str]
    root: Path


pass_invocation = click.make_pass_decorator(Invocation)


class Refused(click.ClickException):
    """A sentence that ends a command with exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence alone."""
        print(self.message, file=file or sys.stderr)


@contextmanager
def all_or_nothing(nothing: str = "Nothing was changed") -> Iterator[None]:
    """Say that nothing was changed if the files of the texts cannot be written."""
    try:
        yield
    except ConfigurationError as error:
        raise Refused("\n  ".join([f"{nothing}:", *map(str, error.problems)])) from None
    except OSError as error:
        # shutil.Error of a copy has no strerror.
        full = "the folder for temporary files cannot hold a copy of the texts"
        raise Refused(f"{nothing}: {error.strerror or full}.") from None


class Command(click.Command):
    """A command with examples; its function returns the exit code."""

    def __init__(self, *arguments: Any, examples: tuple[str, ...], **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.examples = examples

    @property
    def paragraphs(self) -> list[str]:
        """The summary and the details, each on one line."""
        return [" ".join(text.split()) for text in (self.help or "").split("\n\n")]

    def invoke(self, ctx: click.Context) -> Any:
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()  # at exit, Python would print a notice of a closed pipe
            return code
        except ConfigurationError as error:
            raise Refused(f"Cannot run `{self.name}`:\n{error}") from None
        except BrokenPipeError:
            # Python flushes stdout once more at exit, which would raise the error again.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, without wrapping them."""
        with formatter.section("Examples"):
            formatter.write("".join(f"  {line}\n" for line in self.examples))


def command(*examples: str) -> Callable[[Callable[..., int]], Command]:
    """Make a function a command with these examples; its docstring is the help."""
    return click.command(cls=Command, examples=examples, context_settings=CONTEXT)


class LazyGroup(click.Group):
    """A group that imports a command when it runs, as click's documentation describes."""

    def __init__(self, *arguments: Any, sections: Sections, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.sections = sections
        self._modules = {name: module for (_, module), rows in sections.items() for name in rows}
        # Click suggests one of these names for a misspelt one; get_command returns the real ones.
        self.commands = {name: click.Command(name) for name in self._modules}

    def get_command(self, ctx: click.Context, cmd_name: str) -> Command | None:
        return self.loaded(cmd_name) if cmd_name in self._modules else None

    def loaded(self, name: str) -> Command:
        """Return a command, whose module is imported."""
        gc.disable()  # a fifth of the time of the imports, which leave nothing to collect
        module = import_module(f"{__package__}.{self._modules[name]}")
        gc.enable()
        commands = (value for value in vars(module).values() if isinstance(value, Command))
        return next(command for command in commands if command.name == name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for (title, _), names in self.sections.items():
            rows = [(row.name or "", row.paragraphs[0]) for row in map(self.loaded, names)]
            with formatter.section(title):
                formatter.write_dl(rows)
