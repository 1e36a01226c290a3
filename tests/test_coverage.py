"""What the guide says to those we serve is told, or left out with a reason."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from rights_line.assembly import Sources
from rights_line.coverage import GUIDE, untold
from rights_line.lint import overdue
from rights_line.startup import ROOT

needs_guide = pytest.mark.skipif(
    not (ROOT.parent / GUIDE).exists(), reason="the guide is not beside the repository"
)


@needs_guide
def test_every_fact_is_told_or_left_out_with_a_reason(sources: Sources) -> None:
    """Nothing that may help her is forgotten."""
    assert list(untold(sources, ROOT)) == []


@needs_guide
def test_a_forgotten_fact_is_named(sources: Sources, tmp_path: Path) -> None:
    """Taking a reason away brings the fact back, with its place in the guide."""
    root = tmp_path / "main"
    shutil.copytree(ROOT / "content", root / "content")
    (tmp_path / GUIDE.parent).mkdir(parents=True)
    shutil.copy(ROOT.parent / GUIDE, tmp_path / GUIDE)
    left_out = root / "content" / "left_out.yaml"
    left_out.write_text(left_out.read_text().replace("adult_guardian, ", "rosa_24h_number, "))

    problems = [fault.problem for fault in untold(sources, root)]
    assert "no screen tells adult_guardian" in problems
    assert "rosa_24h_number is told, or is not for us" in problems


def test_without_the_guide_nothing_is_asked(sources: Sources, tmp_path: Path) -> None:
    """Whoever has only the repository can check it."""
    assert list(untold(sources, tmp_path)) == []


def test_a_contact_that_is_overdue_is_named(sources: Sources) -> None:
    """The day after `verify_by` the check fails."""
    due = min(contact.verify_by for contact in sources.content.contacts.values())
    assert list(overdue(sources, due)) == []
    assert len(list(overdue(sources, due + timedelta(days=1)))) == len(sources.content.contacts)
    assert due > date(2026, 11, 24)
