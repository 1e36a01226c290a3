"""Names: one word for one thing (docs/design.md, section 2), and modules that can be found."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "rights_line"
MODULES = [path for path in PACKAGE.rglob("*.py")]
MAX_MODULES = 12
# Name -> what to write. Each once stood for several things, or said nothing.
BANNED = {
    "shown": "reply_intent, snapshot, or what it is",
    "told": "retelling",
    "alone": "single_...",
    "because": "reason",
    "recorded": "approvals_with_readings, recordings",
    "SOURCE": "ENGLISH",
    "SourceString": "EnglishString",
    "Review": "StringApproval",
    "reviews": "string_approvals",
    "last_resort": "fallback",
    "bland": "goodbye",
    "card_texts": "short_texts",
    "LAST": "STOP_AFTER",
    "Options": "typed parameters",
    "util": "what it does",
    "utils": "what it does",
    "helpers": "what it does",
}


def names(source: str) -> Iterator[str]:
    """Yield every identifier that a module defines or uses, without leading underscores."""
    for node in ast.walk(ast.parse(source)):
        for field in ("id", "name", "arg", "attr"):
            if isinstance(name := getattr(node, field, None), str):
                yield name.lstrip("_")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module_uses_no_banned_name(path: Path) -> None:
    found = {*names(path.read_text("utf-8")), path.stem} & {*BANNED}
    assert {name: BANNED[name] for name in found} == {}


def test_banned_names_are_found() -> None:
    source = "def told(_shown): pass\nclass Review: because = 1\nresult.reviews"
    assert {*names(source)} & {*BANNED} == {"told", "shown", "Review", "because", "reviews"}


def test_no_two_modules_have_one_name() -> None:
    stems = Counter(path.stem for path in MODULES if not path.stem.startswith("__"))
    assert [name for name, count in stems.items() if count > 1] == []


def test_no_folder_holds_more_than_twelve_modules() -> None:
    folders = Counter(path.parent for path in MODULES if path.stem != "__init__")
    assert {str(path): count for path, count in folders.items() if count > MAX_MODULES} == {}
