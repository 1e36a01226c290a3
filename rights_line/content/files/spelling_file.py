"""Read locales/spelling.yaml."""

from pathlib import Path

from rights_line.content.files import schema, yaml_file
from rights_line.core.understanding.text.spelling import Spelling
from rights_line.errors import Problem

NAME = "spelling.yaml"


def load(path: Path, problems: list[Problem]) -> Spelling:
    """Return the table of spellings; a folder without the file folds nothing."""
    if not path.exists():
        return Spelling()
    table = yaml_file.load(path, problems)
    found = list(table.problems({}, schema.SPELLING))
    problems += found
    if found:
        return Spelling()
    letters = {
        letter: standing[place] if standing else ""
        for row, standing in table.get("letters", {}).items()
        for place, letter in enumerate(row)
    }
    return Spelling(
        letters=letters,
        endings=table.get("endings", ""),
        words=dict(table.get("words", {})),
        prefixes=tuple(table.get("prefixes", ())),
        suffixes=tuple(table.get("suffixes", ())),
    )
