"""Read a sheet of words (CSV) as Excel and other spreadsheet programs save it.

Excel's "CSV UTF-8" starts with a byte-order mark and, in most of Europe, uses semicolons. Its
"Unicode Text" is UTF-16 with tabs. Its plain "CSV" is rejected: the encoding is unknown.
"""

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from typing import NamedTuple

from rights_line.errors import Problem

HEADING = ("English", "translation")
_DELIMITERS = ",;\t"
_WORKBOOK_MAGIC = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods; .xls
SAVE_AGAIN = 'Save it as "CSV UTF-8", and read it again'
_EXPORT_AGAIN = "Write the sheet again, and do not change its first row and first column"


class SheetRow(NamedTuple):
    """One row of a sheet, with the row number that a spreadsheet program shows."""

    number: int
    label: str
    translation: str

    def problem(self, summary: str, fix: str) -> Problem:
        return Problem(f"sheet, row {self.number}", f"{summary}: {self.label[:60]!r}", fix)


def read(data: bytes, problems: list[Problem]) -> list[SheetRow]:
    """Return the rows below the heading, and add the problems of the sheet to a list."""
    try:
        text = _decode(data)
        return list(_rows(text, _delimiter(text), problems))
    except ValueError as error:
        problems.append(Problem("sheet", str(error), SAVE_AGAIN))
    except csv.Error as error:
        problems.append(Problem("sheet", f"must be valid CSV: {error}", SAVE_AGAIN))
    return []


def _decode(data: bytes) -> str:
    """Decode a sheet; raise ValueError unless it is UTF-8, or UTF-16 with a byte-order mark."""
    if data.startswith(_WORKBOOK_MAGIC):
        raise ValueError("must be a CSV file, got a workbook")
    is_utf16 = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"must be in UTF-8, but line {line} is in another encoding "
            '(plain "CSV" of Excel is in Windows-1250, 1251 or 1252)'
        ) from None
    if "\0" in text:
        raise ValueError("must be in UTF-8, got NUL characters")
    return text


def _delimiter(text: str) -> str:
    """Return the character between the two words of the heading; raise ValueError without it."""
    first = text.split("\n")[0].rstrip()
    for delimiter in _DELIMITERS:
        if next(csv.reader([first], delimiter=delimiter), [])[:2] == list(HEADING):
            return delimiter
    raise ValueError(
        'must begin with a row "English", "translation" '
        f"(separated by a comma, semicolon or tab), got {first[:60]!r}"
    )


def _rows(text: str, delimiter: str, problems: list[Problem]) -> Iterator[SheetRow]:
    sheet = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for number, cells in enumerate(sheet, start=1):
        # Excel drops or adds delimiters at the end of a row.
        label, translation, *more = [*cells, "", ""]
        row = SheetRow(number, label, translation.strip())
        if number == 1 or not any(cells):
            continue
        if any(more):
            problems.append(row.problem("must have two columns, got more", _EXPORT_AGAIN))
        elif "\ufffd" in label + translation:
            problems.append(row.problem("has U+FFFD in place of a lost letter", SAVE_AGAIN))
        elif len(translation.strip().splitlines()) > 1:
            summary = "must be one line, got a line break"
            problems.append(row.problem(summary, "Write it as one line"))
        else:
            yield row
