"""The chart of a report: horizontal bars, as one SVG file that needs nothing else."""

from collections.abc import Iterator, Sequence
from html import escape

from rights_line.ops.report.tables import SMALL, Table, format_table_count

_WIDTH, _LABELS, _NUMBERS = 760, 300, 70  # of the picture, and of the columns beside the bars
_ROW, _GAP, _TOP = 24, 36, 64
_STYLE = (
    "text{font:14px sans-serif;fill:#1a1a1a}"
    ".title{font-size:20px;font-weight:bold}.head{font-weight:bold}.note{fill:#555}rect{fill:#20639b}"
)


def chart_svg(title: str, tables: Sequence[Table]) -> str:
    """Return the chart of some tables, each with its own scale; cells below ten have no bar."""
    drawn = [table for table in tables if table.is_drawn]
    body, y = [], _TOP
    for table in drawn:
        body += [_text(0, y, table.caption, "head"), *_rows(table, y + _ROW)]
        y += _ROW * (1 + len(_bars(table))) + _GAP
    described = ". ".join(map(_description, drawn))
    size = f'viewBox="0 0 {_WIDTH} {y}" width="{_WIDTH}" height="{y}"'
    named = 'role="img" aria-labelledby="title desc"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {named}>',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="desc">{escape(described)}.</desc>',
            f"<style>{_STYLE}</style>",
            f'<path fill="#fff" d="M0 0h{_WIDTH}v{y}H0z"/>',
            _text(0, 28, title, "title"),
            *body,
            "</svg>\n",
        ]
    )


def _bars(table: Table) -> list[tuple[str, int]]:
    """Return a label and a number for each cell of ten or more."""
    return [
        (f"{label}, {column}" if column else label, number)
        for label, numbers in table.rows
        for column, number in zip(table.columns, numbers, strict=True)
        if number
    ]


def _rows(table: Table, y: int) -> Iterator[str]:
    bars = _bars(table)
    longest = max((number for _, number in bars), default=1)
    space = _WIDTH - _LABELS - _NUMBERS
    for label, number in bars:
        width = round(space * number / longest)
        yield _text(0, y, label)
        yield f'<rect x="{_LABELS}" y="{y - 13}" width="{width}" height="16"/>'
        yield _text(_LABELS + width + 8, y, format_table_count(number))
        y += _ROW
    yield _text(0, y, f"All others: {SMALL}", "note")


def _description(table: Table) -> str:
    cells = [f"{label} {format_table_count(number)}" for label, number in _bars(table)]
    return f"{table.caption}: {'; '.join([*cells, f'all others {SMALL}'])}"


def _text(x: int, y: int, text: str, kind: str = "") -> str:
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{y}"{kind}>{escape(text)}</text>'
