"""The markers by folder, and the skips that fail a run in CI."""

import pytest

from tests.support.selection import ALLOWED_IN_CI, MARKERS, TESTS, forbidden_in_ci, marker_of


def test_marked_paths_exist_and_their_markers_are_registered(pytestconfig: pytest.Config) -> None:
    """A file that was moved would lose its marker silently."""
    registered = {line.partition(":")[0] for line in pytestconfig.getini("markers")}
    assert [path for path in MARKERS if not (TESTS / path).exists()] == []
    assert {*MARKERS.values()} <= registered


@pytest.mark.parametrize(
    ("path", "marker"),
    [
        ("providers/test_kannel.py", "provider"),
        ("web/test_time.py", "timed"),
        ("core/test_sms.py", None),
    ],
)
def test_marker_of_file_is_that_of_its_folder_or_its_own(path: str, marker: str | None) -> None:
    assert marker_of(TESTS / path) == marker


def test_skip_for_unlisted_reason_is_forbidden_in_ci() -> None:
    assert forbidden_in_ci(["the moon is full", *ALLOWED_IN_CI]) == ["the moon is full"]
