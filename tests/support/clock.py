"""Fixed moments, and a clock that moves only when a test moves it."""

from dataclasses import dataclass
from datetime import datetime

from rights_line.clock import OSLO

# An ordinary Tuesday on which every helpline with opening hours is open.
TUESDAY = datetime(2026, 11, 24, 12, 0, tzinfo=OSLO)
MIDNIGHT = 1_795_734_000.0  # 2026-11-27 00:00 in Norway, as a Unix time


@dataclass(eq=False)
class Clock:
    """A clock that shows `now`, in seconds, until a test changes it."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now
