"""Unicode scripts by their ISO 15924 codes."""

import re
from collections.abc import Iterable
from functools import cache

import regex

# Scripts that do not put spaces between words.
UNSPACED = regex.compile(r"[\p{Thai}\p{Han}\p{Lao}\p{Khmer}\p{Myanmar}]")
_LETTER = regex.compile(r"\p{L}")


def is_known(name: object) -> bool:
    """Return whether this is the ISO 15924 code of a script in Unicode."""
    try:
        return bool(re.fullmatch("[A-Z][a-z]{3}", str(name)) and pattern(str(name)))
    except regex.error:
        return False


@cache
def pattern(script: str) -> "regex.Pattern[str]":
    """Return a pattern that matches one character of a script.

    Raises:
        regex.error: unknown script.
    """
    return regex.compile(rf"\p{{Script={script}}}")


def dominant_script(words: str, scripts: Iterable[str]) -> str | None:
    """Return the script of at least half of the letters of a text, if it is one of these."""
    if words.isascii():
        return None
    letters = len(_LETTER.findall(words))
    counts = {script: len(pattern(script).findall(words)) for script in scripts}
    script = max(counts, key=counts.__getitem__, default=None)
    return script if script and counts[script] and 2 * counts[script] >= letters else None
