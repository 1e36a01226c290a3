"""The phrases that come back most are not written again (CONTRIBUTING.md, "Language")."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PHRASES = re.compile(
    r"(?<![Tt]here\s)\b(?:[Ii]s|[Aa]re)\s+(?:no(?! longer)|none)\b"  # not: x is None
    r"|(?i:though\s+nobody|\blets?\s+go\s+of\b|\bwhoever\b|whatever\s+breaks|for\s+want\s+of)"
    r"|\b(?i:she|her|hers)\b"
)
OPENING = re.compile(r"(?:What|Who)\b[^?]*$")  # of a docstring that asks nothing
PROSE = (
    "*.md",
    "docs/**/*.md",
    "messages/*.md",
    "deploy/*/*",
    "scripts/*",
    "scripts/model/*",
    "Makefile",
)
CODE = ("rights_line/**/*.py", "tests/**/*.py")
FILES = sorted(
    {path for pattern in (*PROSE, *CODE) for path in ROOT.glob(pattern) if path.is_file()}
)


def prose(path: Path) -> Iterator[str]:
    """Yield what people read: a document without `code`, or comments and docstrings."""
    text = path.read_text("utf-8")
    if path.suffix != ".py":
        yield re.sub(r"`[^`\n]+`", "", text)
        return
    if path.is_relative_to(ROOT / "rights_line"):
        yield text  # names and messages, too
        return
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    yield from (token.string for token in tokens if token.type == tokenize.COMMENT)
    yield from docstrings(text)


def docstrings(text: str) -> Iterator[str]:
    """Yield the docstrings of a module."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, documented) and (docstring := ast.get_docstring(node)):
            yield docstring


def problems(path: Path) -> list[str]:
    """Return each phrase, and the first line of each docstring, to write otherwise."""
    found = [hit[0] for part in prose(path) for hit in PHRASES.finditer(part)]
    if path.suffix == ".py":
        lines = (text.partition("\n")[0] for text in docstrings(path.read_text("utf-8")))
        found += [line for line in lines if OPENING.match(line)]
    return found


def test_no_file_has_one_of_the_phrases() -> None:
    """Documents, scripts, code and tests."""
    found = {str(path.relative_to(ROOT)): problems(path) for path in FILES}

    assert len(found) > 100
    assert {path: hits for path, hits in found.items() if hits} == {}


def test_old_sentences_are_found(tmp_path: Path) -> None:
    """The guard fails for sentences as they were; it allows questions and "there is no"."""
    document, module = tmp_path / "old.md", tmp_path / "old.py"
    document.write_text("A gateway that is none. Evicted though nobody\nwrites. There is no `her`.")
    module.write_text('"""What is over is let go of."""\ndef f():\n    """What is it?"""\n')

    assert problems(document) == ["is none", "though nobody"]
    assert problems(module) == ["let go of", "What is over is let go of."]
