"""Public holidays of a country, for any year."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache


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
        return isinstance(day, date) and day in _of_year(self, day.year)


@lru_cache(maxsize=8)
def _of_year(holidays: PublicHolidays, year: int) -> frozenset[date]:
    fixed = (date(year, month, day) for month, day in holidays.fixed)
    movable = (_easter_sunday(year) + timedelta(days=days) for days in holidays.movable)
    return frozenset((*fixed, *movable))


def _easter_sunday(year: int) -> date:
    """Return the Easter Sunday of a Gregorian year (Butcher's algorithm)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    moon = 19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15
    epact = moon % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
