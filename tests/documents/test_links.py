"""Links in the documents lead to files of the repository."""

import re
from pathlib import Path

from tests.support.servers import ROOT

DOCUMENTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")} - {ROOT / "CHANGELOG.md"})
LINK = re.compile(r'(?:\]\(|src=")(?!https?:)([^)#"]+)')


def dead_links(document: Path, text: str) -> list[str]:
    return [link for link in LINK.findall(text) if not (document.parent / link).exists()]


def test_links_lead_to_files() -> None:
    assert dead_links(ROOT / "README.md", "[a](docs/gone.md), [b](README.md#c)") == ["docs/gone.md"]
    found = {path.name: dead_links(path, path.read_text("utf-8")) for path in DOCUMENTS}
    assert {name: links for name, links in found.items() if links} == {}
