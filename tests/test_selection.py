"""The markers by folder."""

import pytest

from tests.support.selection import MARKERS, TESTS


def test_marked_paths_exist_and_their_markers_are_registered(pytestconfig: pytest.Config) -> None:
    """A file that was moved would lose its marker silently."""
    registered = {line.partition(":")[0] for line in pytestconfig.getini("markers")}
    assert [path for path in MARKERS if not (TESTS / path).exists()] == []
    assert {*MARKERS.values()} <= registered
