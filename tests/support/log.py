"""The captured output of a test, with the event log flushed."""

import pytest

from rights_line import event_log


def written(capfd: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Return standard output and standard error, after flushing the event log."""
    event_log.LINES.flush()
    return capfd.readouterr()
