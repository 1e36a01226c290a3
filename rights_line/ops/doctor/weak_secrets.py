"""Check for weak secrets: low entropy, or reused."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from urllib.parse import unquote, urlsplit

from rights_line.errors import Problem
from rights_line.settings import CHANNEL_TOKENS, SHARED_TOKEN

_MIN_DISTINCT = 8  # different characters; the output of `openssl rand` has more
# Secrets that the operator generates, with the fix for a weak one.
_GENERATED = {
    **dict.fromkeys(
        (*CHANNEL_TOKENS, SHARED_TOKEN), "Set it to the output of `openssl rand -hex 24`"
    ),
    "RIGHTS_LINE_SECRET": "Set it to the output of `openssl rand -base64 48`",
}
_URLS = ("REDIS_URL", "REDIS_DOCTOR_URL")


def secret_problems(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each weak or reused secret, without its value."""
    for name, fix in _GENERATED.items():
        is_used = name != "RIGHTS_LINE_SECRET" or environ.get("REDIS_URL")
        if is_used and any(map(_has_low_entropy, _parts(environ, name))):
            yield Problem(
                name, "must have high entropy, got few characters or a repeated text", fix
            )
    for one, other in combinations(_secrets(environ), 2):
        if one[0] in _GENERATED and one[0] != other[0] and one[1] == other[1]:
            summary = f"must be a secret of its own, got the same one as in {other[0]}"
            yield Problem(one[0], summary, _GENERATED[one[0]])


def _has_low_entropy(secret: str) -> bool:
    return len(set(secret)) < _MIN_DISTINCT or secret in (secret * 2)[1:-1]


def _secrets(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each variable with each secret in it, the generated ones first."""
    for name in (*_GENERATED, "TWILIO_AUTH_TOKEN"):
        yield from ((name, part) for part in _parts(environ, name))
    for name in _URLS:
        if password := _password(environ.get(name, "")):
            yield name, password


def _parts(environ: Mapping[str, str], name: str) -> list[str]:
    value = environ.get(name, "")
    parts = [value] if name == "RIGHTS_LINE_SECRET" else value.split(",")
    return [part.strip() for part in parts if part.strip()]


def _password(url: str) -> str:
    try:
        return unquote(urlsplit(url).password or "")
    except ValueError:  # not a URL; settings.py reports it
        return ""
