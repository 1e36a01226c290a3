"""The small content of the tests, and the languages of the real one."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from rights_line.content.files.yaml_file import load_yaml
from rights_line.library.texts_folder import ROOT
from rights_line.core.library import Library

# en (GSM-7), pl (folded) and ar (UCS-2, right to left); topics 1, 2, 4, 5, 8 and 9.
SMALL_ROOT = Path(__file__).parent.parent / "data" / "world"

_ROWS = load_yaml(ROOT / "locales" / "languages.yaml", [])
# Tags of the real languages for parameters, which must not load the library.
# A language that is started has no words yet.
UNDERSTOOD = [tag for tag, row in _ROWS.items() if row["texts"] != "started"]
WITH_TEXTS = [tag for tag, row in _ROWS.items() if row["texts"] in ("full", "short")]
_OF_SCRIPT = {_ROWS[tag]["script"]: tag for tag in reversed(WITH_TEXTS)}
# Those as parameters: one of each script in `make test`, the others in `make test-all`.
BY_SCRIPT = [
    pytest.param(tag, marks=[] if tag in _OF_SCRIPT.values() else pytest.mark.slow)
    for tag in WITH_TEXTS
]
FULL = [tag for tag, row in _ROWS.items() if row["texts"] == "full"]
RIGHT_TO_LEFT = [tag for tag in WITH_TEXTS if _ROWS[tag]["direction"] == "rtl"]


def shown_language(library: Library, tag: str, code: str) -> str:
    """Return the language of a screen; in a full edition English while its translation waits."""
    screen = library.editions[tag].screens.get(code) if tag in FULL else None
    return screen.language if screen else tag


def texts_at(root: Path, environ: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Return the variables, with the texts of a folder."""
    return {**environ, "RIGHTS_LINE_TEXTS": str(root)}
