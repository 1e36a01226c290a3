"""The service as web pages and cards show it: its texts, and its number, USSD code and URL."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from rights_line.core.library import Library
from rights_line.library.schema import Pages


@dataclass(frozen=True)
class Site:
    """The input of web pages and cards."""

    library: Library
    pages: Pages
    states: Mapping[str, str]  # tag -> `approved`, `partial` or `draft`, for those with texts
    now: Callable[[], datetime]  # returns the current time, timezone-aware, in Europe/Oslo
    number: str = ""  # RIGHTS_LINE_NUMBER as it is displayed; empty if there is no SMS link
    ussd: str = ""  # the USSD code to dial (RIGHTS_LINE_USSD); empty if there is none
    public_url: str = ""  # RIGHTS_LINE_PUBLIC_URL, for QR codes; empty if there is none
    has_simulator: bool = False  # whether the simulator at /try is enabled
    takes_calls: bool = False  # whether the number answers calls

    @property
    def grouped_number(self) -> str:
        """The number with eight digits in pairs; one of another form as it is."""
        code = re.escape(self.pages.country.calling_code)
        match = re.fullmatch(rf"({code})(\d\d)(\d\d)(\d\d)(\d\d)", self.number)
        return " ".join(match.groups()) if match else self.number

    def is_offered(self, tag: str) -> bool:
        """Return whether the core of a language was approved when the texts were built."""
        return self.states.get(tag) in ("approved", "partial")
