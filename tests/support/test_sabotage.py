"""Each row of `make sabotage` matches the code; the command itself shows that a test fails."""

import pytest

from tests.support.sabotage import ROOT, SABOTAGES, Sabotage


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda sabotage: sabotage.name)
def test_there_is_something_to_sabotage(sabotage: Sabotage) -> None:
    """The old code occurs exactly once, and the named tests exist."""
    assert (ROOT / sabotage.file).read_text("utf-8").count(sabotage.old) == 1
    assert sabotage.new != sabotage.old
    assert all((ROOT / test).exists() for test in sabotage.tests.split())


def test_there_are_enough() -> None:
    """At least fifteen rows."""
    assert len({sabotage.name for sabotage in SABOTAGES}) >= 15
