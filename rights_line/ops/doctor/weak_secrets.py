"""Check for weak secrets: low entropy, or reused."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from urllib.parse import unquote, urlsplit

from rights_line.errors import Problem
from rights_line.settings import CHANNEL_TOKENS, SHARED_TOKEN, is_redis_url

_MIN_DISTINCT = 8  # different characters; the output of `openssl rand` has more
# Secrets that the operator generates -> the fix for a weak one.
_GENERATED = dict.fromkeys(
    (*CHANNEL_TOKENS, SHARED_TOKEN), "Set it to the output of `openssl rand -hex 24`"
) | {"RIGHTS_LINE_SECRET": "Set it to the output of `openssl rand -base64 48`"}


def check_secrets(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each weak or reused secret, without its value."""
    secrets = list(_secrets(environ))
    for name, secret in secrets:
        if name in _GENERATED and len(set(secret)) < _MIN_DISTINCT:
            summary = f"must have high entropy, got fewer than {_MIN_DISTINCT} different characters"
            yield Problem(name, summary, _GENERATED[name])
    for (name, secret), (other, same) in combinations(secrets, 2):
        if name in _GENERATED and name != other and secret == same:
            summary = f"must be a secret of its own, got the same one as in {other}"
            yield Problem(name, summary, _GENERATED[name])


def _secrets(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each variable with each secret in it, the generated ones first."""
    for name in (*CHANNEL_TOKENS, SHARED_TOKEN, "RIGHTS_LINE_SECRET", "TWILIO_AUTH_TOKEN"):
        value = environ.get(name, "")
        parts = [value] if name == "RIGHTS_LINE_SECRET" else value.split(",")
        yield from ((name, part.strip()) for part in parts if part.strip())
    for name in ("REDIS_URL", "REDIS_DOCTOR_URL"):
        if is_redis_url(url := environ.get(name, "")) and urlsplit(url).password:
            yield name, unquote(urlsplit(url).password or "")
