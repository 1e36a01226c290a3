"""The words of a language as a sheet (CSV) of concepts and phrases, to fill in and read back.

A sheet is read as spreadsheet programs save it in UTF-8. Excel's "CSV UTF-8" starts with a
byte-order mark and, in most of Europe, uses semicolons. Its plain "CSV" is refused: the encoding
is unknown.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from rights_line.content import ContentSources, yaml_file
from rights_line.content.words import ConceptRow
from rights_line.core import MENU
from rights_line.core.understanding.words import normalise, vocabulary
from rights_line.core.understanding.words.vocabulary import Entry
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.file import replace_files

EMPTY = "?"  # marks a concept without a phrase
_HEADING = ["English", "translation"]
_SEPARATOR = "; "

Words = Mapping[str, Sequence[str]]


def write(sources: ContentSources, tag: str, stream: IO[str]) -> None:
    """Write a sheet: each concept with its question, and the phrases of a language."""
    words = sources.languages[tag].written_words
    sheet = csv.writer(stream, lineterminator="\n")
    sheet.writerow(_HEADING)
    for name, row in sources.concepts.items():
        label = f"{name}: {row.question}" if row.question else name
        sheet.writerow((label, _SEPARATOR.join(words.get(name, ())) or EMPTY))


def read(path: Path) -> Words:
    """Return concept id -> phrases from a filled sheet.

    Raises:
        ConfigurationError: it cannot be read, or a spreadsheet program lost something.
    """
    try:
        return dict(_rows(_decode(path.read_bytes())))
    except OSError as error:
        raise ConfigurationError([yaml_file.unreadable(path, error)]) from None
    except (ValueError, csv.Error) as error:
        fix = 'Save it as "CSV UTF-8", or write the sheet again, and read it again'
        raise ConfigurationError([Problem("sheet", str(error), fix)]) from None


def _decode(data: bytes) -> str:
    """Decode a sheet; raise ValueError unless it is UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"must be a CSV file in UTF-8, but line {line} is not") from None
    if "\0" in text or "\ufffd" in text:
        raise ValueError("must be in UTF-8, got NUL characters or lost letters")
    return text


def _rows(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each concept with its phrases; raise ValueError or csv.Error if something is lost."""
    first = text.partition("\n")[0].rstrip()
    delimiter = ";" if ";" in first else ","
    sheet = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    if next(sheet, [])[:2] != _HEADING:
        heading = 'a row "English", "translation" (separated by a comma or semicolon)'
        raise ValueError(f"must begin with {heading}, got {first[:60]!r}")
    for cells in filter(any, sheet):
        # Excel drops or adds delimiters at the end of a row.
        label, phrases, *more = [*cells, ""]
        if any(more):
            raise ValueError(f"must have two columns, got more in the row {label[:60]!r}")
        parts = map(str.strip, re.split(r"[;\n]", phrases))
        yield label.partition(":")[0], [part for part in parts if part not in ("", EMPTY)]


def add(sources: ContentSources, tag: str, words: Words) -> tuple[int, list[Problem]]:
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
            normalised = normalise(phrase)
            reason = _left_out_reason(normalised, sources.concepts[name], known)
            if reason:
                fix = "Choose a longer phrase, or add it to the other list"
                problems.append(Problem(f"{tag}, {name}", f"{phrase} {reason}", fix))
            elif normalised and normalised not in seen:
                seen.add(normalised)
                added.setdefault(name, []).append(phrase)
                entry = Entry(sources.concepts[name].concept, (tag,))
                known.setdefault(normalised, []).append(entry)
    _write_lists(source.words_file.path, source.written_words, added, [*sources.concepts])
    return sum(map(len, added.values())), problems


def _left_out_reason(normalised: str, row: ConceptRow, known: Mapping[str, list[Entry]]) -> str:
    """Return why a phrase cannot be added to a concept; empty if it can."""
    meaning = (row.concept.code, row.concept.kind)
    for other, tags in known.get(normalised, ()):
        if (other.code, other.kind) != meaning:
            return f"means {other.id} in {', '.join(tags)}"
    return vocabulary.reason(normalised, leads_home=row.concept.code == MENU)


def _write_lists(path: Path, words: Words, added: Words, order: Sequence[str]) -> None:
    """Write words.yaml again: its first comment, the concepts in their order, the other keys."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    written = lines[: next(at for at, line in enumerate(lines) if line[0] != "#")]
    keys = [name for name in order if name in words or name in added]
    for key in dict.fromkeys([*keys, *words]):
        # One phrase a line loads ten times as fast as a YAML list.
        phrases = [*words.get(key, ()), *added.get(key, ())]
        written += [f"{key}: |\n" if phrases else f"{key}: []\n"]
        written += [f"  {phrase}\n" for phrase in phrases]
    replace_files({path: "".join(written).encode()})
