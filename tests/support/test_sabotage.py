"""Each sabotage still fits the code; `make sabotage` shows that each turns a test red."""

import pytest

from tests.support.sabotage import ROOT, SABOTAGES, Sabotage


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda sabotage: sabotage.name)
def test_there_is_something_to_sabotage(sabotage: Sabotage) -> None:
    """What is to be changed stands there once, and so do the tests that must notice."""
    assert (ROOT / sabotage.file).read_text("utf-8").count(sabotage.old) == 1
    assert sabotage.new != sabotage.old
    assert all((ROOT / test).exists() for test in sabotage.tests.split())


def test_there_are_enough() -> None:
    """At least the fifteen that were asked for."""
    assert len({sabotage.name for sabotage in SABOTAGES}) >= 15
