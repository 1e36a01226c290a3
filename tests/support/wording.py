"""The numbers that a text must have, and the words that it must not."""

import re

HELPLINES = ("112", "22331160", "116111")
# Where a controlling person may read them. docs/design.md, D9: English and Norwegian.
AVOIDED = re.compile(
    r"traffick|menneskehandel|\bvictim|exploit|utnytt|coerc|tvang|slave|prostitu"
    r"|\boffer(?:et|ene|a)?\b(?! to)",  # Norwegian for victim; English "offer to"
    re.IGNORECASE,
)


def without_spaces(text: str) -> str:
    """Return a text without white space, so that the grouping of digits does not matter."""
    return re.sub(r"\s", "", text)


def missing_helplines(text: str) -> list[str]:
    return [number for number in HELPLINES if number not in without_spaces(text)]
