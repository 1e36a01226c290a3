"""docs/operating.md names only what there is: commands, targets, variables, files."""

import re
import shlex

import pytest

from rights_line.cli import _parser
from rights_line.settings import KNOWN
from tests.support.servers import ROOT

GUIDE = (ROOT / "docs" / "operating.md").read_text("utf-8")
QUOTED = re.findall(r"`([^`]+)`", GUIDE)


def test_it_is_linked_and_short() -> None:
    """Who reads the README finds it; two pages are what one reads."""
    assert "docs/operating.md" in (ROOT / "README.md").read_text("utf-8")
    assert len(GUIDE.split()) < 1300


@pytest.mark.parametrize(
    "command", sorted({quoted for quoted in QUOTED if quoted.startswith("rights-line ")})
)
def test_a_command_is_one(command: str) -> None:
    """With the options that it is named with."""
    assert _parser().parse_args(shlex.split(command)[1:])


def test_what_is_named_is_there() -> None:
    """Targets of make, variables, files of the repository."""
    targets = {word for quoted in QUOTED if quoted.startswith("make ") for word in quoted.split()}
    makefile = (ROOT / "Makefile").read_text("utf-8").replace("$(VENV)", ".venv")
    variables = {name for quoted in QUOTED for name in re.findall(r"\b[A-Z]+_[A-Z_]+\b", quoted)}
    files = {
        quoted for quoted in QUOTED if re.fullmatch(r"[\w/-]+(?:\.md|\.yaml|\.lock|/)", quoted)
    }

    assert [name for name in targets - {"make"} if f"\n{name}:" not in makefile] == []
    assert variables <= {*KNOWN}
    assert [name for name in files if not (ROOT / name).exists()] == []
    assert len(variables) > 5 < len(files)
