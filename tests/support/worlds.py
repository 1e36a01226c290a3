"""The small content of the tests, and the languages of the real one."""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from rights_line.content import ContentSources, yaml_file
from rights_line.content.assembly.library_builder import build_checked, build_library
from rights_line.core.library import Library
from rights_line.core.understanding.words.vocabulary import Entry
from rights_line.errors import ConfigurationError
from rights_line.library import FOLDERS, ROOT, file, location
from rights_line.library.assembly import library_of
from rights_line.library.location import choices_of
from rights_line.settings import Serve, Settings

# en (GSM-7), pl (folded) and ar (UCS-2, right to left); topics 1, 2, 4, 5, 8 and 9.
BUILT = ROOT / "build" / "tests"  # libraries, by the hash of what they are built from
SMALL_ROOT = Path(__file__).parent.parent / "data" / "world"

_ROWS = yaml_file.load(ROOT / "locales" / "languages.yaml", [])
# Tags of the real languages for parameters, which must not load the library.
# A language that is started has no words yet.
UNDERSTOOD = [tag for tag, row in _ROWS.items() if row["texts"] != "started"]
WITH_TEXTS = [tag for tag, row in _ROWS.items() if row["texts"] in ("full", "short")]
ONE_OF_EACH_SCRIPT = [*{_ROWS[tag]["script"]: tag for tag in reversed(WITH_TEXTS)}.values()]
# Those as parameters: one of each script in `make test`, the others in `make test-all`.
BY_SCRIPT = [
    pytest.param(tag, marks=[] if tag in ONE_OF_EACH_SCRIPT else pytest.mark.slow)
    for tag in WITH_TEXTS
]
FULL = [tag for tag, row in _ROWS.items() if row["texts"] == "full"]


def shown_language(library: Library, tag: str, code: str) -> str:
    """Return the language of a screen; in a full edition English while its translation waits."""
    screen = library.editions[tag].screens.get(code) if tag in FULL else None
    return screen.language if screen else tag


def texts_at(root: Path, environ: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Return the variables, with the texts of a folder, built as the variables say if they can."""
    variables = {**environ, "RIGHTS_LINE_TEXTS": str(root)}
    with suppress(ConfigurationError):
        variables["RIGHTS_LINE_LIBRARY"] = str(built_at(root, variables))
    return variables


def built_at(root: Path, environ: Mapping[str, str]) -> Path:
    """Return the library of a folder for some variables, built once for the same files."""
    choices = choices_of(Settings.from_environ(environ))
    folder = (BUILT if root in (ROOT, SMALL_ROOT) else root / "build") / _key(f"{root}{choices}")
    texts = [_fingerprint(root / name) for name in FOLDERS]
    path = folder / f"{_key(''.join(texts) + _code())}.json"
    if not path.exists():
        shutil.rmtree(folder, ignore_errors=True)
        file.write(path, file.encode(build_checked(root, choices)))
    return path


def build_beside(root: Path, environ: Mapping[str, str]) -> None:
    """Build the library of a folder where the line looks for it, in this process: ten times faster.

    Texts that cannot be built are left to the line.
    """
    with suppress(ConfigurationError):
        choices = choices_of(Settings.from_environ(environ))
        data = file.encode(build_checked(root, choices))
        file.write(location.built_file(root, choices.serve), data)


def _key(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


@cache
def _code() -> str:
    return _fingerprint(ROOT / "rights_line")


def _fingerprint(folder: Path) -> str:
    """Return the time and the size of each text, or of each file of the code."""
    rows = [
        f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}"
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".py", ".yaml", ".po", ".txt", ".sha256")
    ]
    return "\n".join(rows)


def served(root: Path, serve: Serve = "drafts") -> location.Served:
    """Return the texts of a folder as the line reads them, from their file."""
    environ = texts_at(root, {"RIGHTS_LINE_SERVE": serve})
    return location.open(environ, choices_of(Settings.from_environ(environ)))


def served_library(root: Path) -> Library:
    """Return the library of a folder, drafts included, as the line reads it."""
    found = served(root)
    return library_of(found.built, found.load_model().model)


def library_at(folder: Path, serve: Serve = "drafts", **more: Any) -> Library:
    """Return the library of a folder as its files are now."""
    return build_library(ContentSources(folder), serve, **more)


def known_phrases(root: Path, library: Library) -> dict[str, Entry]:
    """Return every known phrase of a folder, with its meaning in the library."""
    return library.vocabulary.phrases.values(ContentSources(root).phrases)
