"""The lock file, the workflow of a public forge, and the links between documents."""

import re
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from tests.support.servers import ROOT

DOCUMENTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")} - {ROOT / "CHANGELOG.md"})
LINK = re.compile(r'(?:\]\(|src=")(?!https?:)([^)#"]+)')


def test_downloads_have_hashes_and_the_addresses_of_the_usual_index() -> None:
    """A mirror of the machine that ran `make locks` is unknown to others."""
    locked = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    for package in (row for row in locked if row["name"] != "rights-line"):
        files = [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
        assert files, package["name"]
        for file in files:
            assert file["hash"].startswith("sha256:"), file
        hosts = {urlsplit(file["url"]).hostname for file in files}
        assert hosts == {"files.pythonhosted.org"}, package["name"]
        assert urlsplit(package["source"]["registry"]).hostname == "pypi.org", package["name"]


def test_workflow_runs_the_targets_of_our_ci_in_their_order() -> None:
    text = (ROOT / ".github/workflows/ci.yml").read_text("utf-8")
    ((_, job),) = yaml.safe_load(text)["jobs"].items()
    commands = [step["run"] for step in job["steps"] if "run" in step]

    own = re.findall("^(make [^#&\n]*?) *(?:[#&].*)?$", (ROOT / ".ci/run").read_text("utf-8"), re.M)

    assert commands == own
    assert {"make check", "make test", "make test-all"} < {*commands}


def dead_links(document: Path, text: str) -> list[str]:
    return [link for link in LINK.findall(text) if not (document.parent / link).exists()]


def test_links_lead_to_files() -> None:
    assert dead_links(ROOT / "README.md", "[a](docs/gone.md), [b](README.md#c)") == ["docs/gone.md"]
    found = {path.name: dead_links(path, path.read_text("utf-8")) for path in DOCUMENTS}
    assert {name: links for name, links in found.items() if links} == {}
