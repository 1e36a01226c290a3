"""Dates are in Norwegian time, whatever the time zone of the host."""

import os
import subprocess
import sys
from datetime import datetime

import pytest

from rights_line.clock import OSLO
from rights_line.library.texts_folder import ROOT

PRINT = "from rights_line.clock import today; print(today())"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_review_date_in_another_time_zone_is_norwegian(zone: str) -> None:
    """The two zones never have the same date: one differs from Norway at any moment."""
    before = datetime.now(OSLO).date()
    done = subprocess.run(
        [sys.executable, "-c", PRINT],
        env={**os.environ, "TZ": zone},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    days = {str(before), str(datetime.now(OSLO).date())}
    assert set(done.stdout.split()) <= days
