"""Read locales/spelling.yaml."""

from pathlib import Path

from rights_line.content.files import schema
from rights_line.content.files.yaml_file import load_yaml
from rights_line.core.understanding.text.spelling import Spelling
from rights_line.errors import Problem

NAME = "spelling.yaml"


def load_spelling(path: Path, problems: list[Problem]) -> Spelling:
    """Return the table of spellings; a folder without the file folds nothing."""
    if not path.exists():
        return Spelling()
    table = load_yaml(path, problems)
    found = list(table.mapping_problems({}, schema.SPELLING))
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
