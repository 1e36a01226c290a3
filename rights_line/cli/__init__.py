"""The `rights-line` command: argument parsing and printing, nothing else.

SECTIONS lists every command and its module, in which it is a click function that calls functions of
`content`, `editorial`, `cards` or `ops`. Besides app.py, this is the only package that reads the
environment.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import IO, Any

import click

from rights_line.errors import ConfigurationError
from rights_line.library import texts_folder
from rights_line.web import process

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
# (title, module of this package) -> commands
SECTIONS = {
    ("Texts", "text_commands"): ("check", "build", "screens", "costs"),
    ("Messages", "text_commands"): ("chat", "explain", "count"),
    ("Languages and words", "language_commands"): ("new-language", "words", "add-words"),
    ("Translation and review", "translation_commands"): ("review", "import"),
    ("Recordings for calls", "language_commands"): ("recordings", "import-recordings"),
    ("Approval", "approval_commands"): ("approve", "status", "contacts"),
    ("Cards and QR codes", "card_commands"): ("card", "qr"),
    ("Service", "service_commands"): ("serve", "fallback"),
    ("Operations", "operation_commands"): ("doctor", "sign-of-life", "purge-twilio", "drill"),
    ("Report", "operation_commands"): ("report",),
}
_MODULES = {name: module for (_, module), names in SECTIONS.items() for name in names}


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

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        # Click suggests one of these names for a misspelt one; get_command returns the real ones.
        self.commands = {name: click.Command(name) for name in _MODULES}

    def get_command(self, ctx: click.Context, cmd_name: str) -> Command | None:
        return self.loaded(cmd_name) if cmd_name in _MODULES else None

    def loaded(self, name: str) -> Command:
        """Return a command, whose module is imported."""
        with process.without_collector():
            module = import_module(f"{__package__}.{_MODULES[name]}")
        commands = (value for value in vars(module).values() if isinstance(value, Command))
        return next(command for command in commands if command.name == name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for (title, _), names in SECTIONS.items():
            rows = [(row.name or "", row.paragraphs[0]) for row in map(self.loaded, names)]
            with formatter.section(title):
                formatter.write_dl(rows)


@click.group(cls=LazyGroup, context_settings=CONTEXT)
@click.version_option(package_name="rights-line")
def rights_line() -> None:
    """Tools for the text line: check and translate its texts, print cards, run a deployment.

    It reads the texts of RIGHTS_LINE_TEXTS. `rights-line COMMAND --help` explains a command.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that this process was started with, and return its exit code."""
    process.prepare()
    return run_command(arguments, os.environ)


def run_command(arguments: Sequence[str] | None, environ: Mapping[str, str]) -> int:
    """Run one command and return its exit code; `arguments` None: those of the process."""
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    given = Invocation(environ, texts_folder(environ))
    # https://no-color.org; None: only on a terminal.
    color = False if environ.get("NO_COLOR") else None
    try:
        code: int = rights_line.main(
            arguments, "rights-line", standalone_mode=False, obj=given, color=color
        )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 130
    return code
