"""Weak secrets: low entropy, or reused."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from urllib.parse import unquote, urlsplit

from rights_line.errors import Problem
from rights_line.settings import CHANNEL_TOKENS, SHARED_TOKEN

_LETTERS = 8  # that are different; what `openssl rand` prints has more
# Chosen by the operator, with the command that makes one.
_CHOSEN = {
    **dict.fromkeys(
        (*CHANNEL_TOKENS, SHARED_TOKEN), "Set it to what `openssl rand -hex 24` prints"
    ),
    "RIGHTS_LINE_SECRET": "Set it to what `openssl rand -base64 48` prints",
}
_ADDRESSES = ("REDIS_URL", "REDIS_DOCTOR_URL")


def secret_faults(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a fault for each weak or reused secret; the value is not shown."""
    for name, remedy in _CHOSEN.items():
        is_used = name != "RIGHTS_LINE_SECRET" or environ.get("REDIS_URL")
        if is_used and any(map(_can_be_guessed, _parts(environ, name))):
            yield Problem(name, "can be guessed: it repeats itself", remedy)
    for one, other in combinations(_secrets(environ), 2):
        if one[0] in _CHOSEN and one[0] != other[0] and one[1] == other[1]:
            problem = f"is the same as that of {other[0]}: whoever learns one has both"
            yield Problem(one[0], problem, _CHOSEN[one[0]])


def _can_be_guessed(secret: str) -> bool:
    return len(set(secret)) < _LETTERS or secret in (secret * 2)[1:-1]


def _secrets(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the variables that hold secrets, ours first, with each secret in them."""
    for name in (*_CHOSEN, "TWILIO_AUTH_TOKEN"):
        yield from ((name, part) for part in _parts(environ, name))
    for name in _ADDRESSES:
        if password := _password(environ.get(name, "")):
            yield name, password


def _parts(environ: Mapping[str, str], name: str) -> list[str]:
    given = environ.get(name, "")
    parts = [given] if name == "RIGHTS_LINE_SECRET" else given.split(",")
    return [part.strip() for part in parts if part.strip()]


def _password(url: str) -> str:
    try:
        return unquote(urlsplit(url).password or "")
    except ValueError:  # it is no address: settings.py says so
        return ""
