"""Scripts, by their ISO 15924 names."""

import re
from functools import cache

import regex

UNSPACED = regex.compile(r"[\p{Thai}\p{Han}\p{Lao}\p{Khmer}\p{Myanmar}]")


def is_known_script(name: object) -> bool:
    """Tell whether Unicode knows a script by this ISO 15924 name."""
    try:
        return bool(re.fullmatch("[A-Z][a-z]{3}", str(name)) and script_pattern(str(name)))
    except regex.error:
        return False


@cache
def script_pattern(script: str) -> "regex.Pattern[str]":
    """Return what finds a character of a script.

    Raises:
        regex.error: Unicode knows no script by this name.
    """
    return regex.compile(rf"\p{{Script={script}}}")
