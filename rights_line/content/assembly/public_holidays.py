"""Public holidays in Norway, for any year."""

from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

# (month, day), by the acts of 1947-04-26 (1 and 17 May) and 1995-02-24 (the others)
_FIXED = ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))
# Days after Easter Sunday: Maundy Thursday to Easter Monday, Ascension Day, Whit Sunday and Monday
_MOVABLE = (-3, -2, 0, 1, 39, 49, 50)


class PublicHolidays:
    """A container of dates that computes each year at its first lookup.

    The package `holidays` has the same dates. It is not used here, because it imports every
    country of the world: twice the time and memory of a bare Flask. A test compares the two.
    """

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in _of_year(day.year)


@lru_cache(maxsize=8)
def _of_year(year: int) -> frozenset[date]:
    fixed = (date(year, month, day) for month, day in _FIXED)
    movable = (easter(year) + timedelta(days=days) for days in _MOVABLE)
    return frozenset((*fixed, *movable))
