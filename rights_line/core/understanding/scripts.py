"""Unicode scripts by their ISO 15924 codes."""

import re
from functools import cache

import regex

# Scripts that do not put spaces between words.
UNSPACED = regex.compile(r"[\p{Thai}\p{Han}\p{Lao}\p{Khmer}\p{Myanmar}]")


def is_known_script(name: object) -> bool:
    """Return whether this is the ISO 15924 code of a script in Unicode."""
    try:
        return bool(re.fullmatch("[A-Z][a-z]{3}", str(name)) and script_pattern(str(name)))
    except regex.error:
        return False


@cache
def script_pattern(script: str) -> "regex.Pattern[str]":
    """Return a pattern that matches one character of a script.

    Raises:
        regex.error: unknown script.
    """
    return regex.compile(rf"\p{{Script={script}}}")
