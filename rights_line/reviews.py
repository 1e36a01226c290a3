"""Which exact strings a named role has read: locales/<tag>/review.yaml.

Everything is a draft until its fingerprint stands there; changing one letter takes it out again.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from rights_line.content import Text
from rights_line.documents import DATE, TEXT, Mapping, Rule, list_of, mapping, read
from rights_line.errors import Fault

# fingerprint -> who read the string: a role, initials and a date for each
Approvals = Mapping

_READINGS = list_of(mapping({"role": TEXT, "by": TEXT, "on": DATE}))
READINGS = Rule(
    lambda value: bool(value) and _READINGS.allows(value),
    "Write - {role: ..., by: initials, on: date}",
)


def load_approvals(path: Path, faults: list[Fault]) -> Approvals:
    """Return the approvals of a language; a language nobody has read needs no file."""
    if not path.exists():
        return Mapping(path)
    approvals = read(path, faults)
    for key, readings in approvals.items():
        if not READINGS.allows(readings):
            faults.append(approvals.fault(key, "is not a list of readings", READINGS.remedy))
    return approvals


def fingerprint(text: Text, said: str) -> str:
    """Return what an approval names: the source, its context and what is said, letter by letter."""
    return hashlib.sha256("\0".join([text.context, text.message, said]).encode()).hexdigest()


def is_approved(said: Iterable[tuple[Text, str | None]], approvals: Approvals) -> bool:
    """Tell whether the whole set has been read: nothing missing, nothing changed since."""
    return all(
        string is not None and fingerprint(text, string) in approvals for text, string in said
    )
