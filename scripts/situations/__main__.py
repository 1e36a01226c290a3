"""Write the page into a file: `python -m scripts.situations FILE`."""

import json
import sys
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

import yaml

from rights_line.content import ContentSources
from rights_line.library import ROOT
from rights_line.style import inline_files, security_policy

SITUATIONS = Path(__file__).parent / "situations.yaml"
_HELPLINES = ("police", "rosa", "children")


def situations() -> list[Mapping[str, str]]:
    """Return the situations with the concepts that a good message means."""
    return [{"also": ""} | row for row in yaml.safe_load(SITUATIONS.read_text("utf-8"))]


def page(sources: ContentSources) -> str:
    """Return the page, with its style and script inside."""
    inline = inline_files(__package__, ["page.css"], ["page.js"])
    numbers = {name: sources.content.contacts[name].number for name in _HELPLINES}
    template = files(__package__).joinpath("page.html").read_text("utf-8")
    return Template(template).substitute(
        numbers,
        csp=security_policy(inline.sources),
        style=inline.style,
        script=inline.script,
        languages="".join(_options(sources)),
        model=json.dumps(situations(), ensure_ascii=False).replace("<", "\\u003c"),
    )


def _options(sources: ContentSources) -> Iterator[str]:
    for tag, source in sources.languages.items():
        yield f'<option value="{tag}" lang="{tag}">{escape(source.language.own_name)}</option>'


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(ContentSources(ROOT)), "utf-8")
