"""Public holidays of a country, for any year."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter


@dataclass(frozen=True)
class PublicHolidays:
    """A container of dates that computes each year at its first lookup.

    The package `holidays` has the same dates. It is not used here, because it imports every
    country of the world: twice the time and memory of a bare Flask. A test compares the two.

    Attributes:
        fixed: (month, day) of those with a fixed date.
        movable: the others, in days after Easter Sunday.
    """

    fixed: tuple[tuple[int, int], ...]
    movable: tuple[int, ...]

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in _holidays_of_year(self, day.year)


@lru_cache(maxsize=8)
def _holidays_of_year(holidays: PublicHolidays, year: int) -> frozenset[date]:
    fixed = (date(year, month, day) for month, day in holidays.fixed)
    movable = (easter(year) + timedelta(days=days) for days in holidays.movable)
    return frozenset((*fixed, *movable))
