"""Rate limits too high for a test to reach."""

from rights_line.core.limits import Limits

UNLIMITED = Limits(1_000_000, 1_000_000)
