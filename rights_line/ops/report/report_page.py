"""A report as a web page, or as plain text for the terminal."""

from collections.abc import Iterator, Sequence
from textwrap import fill, indent

from jinja2 import Environment, PackageLoader, StrictUndefined

from rights_line.ops.report.glossary import GLOSSARY
from rights_line.ops.report.tables import Table, answers_in_words, format_table_count
from rights_line.style import inline_files


def report_html(title: str, tables: Sequence[Table]) -> str:
    """Return one page that needs no other file: a sentence, tables and glossary."""
    templates = Environment(
        loader=PackageLoader("rights_line.ops.report"), autoescape=True, undefined=StrictUndefined
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
