"""The import rules: docs/design.md section 2, one row per package.

Every import statement of every module is compared with the row of its package.
"""

import ast
import sys
from collections.abc import Iterator, Set
from importlib.util import resolve_name
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "rights_line"
SHARED = {"settings", "errors", "event_log", "clock"}  # importable by all packages but core

# The environment is read in app.py and in cli; the rest of the line gets it as an argument.
STANDARD = sys.stdlib_module_names - {"os", "posix"}
# No files, clock, randomness, network or processes.
PURE = STANDARD - {
    *("io", "pathlib", "shutil", "tempfile", "glob", "sys", "logging", "pickle", "sqlite3"),
    *("time", "random", "secrets", "uuid", "socket", "http", "urllib", "asyncio", "subprocess"),
    *("threading", "multiprocessing", "signal", "builtins", "ctypes", "importlib", "pkgutil"),
}
IMPURE_NAMES = {"now", "utcnow", "today", "open", "print", "input", "eval", "exec", "__import__"}


class Row(NamedTuple):
    """The packages of ours, and the libraries, that one package may import."""

    ours: Set[str]
    libraries: Set[str]
    standard: Set[str] = STANDARD


# Two programs meet in core and library: what serves the line imports nothing that builds its texts.
SERVES = {"sessions", "channels", "style", "library", "core", *SHARED}
BUILDS = {"content", "editorial"}
ROWS = {
    "core": Row(set(), {"gsm0338", "rapidfuzz", "regex"}, PURE),
    "library": Row({"core", *SHARED}, {"msgspec", "numpy", "onnxruntime"}),
    "sessions": Row({"core", *SHARED}, {"cachetools", "redis"}),
    "channels": Row({"core", *SHARED}, {"twilio", "werkzeug"}),
    "style": Row(set(), set()),
    "cards": Row(SERVES, {"flask", "jinja2", "segno", "weasyprint"}),
    "web": Row({"cards", *SERVES}, {"flask", "waitress", "werkzeug"}, STANDARD | {"os"}),
    "content": Row({"library", "core", *SHARED}, {"babel", "translitua", "yaml"}),
    "editorial": Row({"content", *SERVES}, {"babel", "msgspec", "yaml"}),
    "ops": Row(
        {"web", "cards", *BUILDS, *SERVES},
        {"babel", "jinja2", "msgspec", "prometheus_client", "redis", "twilio", "urllib3"},
    ),
    "cli": Row({"ops", "web", "cards", *BUILDS, *SERVES}, {"click", "flask"}, STANDARD | {"os"}),
    "settings": Row({"core", "errors"}, {"rapidfuzz"}),
    "errors": Row(set(), set()),
    "event_log": Row(set(), set(), STANDARD | {"os"}),
    "clock": Row(set(), set()),
}
# Wider than a row: ONNX Runtime reads from the environment whether it may report to Microsoft.
ALLOWED = {"rights_line.library.model_file": ["os"]}


def breaches(module: str, source: str, is_package: bool = False) -> Iterator[str]:
    """Yield each import that the row of a module's package does not allow."""
    package = module.split(".")[1] if "." in module else ""
    row = ROWS.get(package, Row(set(), set()))
    tree = ast.parse(source)
    for name in imported(tree, module if is_package else module.rpartition(".")[0]):
        top, *rest = name.split(".")
        ours = rest[0] if top == "rights_line" and rest else package
        if top != "rights_line":
            allowed = top in row.libraries | row.standard
        else:
            allowed = ours == package or ours in row.ours
        if not allowed or is_other_channel(module, name):
            yield name
    if package == "core":
        yield from used(tree) & IMPURE_NAMES


def is_other_channel(module: str, name: str) -> bool:
    """Whether one channel imports another; modules that begin with _ are shared."""
    if not (
        module.startswith("rights_line.channels.") and name.startswith("rights_line.channels.")
    ):
        return False
    other = name.split(".")[2]
    return not other.startswith("_") and (PACKAGE / "channels" / f"{other}.py").exists()


def imported(tree: ast.Module, package: str) -> Iterator[str]:
    """Yield the full name of everything that is imported, at any depth of the source."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = resolve_name("." * node.level + (node.module or ""), package)
            yield from (f"{base}.{alias.name}" for alias in node.names)


def used(tree: ast.Module) -> set[str]:
    """Return the names of attributes that are read and of functions that are called."""
    nodes = list(ast.walk(tree))
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {
        node.func.id
        for node in nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_package_top_holds_what_has_a_row() -> None:
    sources = PACKAGE.rglob("*.py")  # without the __pycache__ folders of moved packages
    entries = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in sources}
    assert entries - {"__init__"} == set(ROWS)


@pytest.mark.parametrize("package", ROWS)
def test_package_imports_only_what_its_row_allows(package: str) -> None:
    files = [*(PACKAGE / package).rglob("*.py"), *PACKAGE.glob(f"{package}.py")]
    found = {
        module_name(path): wrong
        for path in files
        if (
            wrong := list(
                breaches(module_name(path), path.read_text("utf-8"), path.stem == "__init__")
            )
        )
    }
    assert files
    assert found == (ALLOWED if package == "library" else {})
