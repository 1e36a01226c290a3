"""Arguments, checks and output that several sections share."""

import os
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

import click

from rights_line.cli import Invocation, Refused
from rights_line.core.library import Library
from rights_line.errors import Problem
from rights_line.library import TEXTS, location, texts_folder
from rights_line.library.assembly import library_of
from rights_line.library.location import Served, choices_of
from rights_line.library.schema import Built
from rights_line.settings import Serve, Settings


def complete_tag(_: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the languages that a shell offers for the start of a tag."""
    folders = (texts_folder(os.environ) / "locales").glob(f"{incomplete}*/words.yaml")
    return sorted(path.parent.name for path in folders)


FILE = click.Path(path_type=Path)
date_option = partial(click.option, type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD")
tag_argument = click.argument(
    "tag", metavar="TAG", help="language, such as pl", shell_complete=complete_tag
)
tags_argument = partial(
    click.argument, "tags", metavar="[TAG]...", nargs=-1, shell_complete=complete_tag
)


def open_texts(given: Invocation, serve: Serve) -> Library:
    """Return the texts of a command, with the sentence model if there is one."""
    served = _served(given, serve)
    return library_of(served.built, served.load_model().model)


def open_built(given: Invocation) -> Built:
    """Return the content of the library of a command."""
    return _served(given).built


def _served(given: Invocation, serve: Serve | None = None) -> Served:
    """Return the texts by the line's choices; others would build its file again."""
    choices = choices_of(Settings.from_environ(given.environ))
    choices = replace(choices, serve=serve or choices.serve)
    return location.open({**given.environ, TEXTS: str(given.root)}, choices)


def check_languages(tags: Collection[str], known: Collection[str]) -> None:
    """Refuse languages that are not among the known ones."""
    if unknown := [tag for tag in tags if tag not in known]:
        raise Refused(f"Unknown language: {', '.join(unknown)}. Use one of: {', '.join(known)}")


def print_text_problems(problems: Iterable[Problem]) -> int:
    """Print what waits, then the errors, so that they stand last; return 1 if there is one."""
    errors, waiting = list[Problem](), list[Problem]()
    for problem in problems:
        (waiting if problem.waits else errors).append(problem)
    counted = [f"Waiting: {len(waiting)}, which stop nobody."] if waiting else []
    verdict = f"Errors: {len(errors)}." if errors else "No problems found."
    rows = [*counted, *map(_coloured_problem, waiting), verdict, *map(_coloured_problem, errors)]
    click.echo("\n".join(rows))
    return 1 if errors else 0


def _coloured_problem(problem: Problem) -> str:
    colour = "yellow" if problem.waits else "red"
    return click.style(problem.place, colour) + str(problem).removeprefix(problem.place)


def write_output(path: Path, data: bytes) -> None:
    """Write a file that a command makes for its user (`--out`).

    It is written in place, because it may be a pipe or /dev/stdout. Texts of the line are written
    with `library.file.replace_files` alone.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}") from None
