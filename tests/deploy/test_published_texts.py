"""deploy/steps.sh: the texts that were published before, for `deploy/publish --rollback`."""

import subprocess
from pathlib import Path

import pytest

from tests.support.folders import change, put
from tests.support.servers import ROOT

TEXT = "content/contacts.yaml"


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A folder as /etc/rights-line, with the text "0" in both copies."""
    for name in ("local", "served"):
        for file in (TEXT, "locales/languages.yaml", f".upstream/{TEXT}"):
            change(tmp_path, f"{name}/{file}", put("0"))
    change(tmp_path, "local/.git/config", put("mine"))
    return tmp_path


def steps(settings: Path, command: str) -> str:
    """Run steps with this folder; return what they print."""
    script = f". deploy/steps.sh; SETTINGS={settings}; set -e; {command}"
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else "FAIL"


def publish(settings: Path, text: str) -> None:
    """Publish a text as deploy/publish does, without a line; at another time than the last."""
    change(settings, f"local/{TEXT}", put(text))
    steps(
        settings,
        f"date() {{ echo 2026-12-01T10.0{text}.00Z; }}\n"
        "copy_texts $SETTINGS/local $SETTINGS/served.new; take served; keep_published",
    )


def read(folder: Path) -> str:
    return (folder / TEXT).read_text(encoding="utf-8")


def test_nothing_was_published_before(settings: Path) -> None:
    assert steps(settings, "last_published") == "FAIL"


def test_last_five_published_texts_are_kept(settings: Path) -> None:
    for number in range(1, 8):
        publish(settings, str(number))

    kept = sorted((settings / "published").iterdir())
    assert [read(folder) for folder in kept] == ["2", "3", "4", "5", "6"]
    assert steps(settings, "last_published") == str(kept[-1])
    assert read(settings / "served") == "7"


def test_published_texts_come_back_into_local_one_after_another(settings: Path) -> None:
    """The repository of the operator stays, and so do texts that were never published."""
    publish(settings, "1")
    publish(settings, "2")
    change(settings, f"local/{TEXT}", put("unpublished"))

    steps(settings, "edit_published $(last_published) $SETTINGS/mine")

    assert read(settings / "local") == "1"
    assert read(settings / "local/.upstream") == "0"
    assert read(settings / "mine") == "unpublished"
    assert (settings / "local/.git/config").read_text(encoding="utf-8") == "mine"
    assert read(Path(steps(settings, "last_published"))) == "0"
