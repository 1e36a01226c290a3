"""The library that is served: that of the operator, or one that is built from a folder."""

import os
import shutil
import time
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from rights_line.errors import ConfigurationError
from rights_line.library import location
from rights_line.library.location import Served
from rights_line.library.schema import Choices
from rights_line.web.app import create_app
from rights_line.web.health import Health
from tests.support import twilio_phone
from tests.support.cli import run
from tests.support.worlds import SMALL_ROOT, build_beside, texts_at

DRAFTS = Choices("drafts")
PHRASES = Path("content", "phrases.yaml")


def opened(folder: Path, choices: Choices = DRAFTS, **environ: str) -> Served:
    return location.open({"RIGHTS_LINE_TEXTS": str(folder), **environ}, choices)


def later(path: Path) -> None:
    """Make a file newer than all that was built."""
    moment = time.time() + 10
    os.utime(path, (moment, moment))


def test_missing_library_is_built_and_then_read(small_folder: Path) -> None:
    first = opened(small_folder)
    assert first.path == small_folder / "build" / "library-drafts.json"
    built_at = first.path.stat().st_mtime_ns
    assert opened(small_folder) == first
    assert first.path.stat().st_mtime_ns == built_at


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: later(folder / PHRASES),
        lambda folder: (folder / "build" / "library-drafts.json").write_bytes(b"{"),
        lambda folder: later(folder / "locales"),  # a file was removed
    ],
    ids=["newer text", "damaged", "newer folder"],
)
def test_outdated_library_is_built_again(
    small_folder: Path, change: Callable[[Path], object]
) -> None:
    build_beside(small_folder, {"RIGHTS_LINE_SERVE": "drafts"})
    path = small_folder / "build" / "library-drafts.json"
    before = path.read_bytes()
    change(small_folder)
    changed_at = path.stat().st_mtime_ns
    opened(small_folder)
    assert path.stat().st_mtime_ns > changed_at
    assert path.read_bytes() == before


def test_library_for_another_operator_is_built_again(small_folder: Path) -> None:
    build_beside(small_folder, {"RIGHTS_LINE_SERVE": "drafts"})
    choices = Choices("drafts", ("pl",), operator="Hjelp AS, Oslo")
    built = opened(small_folder, choices).built
    assert built.built_for == choices
    assert [*built.editions] == ["pl"]


def test_library_that_cannot_be_written_is_served_with_a_warning(small_folder: Path) -> None:
    assert opened(small_folder).warning == ""
    shutil.rmtree(small_folder / "build")
    (small_folder / "build").write_text("")
    served = opened(small_folder)
    assert served.built.built_for == DRAFTS
    assert served.warning in Health.of_texts(served, ()).waiting
    assert "Publish them." in served.warning


def test_command_leaves_the_library_of_the_line_as_it_is(small_folder: Path) -> None:
    """The line was started with a name that the command must not take out."""
    environ = {"RIGHTS_LINE_OPERATOR": "Hjelp AS, Oslo"}
    path = opened(small_folder, Choices("approved", operator=environ["RIGHTS_LINE_OPERATOR"])).path
    before = path.read_bytes()
    run("fallback", where=small_folder, **environ)
    assert path.read_bytes() == before


def test_library_of_the_operator_is_served_as_it_is(small_folder: Path) -> None:
    """Its texts may be gone."""
    path = opened(small_folder).path
    named = {"RIGHTS_LINE_LIBRARY": str(path)}
    later(small_folder / PHRASES)
    assert opened(small_folder, Choices("approved"), **named).built.built_for == DRAFTS
    others = {"RIGHTS_LINE_SERVE": "approved", "RIGHTS_LINE_OPERATOR": "Hjelp AS"}
    with pytest.raises(ConfigurationError) as refused:
        opened(small_folder, DRAFTS, **named, **others)
    places = [problem.place for problem in refused.value.problems]
    assert places == ["RIGHTS_LINE_OPERATOR", "RIGHTS_LINE_SERVE"]


def test_health_says_which_texts_are_served() -> None:
    environ = texts_at(SMALL_ROOT, {**twilio_phone.ENVIRON, "RIGHTS_LINE_SERVE": "drafts"})
    path = Path(environ["RIGHTS_LINE_LIBRARY"])
    report = create_app(environ).test_client().get("/healthz").json
    assert report
    assert report["texts"] == {
        "serve": "drafts",
        "sha256": sha256(path.read_bytes()).hexdigest(),
        "date": date.fromtimestamp(path.stat().st_mtime).isoformat(),
    }
