"""References in the documents: links, files, variables, commands, make targets."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from tests.support.cli import run
from tests.support.servers import ROOT

# Not CHANGELOG.md: it also names files that were removed.
DOCUMENTS = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")} - {ROOT / "CHANGELOG.md"})
FOLDERS = (
    "rights_line",
    "tests",
    "content",
    "locales",
    "docs",
    "deploy",
    "scripts",
    "bench",
    "examples",
)
LINK = re.compile(r'(?:\]\(|src=")(?!https?:)([^)#"]+)')
FILE = re.compile(r"(?<![\w/.<>-])\w[\w/.*-]*\.(?:py|yaml|md|lock|toml|conf|acl)\b")
FOLDER = re.compile(r"`([\w-]+(?:/[\w-]+)*/)`")
VARIABLE = re.compile(r"\b[A-Z]+(?:_[A-Z]+)+\b")
COMMAND = re.compile(r"\brights-line ([a-z][a-z-]+)([^`\n]*)")
TARGET = re.compile(r"\bmake (?:-B )?([a-z.][\w./-]*)")
# Files that commands and editors create.
WRITTEN_LATER = ("review.yaml", "recordings.yaml")
OUTSIDE = re.compile(r"\.\./shared|\bissue \d|\bsms\.md|guide_cautions|privacy_and_safety")


@cache
def files() -> tuple[str, ...]:
    """Return the path of every file in the repository."""
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    return tuple(f"/{path.relative_to(ROOT)}" for path in (*ROOT.glob("*"), *paths))


@cache
def program_text() -> str:
    """Return the code, the scripts and the configuration files."""
    paths = [ROOT / "Makefile", *(ROOT / "scripts").glob("*"), *(ROOT / "deploy").rglob("*")]
    paths += [*(ROOT / "rights_line").rglob("*.py"), *(ROOT / "tests" / "support").glob("*.py")]
    paths += (ROOT / "bench").glob("*.py")
    return "\n".join(path.read_text("utf-8") for path in paths if path.is_file())


def quoted(text: str) -> str:
    """Return the code in a document: spans and indented lines."""
    spans = re.findall(r"`([^`\n]+)`", text)
    return "\n".join([*spans, *re.findall(r"(?m)^    (.*)$", text)])


def file_exists(name: str) -> bool:
    """Return whether a path of the repository ends with this name; `*` matches within a folder."""
    pattern = re.compile(re.escape(f"/{name}").replace(r"\*", "[^/]*") + "$")
    return any(pattern.search(path) for path in files())


def options(commands: Iterable[str]) -> dict[str, set[str]]:
    """Return the options that each command lists in its help; unknown commands have none."""
    helps = {command: run(command, "--help").stdout for command in commands}
    return {command: {*re.findall(r"--[a-z-]+", printed)} for command, printed in helps.items()}


def unknown(document: Path, text: str) -> list[str]:
    """Return the names in a document that do not exist, except commands."""
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("$(VENV)", ".venv")
    code = quoted(text)
    names = [link for link in LINK.findall(text) if not (document.parent / link).exists()]
    paths = FILE.findall(text.replace("<tag>", "*"))
    names += [name for name in paths if not (name.endswith(WRITTEN_LATER) or file_exists(name))]
    folders = [name for name in FOLDER.findall(text) if not name.startswith("build/")]
    names += [name for name in folders if not file_exists(name.rstrip("/"))]
    names += [name for name in VARIABLE.findall(code) if name not in program_text()]
    names += [name for name in TARGET.findall(code) if f"\n{name}:" not in makefile]
    return names + OUTSIDE.findall(text)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_document_has_no_unknown_reference(document: Path) -> None:
    assert unknown(document, document.read_text("utf-8")) == []


def test_commands_in_documents_exist_with_their_options() -> None:
    named = {
        (command, option)
        for document in DOCUMENTS
        for command, rest in COMMAND.findall(quoted(document.read_text("utf-8")))
        for option in ("--help", *re.findall(r"--[a-z-]+", rest.partition(" #")[0]))
    }
    known = options(sorted({command for command, _ in named}))

    assert len(known) > 8
    assert [pair for pair in sorted(named) if pair[1] not in known[pair[0]]] == []


def test_unknown_references_of_each_kind_are_found() -> None:
    text = (
        "[a](docs/gone.md) `core/gone.py` `gone/` `RIGHTS_LINE_GONE` `make gone`, see issue 7,"
        " [b](README.md) `core/sms.py` `deploy/` `RIGHTS_LINE_SERVE` `make test`"
    )
    found = ["docs/gone.md", "docs/gone.md", "core/gone.py", "gone/", "RIGHTS_LINE_GONE", "gone"]

    assert unknown(ROOT / "README.md", text) == [*found, "issue 7"]
