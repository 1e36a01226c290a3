"""From .po files to translations, read as they are: English is the msgid, there is no .mo."""

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

from babel.messages.pofile import PoFileError, read_po

from rights_line.content.source import source_strings
from rights_line.content.yaml_file import display_path, load_yaml, replacement_faults
from rights_line.errors import Problem

_BEGINS = re.compile(r'(?:msg\w+(?:\[\d+\])? )?"')
_STRING = re.compile(r'(?:msg\w+(?:\[\d+\])? )?"(?:[^"\\]|\\.)*"')

# (msgctxt, msgid) -> msgstr
Translations = Mapping[tuple[str, str], str]
# (msgctxt, msgid) -> the line of the msgid
Fuzzy = Mapping[tuple[str, str], int]


class Entries(NamedTuple):
    """The entries of a catalog: translations that may be served, and fuzzy ones, which may not."""

    translations: Translations
    fuzzy: Fuzzy


def load_catalog(path: Path, faults: list[Problem]) -> Entries:
    """Return the translated entries of a file; add every fault found."""
    try:
        data = path.read_bytes()
    except OSError as error:
        faults.append(
            Problem(display_path(path), "cannot be read", error.strerror or type(error).__name__)
        )
        return Entries({}, {})
    return parse_catalog(path, data, faults)


def parse_catalog(path: Path, data: bytes, faults: list[Problem]) -> Entries:
    """Return the translated entries of a catalog; add every fault found."""
    try:
        text = data.decode("utf-8")
        catalog = read_po(io.BytesIO(data), abort_invalid=True)
    except PoFileError as error:
        place = f"{display_path(path)}:{error.lineno + 1}"
        faults.append(Problem(place, f"is not a catalog: {error}", "Fix the entry on this line"))
        return Entries({}, {})
    except (ValueError, LookupError) as error:
        faults.append(
            Problem(
                display_path(path), f"is not a catalog: {error}", "Save it as a .po file in UTF-8"
            )
        )
        return Entries({}, {})
    faults += replacement_faults(path, text)
    faults += _open_strings(path, text)
    if catalog.charset.lower() != "utf-8":
        problem = f"its header must say charset=utf-8, got {catalog.charset}"
        faults.append(Problem(display_path(path), problem, "Save it as a .po file in UTF-8"))
    if catalog.fuzzy:
        # Babel would leave out every message of it without a word.
        faults.append(
            Problem(
                display_path(path), "its header is fuzzy", "Take '#, fuzzy' off the first entry"
            )
        )
    translated = [
        (message, (message.context or "", message.id), message.string)
        for message in catalog
        if message.id and message.string
        if isinstance(message.id, str) and isinstance(message.string, str)
    ]
    return Entries(
        {key: string for message, key, string in translated if not message.fuzzy},
        {key: message.lineno or 0 for message, key, _ in translated if message.fuzzy},
    )


def _open_strings(path: Path, text: str) -> Iterator[Problem]:
    """Yield a fault for each string that is not closed: Babel takes its last letter off."""
    for number, line in enumerate(text.split("\n"), start=1):
        if _BEGINS.match(line) and not _STRING.fullmatch(line.rstrip()):
            yield Problem(
                f"{display_path(path)}:{number}", "a string is not closed", 'Close it with "'
            )


def extract(
    stream: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Yield the texts of one file of content/ for Babel (babel.cfg, `make strings`)."""
    faults: list[Problem] = []
    document = load_yaml(Path(stream.name), faults)
    if faults:
        raise ValueError("; ".join(map(str, faults)))
    for text in source_strings(document):
        yield text.line, "pgettext", (text.context, text.message), [text.note]
