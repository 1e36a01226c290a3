"""Quarters of a year, and the last one that is over."""

import re
from datetime import date, timedelta
from typing import NamedTuple, Self

from rights_line.errors import ConfigurationError, Problem
from rights_line.ops.counts import quarter_of

_DAY = timedelta(days=1)
_SETTLED = timedelta(days=2)  # counts of the last day are saved by then


class Quarter(NamedTuple):
    """A quarter, such as `2026-Q4`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str, today: date) -> Self:
        """Return the quarter with a name, or the last one that is over if there is none.

        Raises:
            ConfigurationError: the name is malformed, or the quarter is not over: its numbers
                would change, and the difference of two reports tells more than each of them.
        """
        last = quarter_of(today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1) - _DAY)
        found = re.fullmatch("(20[0-9]{2})-Q([1-4])", text or last)
        quarter = cls(int(found[1]), int(found[2])) if found else None
        if not quarter or quarter.end + _SETTLED > today:
            problem = f'must be a quarter that ended two days ago, got "{text or last}"'
            raise ConfigurationError([Problem("--quarter", problem, f"Write {last}, or wait")])
        return quarter

    @property
    def months(self) -> list[date]:
        """The first day of each month."""
        return [date(self.year, 3 * self.number - 2 + month, 1) for month in range(3)]

    @property
    def end(self) -> date:
        """The first day of the next quarter."""
        return date(self.year + self.number // 4, 3 * self.number % 12 + 1, 1)

    @property
    def days(self) -> list[date]:
        first = self.months[0]
        return [first + number * _DAY for number in range((self.end - first).days)]

    @property
    def dates(self) -> str:
        first, last = self.days[0], self.days[-1]
        return f"{first:%-d %B} to {last:%-d %B %Y}"

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"
