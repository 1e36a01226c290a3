"""From .po files to translations, read as they are: English is the msgid, there is no .mo."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from rights_line.content import texts
from rights_line.documents import named, read
from rights_line.errors import Fault

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


def load_catalog(path: Path, faults: list[Fault]) -> Entries:
    """Return the translated entries of a catalog, adding every fault found."""
    catalog = _read(path, faults)
    if catalog is None:
        return Entries({}, {})
    faults += _open_strings(path)
    if catalog.fuzzy:
        # Babel would leave out every message of it without a word.
        faults.append(
            Fault(named(path), "its header is fuzzy", "Take '#, fuzzy' off the first entry")
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


def _open_strings(path: Path) -> Iterator[Fault]:
    """Yield a fault for each string that is not closed: Babel takes its last letter off."""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if _BEGINS.match(line) and not _STRING.fullmatch(line.rstrip()):
            yield Fault(f"{named(path)}:{number}", "a string is not closed", 'Close it with "')


def _read(path: Path, faults: list[Fault]) -> Catalog | None:
    try:
        with path.open("rb") as stream:
            return read_po(stream, abort_invalid=True)
    except OSError as error:
        faults.append(Fault(named(path), "cannot be read", error.strerror or "Look at it"))
    except PoFileError as error:
        place = f"{named(path)}:{error.lineno + 1}"
        faults.append(Fault(place, f"is not a catalog: {error}", "Mend the entry here"))
    except (ValueError, LookupError) as error:
        faults.append(Fault(named(path), f"is not a catalog: {error}", "Save it as a UTF-8 .po"))
    return None


def extract(
    stream: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Yield the texts of one file of content/ for Babel (babel.cfg, `make strings`)."""
    faults: list[Fault] = []
    document = read(Path(stream.name), faults)
    if faults:
        raise ValueError("; ".join(map(str, faults)))
    for text in texts(document):
        yield text.line, "pgettext", (text.context, text.message), [text.note]
