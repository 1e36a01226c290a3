"""Dates are Norwegian, wherever the machine believes itself to be."""

import os
import subprocess
import sys
from datetime import datetime

import pytest

from rights_line.content.loader import ROOT
from rights_line.core.opening_hours import OSLO

PRINT = "from rights_line.editorial.approve import today; print(today())"


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_date_is_that_of_norway(zone: str) -> None:
    """These two never have the same date: in one of them local time is wrong at any moment."""
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
