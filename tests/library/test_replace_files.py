"""Files of texts are never half-written: on a full disk, every command leaves them as they were."""

import ast
import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rights_line.content import ContentSources
from rights_line.library.file import replace_files
from tests.support.approvals import ENGLISH, POLISH, approve_as
from tests.support.cli import run
from tests.support.folders import CATALOG, CONTACTS, PHRASES, REVIEW, change, put, snapshot
from tests.support.servers import ROOT

# Every other way of writing a file in the package, with the reason for it.
OTHER_WAYS = {
    "rights_line/cli/shared.py": "a file that a command makes for its user may be a pipe",
    "rights_line/library/file.py": "the one way",
    "rights_line/editorial/recordings.py": "a copy in a temporary folder, for SoX",
    "rights_line/ops/counts.py": "an empty file that is locked",
}


def writes(source: str) -> Iterator[str]:
    """Yield each call that writes or opens a file to write."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            values = [*node.args, *(word.value for word in node.keywords)]
            modes = [str(row.value) for row in values if isinstance(row, ast.Constant)]
            opens = name == "open" and any(re.fullmatch("[rwaxbt+]*[wax+][bt+]*", m) for m in modes)
            if opens or name in ("write_text", "write_bytes", "copyfile", "copy2"):
                yield ast.unparse(node)


def test_package_writes_files_in_one_way() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "rights_line").rglob("*.py")
        if [*writes(path.read_text("utf-8"))]
    }
    assert found == {*OTHER_WAYS}


@contextmanager
def full_disk(room: int = 1024) -> Iterator[None]:
    """Let this process write no file beyond its first `room` bytes, as on a full disk."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_approve_on_full_disk_leaves_the_approvals_whole(small_folder: Path) -> None:
    approve_as(small_folder, *ENGLISH, *POLISH)
    before = snapshot(small_folder)

    with full_disk():
        done = run("approve", "pl", "--role", "native_reader", "--by", "CD", where=small_folder)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Nothing was approved: File too large.\n"
    assert snapshot(small_folder) == before
    assert ContentSources(small_folder).approvals["pl"].is_complete


def test_damaged_approvals_are_not_written_again(small_folder: Path) -> None:
    """The rows that can still be read would be lost."""
    approve_as(small_folder, *ENGLISH, *POLISH)
    text = (small_folder / REVIEW).read_text("utf-8")
    change(small_folder, REVIEW, put(text[: text.rindex(", by: ")]))  # within a row
    before = snapshot(small_folder)

    done = run("approve", "pl", "--role", "native_reader", "--by", "CD", where=small_folder)

    assert done.returncode == 1
    assert done.stderr.startswith("Nothing was approved:\n  locales/pl/review.yaml:")
    assert snapshot(small_folder) == before
    shown = run("status", "pl", where=small_folder).stdout
    assert "pl: draft, because its review.yaml is damaged" in shown


def test_replace_files_of_which_one_cannot_be_renamed_restores_all(small_folder: Path) -> None:
    """A folder in the place of the last file stops its renaming."""
    first, blocked = small_folder / CATALOG, small_folder / "blocked"
    blocked.mkdir()
    (blocked / "file").touch()
    before = snapshot(small_folder)

    with pytest.raises(OSError, match="directory"):
        replace_files({first: b"new", small_folder / "gone.yaml": b"new", blocked: b"new"})

    assert snapshot(small_folder) == before


def test_replace_files_keeps_permissions(small_folder: Path) -> None:
    for file, mode in ((CONTACTS, 0o640), (PHRASES, 0o604)):
        (small_folder / file).chmod(mode)
        replace_files({small_folder / file: b"new"})
        assert (small_folder / file).stat().st_mode & 0o777 == mode
        assert (small_folder / file).read_bytes() == b"new"


def test_new_language_on_full_disk_writes_no_file(small_folder: Path) -> None:
    change(small_folder, "content/guide_facts.yaml", put(""))  # the largest file
    before = snapshot(small_folder)
    for room, reason in (
        (10_000, "the folder for temporary files cannot hold a copy of the texts"),
        (25_000, "File too large"),
    ):
        with full_disk(room):
            done = run("new-language", "cs", where=small_folder)
        assert done.returncode == 1
        assert done.stderr == f"Nothing was changed: {reason}.\n"
        assert snapshot(small_folder) == before
