"""The `rights-line` command: argument parsing and printing, nothing else.

Start with commands.py, which declares every command; each calls functions of `content`,
`editorial`, `cards` or `ops`. Besides app.py, this is the only package that reads the environment.
"""

import os
import sys
from collections.abc import Mapping, Sequence

import click

from rights_line.cli.commands import rights_line
from rights_line.content.texts_folder import texts_folder
from rights_line.errors import ConfigurationError
from rights_line.web.process import prepare


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that this process was started with, and return its exit code."""
    prepare()
    return run_command(arguments, os.environ)


def run_command(arguments: Sequence[str] | None, environ: Mapping[str, str]) -> int:
    """Run one command and return its exit code.

    Args:
        arguments: the command and its options; None for those of the process.
        environ: the environment variables.
    """
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    given = {"environ": environ, "root": texts_folder(environ)}
    # https://no-color.org; None: only on a terminal.
    color = False if environ.get("NO_COLOR") else None
    try:
        code: int = rights_line.main(
            arguments, "rights-line", standalone_mode=False, obj=given, color=color
        )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except ConfigurationError as error:
        name = next(iter(sys.argv[1:] if arguments is None else arguments), "")
        what = "rights-line did not start. Fix" if name == "serve" else f"Cannot run `{name}`"
        print(f"{what}:\n{error}", file=sys.stderr)
        return 1
    except click.Abort:
        return 130
    return code
