"""Conversion, checks and completion of command-line arguments."""

import os
import re
import sys
from collections.abc import Collection
from decimal import Decimal
from pathlib import Path

import click

from rights_line.content.files.rules import INITIALS
from rights_line.content.texts_folder import texts_folder

MAX_MINUTES = 5_256_000  # ten years


def price(text: str) -> Decimal:
    """Parse the price of one SMS segment."""
    if re.fullmatch(r"[0-9]{1,4}(?:\.[0-9]{1,6})?", text) and (value := Decimal(text)):
        return value
    raise click.BadParameter(f'must be a price above 0, such as 0.65, got "{text}"')


def text_count(text: str) -> int:
    """Parse a number of texts."""
    if re.fullmatch("[1-9][0-9]{0,8}", text):
        return int(text)
    raise click.BadParameter(f'must be a whole number above 0, got "{text}"')


def minutes(text: str) -> int:
    """Parse an age in minutes."""
    if re.fullmatch("[0-9]{1,7}", text) and (value := int(text)) <= MAX_MINUTES:
        return value
    raise click.BadParameter(
        f'must be a whole number of minutes, at most {MAX_MINUTES}, got "{text}"'
    )


def picture_or_page(text: str) -> Path:
    """Parse the name of a file that a report can be written to."""
    if (path := Path(text)).suffix in (".svg", ".html"):
        return path
    raise click.BadParameter(f'must end in .svg or .html, got "{text}"')


def initials(text: str) -> str:
    """Parse the initials of a person."""
    if INITIALS.allows(text):
        return text
    raise click.BadParameter(f'must be two to five letters, such as AB, got "{text}"')


def complete_tag(_: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the languages that a shell offers for the start of a tag."""
    folders = (texts_folder(os.environ) / "locales").glob(f"{incomplete}*/words.yaml")
    return sorted(path.parent.name for path in folders)


def are_known_languages(tags: Collection[str], known: Collection[str]) -> bool:
    """Return whether all tags are known; print the others to standard error."""
    unknown = [tag for tag in tags if tag not in known]
    if unknown:
        message = f"Unknown language: {', '.join(unknown)}. Use one of: {', '.join(known)}"
        print(message, file=sys.stderr)
    return not unknown
