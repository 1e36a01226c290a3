"""The words of a language as a table of concepts and phrases, to fill in and read back."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from rights_line.content.files import yaml_file
from rights_line.content.files.concepts import ConceptRow
from rights_line.content.files.schema import PHRASES, phrases_of_key
from rights_line.content.loader import ContentSources
from rights_line.core.fixed_codes import MENU
from rights_line.core.understanding.text.normalise import normalise
from rights_line.core.understanding.words import reserved_words
from rights_line.core.understanding.words.vocabulary import Entry
from rights_line.editorial.replace_files import replace_files
from rights_line.editorial.sheets import sheet_file
from rights_line.editorial.sheets.sheet_file import HEADING
from rights_line.errors import Problem

EMPTY = "?"  # marks a concept without a phrase
_SEPARATOR = "; "

Words = Mapping[str, Sequence[str]]


def write(sources: ContentSources, tag: str, stream: IO[str]) -> None:
    """Write a CSV sheet: each concept with its question, and the phrases of a language."""
    words = sources.languages[tag].written_words
    sheet = csv.writer(stream, lineterminator="\n")
    sheet.writerow(HEADING)
    for name, row in sources.concepts.items():
        label = f"{name}: {row.question}" if row.question else name
        sheet.writerow((label, _SEPARATOR.join(words.get(name, ())) or EMPTY))


def read(path: Path, problems: list[Problem]) -> Words:
    """Return concept id -> phrases from a filled table, or from a file like words.yaml."""
    if path.suffix == ".yaml":
        rows = yaml_file.load(path, problems)
        problems += rows.problems({}, dict.fromkeys(rows, PHRASES))
        return {} if problems else {key: phrases_of_key(value) for key, value in rows.items()}
    try:
        sheet = sheet_file.read(path.read_bytes(), problems)
    except OSError as error:
        problems.append(yaml_file.unreadable(path, error))
        return {}
    return {row.label.partition(":")[0]: _phrases(row.translation) for row in sheet}


def add(sources: ContentSources, root: Path, tag: str, words: Words) -> tuple[int, list[Problem]]:
    """Add phrases to a language's words.yaml.

    A phrase that is known already is left out without a problem; one that is reserved, or means
    something else in any language, with one.

    Returns:
        The number of added phrases, and a problem for each phrase that was left out.

    Raises:
        OSError: the file cannot be written; it is as it was.
    """
    source = sources.languages[tag]
    problems = [
        Problem(f"{tag}, {key}", "is not a concept", "Use an id of content/concepts.yaml")
        for key in words
        if key not in sources.concepts
    ]
    known = {phrase: [*found] for phrase, found in sources.phrases.items()}
    added: dict[str, list[str]] = {}
    for name in sources.concepts.keys() & words.keys():
        seen = {*source.normalised_words.get(name, ())}
        for phrase in words[name]:
            normalised = normalise(str(phrase))
            reason = _left_out_reason(normalised, sources.concepts[name], known)
            if reason:
                fix = "Choose a longer phrase, or add it to the other list"
                problems.append(Problem(f"{tag}, {name}", f"{phrase} {reason}", fix))
            elif normalised and normalised not in seen:
                seen.add(normalised)
                added.setdefault(name, []).append(str(phrase))
                entry = Entry(sources.concepts[name].concept, (tag,))
                known.setdefault(normalised, []).append(entry)
    _write_lists(
        root / "locales" / tag / "words.yaml", source.written_words, added, [*sources.concepts]
    )
    return sum(map(len, added.values())), problems


def _phrases(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip() not in ("", EMPTY)]


def _left_out_reason(normalised: str, row: ConceptRow, known: Mapping[str, list[Entry]]) -> str:
    """Return why a phrase cannot be added to a concept; empty if it can."""
    meaning = (row.concept.code, row.concept.kind)
    for other, tags in known.get(normalised, ()):
        if (other.code, other.kind) != meaning:
            return f"means {other.id} in {', '.join(tags)}"
    return reserved_words.reason(normalised, leads_home=row.concept.code == MENU)


def _write_lists(path: Path, words: Words, added: Words, order: Sequence[str]) -> None:
    """Write words.yaml again: its first comment, the concepts in their order, the other keys."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    comment = "".join(lines[: next(at for at, line in enumerate(lines) if line[0] != "#")])
    keys = [name for name in order if name in words or name in added]
    keys += [key for key in words if key not in keys]
    merged = {key: [*words.get(key, ()), *added.get(key, ())] for key in keys}
    replace_files({path: (comment + "".join(_list_lines(merged))).encode()})


def _list_lines(words: Words) -> Iterator[str]:
    """Yield each key with one phrase a line, which loads ten times as fast as a YAML list."""
    for key, phrases in words.items():
        yield f"{key}: |\n" if phrases else f"{key}: []\n"
        yield from (f"  {phrase}\n" for phrase in phrases)
