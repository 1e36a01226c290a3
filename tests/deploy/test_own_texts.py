"""deploy/own_texts.py: upstream's changes come, the operator's own stay, contacts never go back."""

import runpy
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from rights_line.content import ContentSources
from tests.support.cli import run_python
from tests.support.servers import ROOT

LINES = "one\ntwo\nthree\nfour\nfive\n"
CONTACTS = "content/contacts.yaml"


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write a folder of texts; it always has one more."""
    for name, text in {"content/same.yaml": "same\n", "locales/same": "same\n", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


class Merge:
    """A merge of three folders (base, own, new), each with these files.

    Attributes:
        texts: the merged files, without the one more.
        upstream: what the merge keeps of upstream.
    """

    def __init__(self, folder: Path, folders: Sequence[Mapping[str, str]], *kept: str) -> None:
        base, own, new = folders
        write(folder / "own", own)
        write(folder / "own/.upstream", base)
        write(folder / "new", new)
        out = folder / "out"
        folders_given = (folder / "own", folder / "new", out)
        self.code, self.output = run_python({}, "deploy/own_texts.py", *folders_given, *kept)
        assert "Traceback" not in self.output
        self.texts = self._read(out)
        self.upstream = self._read(out / ".upstream")

    def _read(self, folder: Path) -> dict[str, str]:
        found = {
            str(path.relative_to(folder)): path.read_text()
            for name in ("content", "locales")
            for path in (folder / name).rglob("*")
            if path.is_file()
        }
        assert found.pop("content/same.yaml") + found.pop("locales/same") == "same\nsame\n"
        return found


@pytest.mark.parametrize(
    ("base", "own", "new", "merged"),
    [
        (LINES, LINES, LINES.replace("two", "2"), LINES.replace("two", "2")),
        (LINES, LINES.replace("two", "2"), LINES, LINES.replace("two", "2")),
        (LINES, LINES.replace("one", "1"), LINES.replace("five", "5"), "1\ntwo\nthree\nfour\n5\n"),
        (LINES, "the same\n", "the same\n", "the same\n"),
        (None, LINES, None, LINES),
        (None, None, LINES, LINES),
        (LINES, LINES, None, None),
        (LINES, None, LINES, None),
    ],
)
def test_merge_takes_the_changes_of_both_sides(
    base: str | None, own: str | None, new: str | None, merged: str | None, tmp_path: Path
) -> None:
    files = [{} if text is None else {"content/a.yaml": text} for text in (base, own, new)]

    done = Merge(tmp_path, files)

    assert (done.code, done.output) == (0, "")
    assert done.texts.get("content/a.yaml") == merged
    assert done.upstream == files[2]


@pytest.mark.parametrize(
    ("base", "own", "new"),
    [(LINES, "mine\n", "theirs\n"), (None, "mine\n", "theirs\n"), (LINES, None, "theirs\n")],
)
def test_merge_of_the_same_lines_fails_and_names_file_and_fix(
    base: str | None, own: str | None, new: str | None, tmp_path: Path
) -> None:
    files = [{} if text is None else {"content/a.yaml": text} for text in (base, own, new)]

    done = Merge(tmp_path, files)

    assert done.code == 1
    assert f"{tmp_path}/own/content/a.yaml: you and upstream changed" in done.output
    assert "--keep-own content/a.yaml" in done.output


def test_merge_of_file_to_keep_takes_own(tmp_path: Path) -> None:
    files = [{"content/a.yaml": text} for text in (LINES, "mine\n", "theirs\n")]

    done = Merge(tmp_path, files, "content/a.yaml")

    assert (done.code, done.texts) == (0, files[1])


def test_merge_that_keeps_conflicts_takes_own_and_asks_again_later(tmp_path: Path) -> None:
    """A way back, or a move, must not wait; the base stays, so that the next upgrade still asks."""
    files = [{"content/a.yaml": text} for text in (LINES, "mine\n", "theirs\n")]

    done = Merge(tmp_path, files, "--keep-conflicts")

    assert (done.code, done.texts) == (0, files[1])
    assert "a.yaml stays as it is: upstream changed the same lines" in done.output
    assert done.upstream == files[0]
    assert Merge(tmp_path / "again", (done.upstream, done.texts, files[2])).code == 1


def test_merge_keeps_git_repository_of_the_operator(tmp_path: Path) -> None:
    write(tmp_path / "own", {".git/config": "mine\n"})

    Merge(tmp_path, ({}, {}, {}))

    assert (tmp_path / "out/.git/config").read_text() == "mine\n"


def test_merge_of_approvals_takes_own(tmp_path: Path) -> None:
    """Also without a conflict: an approval of upstream is not the operator's."""
    review = "locales/pl/review.yaml"
    own, new = {review: "mine\n"}, {review: "mine\ntheirs\n"}

    assert Merge(tmp_path / "a", ({}, own, new)).texts == own
    assert Merge(tmp_path / "b", (own, own, new)).texts == own
    assert Merge(tmp_path / "c", ({}, {}, new)).texts == new


def contacts(police: str, rosa: str = "2026-11-01") -> dict[str, str]:
    rows = (
        f"{name}:\n  verified_on: {day}\n" for name, day in (("police", police), ("rosa", rosa))
    )
    return {CONTACTS: "\n".join(rows)}


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (contacts("2026-10-01"), "earlier dates of police"),
        ({CONTACTS: "police:\n  verified_on: 2026-11-20\n"}, "rosa"),
    ],
    ids=["older", "lost"],
)
def test_merge_of_contacts_that_would_be_older_or_lost_keeps_own(
    new: dict[str, str], said: str, tmp_path: Path
) -> None:
    """An older release, or the copy of another operator, never overwrites newer contacts."""
    own = contacts("2026-11-20")

    done = Merge(tmp_path, (own, own, new))

    assert (done.code, done.texts, done.upstream) == (0, own, own)
    assert said in done.output


def test_merge_of_contacts_takes_newer_dates_of_both_sides(tmp_path: Path) -> None:
    base = contacts("2026-10-01")
    own, new = contacts("2026-11-20"), contacts("2026-10-01", "2026-11-22")

    done = Merge(tmp_path, (base, own, new))

    assert (done.code, done.texts) == (0, contacts("2026-11-20", "2026-11-22"))


def test_dates_of_shipped_contacts_are_all_found(sources: ContentSources) -> None:
    """Otherwise an older date would pass."""
    dates = runpy.run_path(str(ROOT / "deploy/own_texts.py"))["dates"]
    found = dates((ROOT / CONTACTS).read_bytes())

    contacts = sources.content.contacts.values()
    assert found == {contact.id: str(contact.verified_on) for contact in contacts}
