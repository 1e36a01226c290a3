"""Waiting for a condition that another thread, process or server brings about."""

import time
from collections.abc import Callable

PATIENCE = 60  # seconds; a busy machine takes long, and a test that passes never waits in vain


def wait_until(is_met: Callable[[], object], what: str = "the expected state") -> None:
    """Return as soon as a condition is met; fail after `PATIENCE` seconds.

    Args:
        what: names the condition in the failure.
    """
    deadline = time.monotonic() + PATIENCE
    while not is_met():
        assert time.monotonic() < deadline, f"{what}: not reached in {PATIENCE} s"
        time.sleep(0.02)
