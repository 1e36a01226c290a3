"""Reading what a test has written to its output, the event log included."""

import pytest

from rights_line import event_log


def written(capfd: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Return standard output and standard error, once the log is written."""
    event_log.LINES.flush()
    return capfd.readouterr()
