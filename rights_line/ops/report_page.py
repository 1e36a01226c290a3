"""A report as a web page with its glossary, as plain text, or as a chart: one SVG file."""

from collections.abc import Iterator, Sequence
from html import escape
from textwrap import fill, indent

from jinja2 import Environment, PackageLoader, StrictUndefined

from rights_line.ops.report_tables import SMALL, Table, answers_in_words, format_table_count
from rights_line.style import inline_files

# The meaning of each count, and what it cannot show.
GLOSSARY = {
    "Message": (
        "A text, a key pressed in a call or one step of a USSD session that reached the line from "
        "a provider. Messages are not people: one person may send twenty in ten minutes, and "
        "several people may share a phone. The daily sign of life, a message that the line sends "
        "itself, is one of them; messages of the simulator are not."
    ),
    "Answer": (
        "A screen that the line sent: the languages, a menu, a topic or a helpline. A screen of "
        "several USSD pages counts each time a page is shown. The short reply of a rate limit and "
        "the question which language to use are messages without an answer."
    ),
    "Language": (
        "The language of the answer, as it was chosen or recognised. It is not a nationality, and "
        "not the mother tongue. The first answer is in several languages, and so is that to the "
        "daily sign of life."
    ),
    "Topic, helpline": (
        "The subject of the screen, or the helpline whose number was asked for. Reading about a "
        "subject does not mean to be affected by it; nobody knows who called the number."
    ),
    "A short list, because the text was unclear": (
        'The line was not sure what a text meant, and offered up to four topics. "A number sent '
        'after a short list": the next text in that session began with the number of a topic. Its '
        "answer counts for that topic, too."
    ),
    "Thanks, what now and the like": (
        "The short reply to a text that names no need: thanks, what now, again, yes, no, I cannot "
        "read, wrong number, an insult."
    ),
    "<10": (
        "0 to 9. Every number is rounded down to a whole ten, so the truth is at most nine higher, "
        "and more if the line was restarted: each restart may lose up to nine answers of each "
        "language, topic and helpline. No total is given, because rounded numbers do not add up."
    ),
    "What the counts cannot show": (
        "How many people wrote, who they are, where, and whether they came back; whether they "
        "needed help, called a helpline or were helped; who wrote which message at what time. "
        "The line does not know it. Conversations, languages per day, and topics per language are "
        "not counted, because on a small line they would describe single people."
    ),
    "Published once": (
        "A quarter is reported when it is over, and its report is not corrected later: the "
        "difference of two versions could describe one person."
    ),
}

_WIDTH, _LABELS, _NUMBERS = 760, 300, 70  # of the chart, and of the columns beside the bars
_ROW, _GAP, _TOP = 24, 36, 64
_STYLE = (
    "text{font:14px sans-serif;fill:#1a1a1a}"
    ".title{font-size:20px;font-weight:bold}.head{font-weight:bold}.note{fill:#555}rect{fill:#20639b}"
)


def report_html(title: str, tables: Sequence[Table]) -> str:
    """Return one page that needs no other file: a sentence, tables and glossary."""
    templates = Environment(
        loader=PackageLoader("rights_line.ops"), autoescape=True, undefined=StrictUndefined
    )
    templates.filters["format_table_count"] = format_table_count
    style = inline_files(__package__, ["templates/report.css"]).style
    return templates.get_template("report.html").render(
        style=style,
        title=title,
        lead=answers_in_words(tables),
        tables=tables,
        glossary=GLOSSARY,
    )


def text(title: str, tables: Sequence[Table]) -> str:
    """Return the tables and the glossary as text."""
    parts = [title, answers_in_words(tables), *map(_table_text, tables)]
    parts += [f"{term}\n{indent(fill(meaning, 90), '  ')}" for term, meaning in GLOSSARY.items()]
    return "\n\n".join(parts) + "\n"


def _table_text(table: Table) -> str:
    return "\n".join(
        [table.caption, *_text_rows(table), *([f"  {table.note}"] if table.note else [])]
    )


def _text_rows(table: Table) -> Iterator[str]:
    for label, numbers in table.rows:
        named = zip(table.columns, numbers, strict=True)
        cells = (f"{format_table_count(number)} {column}".strip() for column, number in named)
        yield f"  {label}: {', '.join(cells)}"


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
