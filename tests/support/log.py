"""The captured output of a test, with the event log flushed."""

import json
from typing import Any

import pytest

from rights_line import event_log


def written(capfd: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Return standard output and standard error, after flushing the event log."""
    event_log.LINES.flush()
    return capfd.readouterr()


def logged(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return the rows of the event log since the last call."""
    return [json.loads(line) for line in written(capfd)[1].splitlines()]
