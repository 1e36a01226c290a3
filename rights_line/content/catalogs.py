"""The strings to translate, and their translations in .po files.

English is the msgid, and no .mo file is compiled.
"""

import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages import catalog as babel_catalog
from babel.messages.pofile import PoFileError, read_po

from rights_line.content import yaml_file
from rights_line.content.content_reader import read_provenance
from rights_line.content.yaml_file import YamlMapping, display_path, replacement_problems
from rights_line.errors import Problem

_STRING = re.compile(r'(?:msg\w+(?:\[\d+\])? )?"(?:[^"\\]++|\\.)*+"')

FILE = Path("LC_MESSAGES") / "messages.po"
PREVIOUS = "| "  # begins the lines of the msgid that a fuzzy translation is of
_DOUBT = "doubt:"  # begins, in a comment, what the translator was not sure of
_LIMIT = "At most 306 GSM-7 characters with its links, or 335 in other scripts."


@dataclass(frozen=True)
class EnglishString:
    """One string to translate: msgctxt, msgid, its place, and a note for translators."""

    context: str
    message: str
    path: Path
    line: int
    note: str

    @property
    def key(self) -> tuple[str, str]:
        """The string as catalogs name it: msgctxt and msgid."""
        return self.context, self.message

    @property
    def place(self) -> str:
        """Its file and line, as messages show them."""
        return f"{display_path(self.path)}:{self.line}"


@dataclass(frozen=True)
class Catalog:
    """The entries of a catalog by msgctxt and msgid."""

    translations: dict[tuple[str, str], str] = field(default_factory=dict)
    fuzzy: dict[tuple[str, str], int] = field(default_factory=dict)  # the line; not to be served
    drafts: dict[tuple[str, str], str] = field(default_factory=dict)  # the text of the same
    doubts: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # of the translator


def load(path: Path, problems: list[Problem]) -> Catalog:
    """Return the entries of a file, adding every problem found."""
    name = display_path(path)
    try:
        data = path.read_bytes().removeprefix(BOM_UTF8)  # as some editors save UTF-8
        text = data.decode("utf-8")
        catalog = read_po(io.BytesIO(data), abort_invalid=True)
    except OSError as error:
        problems.append(yaml_file.unreadable(path, error))
        return Catalog()
    except (PoFileError, ValueError, LookupError) as error:
        place, fix = name, "Save it as a .po file in UTF-8"
        if isinstance(error, PoFileError):
            place, fix = f"{name}:{error.lineno + 1}", "Correct the entry on this line"
        problems.append(Problem(place, f"is not a valid .po file: {error}", fix))
        return Catalog()
    problems += replacement_problems(path, text)
    problems += _unterminated_strings(path, text)
    problems += _header_problems(name, catalog)
    if (entries := f"\n{text}".count("\nmsgid ")) != len(catalog) + 1:  # with the header
        summary = f"must have each entry once, got {entries - 1} for {len(catalog)} texts"
        problems.append(Problem(name, summary, "Find them with msgfmt --check"))
    found = Catalog()
    for message in catalog:
        if isinstance(message.id, str) and message.id:
            _add_entry(message, found)
    return found


def _add_entry(message: babel_catalog.Message, found: Catalog) -> None:
    key = message.context or "", str(message.id)
    if message.string and message.fuzzy:
        found.fuzzy[key], found.drafts[key] = message.lineno or 0, str(message.string)
    elif message.string:
        found.translations[key] = str(message.string)
    comments = (row for row in message.user_comments if not row.startswith(PREVIOUS))
    _, *doubts = " ".join(comments).split(_DOUBT)  # Babel wraps long comments
    if doubts:
        found.doubts[key] = [*map(str.strip, doubts)]


def _header_problems(name: str, catalog: babel_catalog.Catalog) -> Iterator[Problem]:
    if catalog.charset.lower() != "utf-8":
        summary = f"its header must say charset=utf-8, got {catalog.charset}"
        yield Problem(name, summary, "Save it as a .po file in UTF-8")
    if catalog.fuzzy:
        # Babel would drop every message of such a catalog without an error.
        yield Problem(
            name, "its header must not be fuzzy", "Remove '#, fuzzy' from the first entry"
        )


def _unterminated_strings(path: Path, text: str) -> Iterator[Problem]:
    """Yield a problem for each unterminated string, of which Babel drops the last letter."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith(("msg", '"')) and not _STRING.fullmatch(line.rstrip()):
            place = f"{display_path(path)}:{number}"
            yield Problem(place, "a string must end with a quotation mark", 'Close it with "')


def english_strings(document: YamlMapping) -> Iterator[EnglishString]:
    """Yield the strings to translate in one file of content/."""
    if document.path.parent.name == "topics":
        context = document.path.stem
        yield _english_string(context, document, "title", "Menu label, as short as possible.")
        for row in (document, *document.get("more", ())):
            if "text" in row:
                yield _english_string(context, row, "text", f"Screen {row['code']}. {_LIMIT}")
            if "title" in row and row is not document:
                note = "Label of a choice, as short as possible."
                yield _english_string(context, row, "title", note)
    else:
        for name, row in document.items():
            if "name" in row:
                yield _english_string(name, row, "name", "Name of a helpline.")
            if "text" in row:
                note = row.get("note", f"Screen of a helpline. {_LIMIT}")
                yield _english_string(name, row, "text", note)


def _english_string(context: str, row: YamlMapping, key: str, note: str) -> EnglishString:
    citations = "; ".join(read_provenance(row).citations)
    return EnglishString(context, row[key], row.path, row.lines[key], f"{note} {citations}".strip())
