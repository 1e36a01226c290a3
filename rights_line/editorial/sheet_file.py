"""Read a review sheet as Excel and other spreadsheet programs save it.

Excel's "CSV UTF-8" has a byte-order mark, and in most of Europe semicolons; its "Unicode Text" is
UTF-16 with tabs. Its plain "CSV" is in an encoding that the file does not name, and is refused.
"""

import csv
import io
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from typing import NamedTuple

from rights_line.errors import Problem

HEADING = ("English", "translation")
_DELIMITERS = ",;\t"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods, .xls
SAVE_AGAIN = 'Save it as "CSV UTF-8" and import it again'
_EXPORT_AGAIN = "Export the sheet again, and leave its first row and first column as they are"


class Row(NamedTuple):
    """One row of a sheet, by the number that a spreadsheet program shows beside it."""

    number: int
    label: str
    translation: str

    def fault(self, problem: str, remedy: str) -> Problem:
        """Return a fault at this row."""
        return Problem(f"sheet, row {self.number}", f"{problem}: {self.label[:60]!r}", remedy)


def read_sheet(data: bytes, faults: list[Problem]) -> list[Row]:
    """Return the rows below the heading; add what is wrong with the sheet."""
    try:
        text = _decode(data)
        return list(_rows(text, _delimiter(text), faults))
    except ValueError as error:
        faults.append(Problem("sheet", str(error), SAVE_AGAIN))
    except csv.Error as error:
        faults.append(Problem("sheet", f"is not sound CSV: {error}", SAVE_AGAIN))
    return []


def _decode(data: bytes) -> str:
    """Return the text of a sheet.

    Raises:
        ValueError: it is not UTF-8, and not UTF-16 with a byte-order mark.
    """
    if data.startswith(_WORKBOOKS):
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
        raise ValueError("must be in UTF-8, but has NUL characters")
    return text


def _delimiter(text: str) -> str:
    """Return what separates the two words of the heading."""
    first = text.split("\n")[0].rstrip()
    for delimiter in _DELIMITERS:
        if next(csv.reader([first], delimiter=delimiter), [])[:2] == list(HEADING):
            return delimiter
    raise ValueError(
        'must begin with a row "English", "translation" '
        f"(separated by a comma, semicolon or tab), got {first[:60]!r}"
    )


def _rows(text: str, delimiter: str, faults: list[Problem]) -> Iterator[Row]:
    sheet = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for number, cells in enumerate(sheet, start=1):
        # Excel leaves out the delimiters before empty cells at the end of a row, or adds some.
        label, translation, *more = [*cells, "", ""]
        row = Row(number, label, translation.strip())
        if number == 1 or not any(cells):
            continue
        if any(more):
            faults.append(row.fault("must have two columns, got more", _EXPORT_AGAIN))
        elif "\ufffd" in label + translation:
            faults.append(row.fault("has U+FFFD, which stands for a lost letter", SAVE_AGAIN))
        elif len(translation.strip().splitlines()) > 1:
            faults.append(row.fault("must be one line, got a line break", "Write it as one line"))
        else:
            yield row
