"""Small edits of a copy of content/ and locales/, and the problems that the line reports."""

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PurePath

import pytest
from babel.messages.pofile import read_po, write_po

from rights_line.content import ContentSources
from rights_line.errors import ConfigurationError, Problem
from rights_line.library import ROOT

CONTACTS = "content/contacts.yaml"
COUNTRY = "content/country.yaml"
PHRASES = "content/phrases.yaml"
WORK = "content/topics/work.yaml"
OUTREACH = "content/outreach.yaml"
ROWS = "locales/languages.yaml"
WORDS = "locales/pl/words.yaml"
CONCEPTS = "content/concepts.yaml"
CATALOG = "locales/pl/LC_MESSAGES/messages.po"
REVIEW = "locales/pl/review.yaml"
NEW_TOPIC = "content/topics/zz.yaml"

Edit = Callable[[str], str]


def put(text: str) -> Edit:
    """Replace a file."""
    return lambda _: text


def add(text: str) -> Edit:
    """Append to a file."""
    return lambda whole: whole + text


def swap(pattern: str, new: str) -> Edit:
    """Replace the first match of a pattern."""

    def edit(whole: str) -> str:
        changed, count = re.subn(pattern, new, whole, count=1, flags=re.MULTILINE)
        assert count, f"{pattern} is not there any more"
        return changed

    return edit


def every(old: str, new: str) -> Edit:
    """Replace every occurrence of a text."""
    return lambda whole: whole.replace(old, new)


def drop(pattern: str) -> Edit:
    """Delete every line, or run of lines, that matches a pattern."""
    return lambda whole: re.sub(f"(?m)^{pattern}", "", whole)


def strike(row: str, text: str) -> Edit:
    """Replace a text with zz in one entry of a YAML file."""
    return lambda whole: re.sub(
        rf"(?m)^{row}:\n(?:  .*\n)+", lambda found: found[0].replace(text, "zz"), whole
    )


def restate(context: str, change: Edit, *flags: str) -> Edit:
    """Change the translations of the catalog entries with a context."""

    def edit(whole: str) -> str:
        catalog = read_po(io.BytesIO(whole.encode()))
        for message in catalog:
            if message.context == context:
                message.string = change(str(message.string))
                message.flags |= set(flags)
        written = io.BytesIO()
        write_po(written, catalog)
        return written.getvalue().decode()

    return edit


def topic(text: str, code: str = "92", title: str = "Zz") -> Edit:
    """Write a topic of one screen; its text is on the fourth line."""
    return put(
        f'code: "{code}"\ntitle: {title}\naudience: [adult]\ntext: "{text}"\n'
        "facts: []\nsource: [{service: tests}]\n"
    )


def change(folder: Path, file: str, edit: Edit | None) -> None:
    """Edit a file, or delete it (None); \\udcff becomes a byte that is not UTF-8."""
    path = folder / file
    if edit is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(edit(whole), encoding="utf-8", errors="surrogateescape")


def problems(folder: Path) -> list[Problem]:
    """Return the problems that stop the line from starting."""
    with pytest.raises(ConfigurationError) as refused:
        ContentSources(folder)
    return refused.value.problems


def is_at(problem: Problem, folder: Path, file: str, mark: str) -> bool:
    """Whether a problem names a file and the line that contains a mark.

    Without a mark, a folder that contains the file is enough.
    """
    place, _, line = problem.place.partition(":")
    named = PurePath(place.partition(" ")[0]).parts
    path = folder / file
    if not mark:
        return any(at.parts[-len(named) :] == named for at in (path, *path.parents))
    lines = path.read_text(encoding="utf-8").splitlines()
    return path.parts[-len(named) :] == named and line.isdecimal() and mark in lines[int(line) - 1]


def snapshot(folder: Path) -> dict[Path, bytes]:
    """Return every file of a folder with its bytes."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def make_strings(folder: Path, *variables: str) -> None:
    """Run `make strings` in a copy of the texts, with the programs of this environment."""
    shutil.copy(ROOT / "Makefile", folder)
    command = ["make", "-s", "strings", f"BIN={Path(sys.executable).parent}", "-o", ".venv/runs"]
    subprocess.run([*command, *variables], cwd=folder, check=True, timeout=60)
