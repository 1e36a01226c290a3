"""Dates are in Norwegian time, whatever the time zone of the host."""

from datetime import datetime

import pytest

from rights_line.clock import OSLO
from tests.support.cli import run_python


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_review_date_in_another_time_zone_is_norwegian(zone: str) -> None:
    """The two zones never have the same date: one differs from Norway at any moment."""
    before = datetime.now(OSLO).date()
    _, printed = run_python(
        {"TZ": zone}, "-c", "from rights_line.clock import today; print(today())"
    )
    assert printed.strip() in {str(before), str(datetime.now(OSLO).date())}
