"""Check for weak secrets: low entropy, or reused."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from urllib.parse import unquote, urlsplit

from rights_line.channels import all_variables
from rights_line.errors import Problem
from rights_line.settings import redis_url

_MIN_DISTINCT = 8  # different characters; the output of `openssl rand` has more


def check(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each weak or reused secret, without its value."""
    fixes = _generated()
    secrets = list(_named(environ, fixes))
    for name, secret in secrets:
        if name in fixes and len(set(secret)) < _MIN_DISTINCT:
            summary = f"must have high entropy, got fewer than {_MIN_DISTINCT} different characters"
            yield Problem(name, summary, fixes[name])
    for (name, secret), (other, same) in combinations(secrets, 2):
        if name in fixes and name != other and secret == same:
            summary = f"must be a secret of its own, got the same one as in {other}"
            yield Problem(name, summary, fixes[name])


def _generated() -> dict[str, str]:
    """Return each secret that the operator chooses, and the fix for a weak one."""
    rows = sorted(all_variables(), key=lambda row: row.name == "RIGHTS_LINE_SECRET")
    return {row.name: f"Set it to the output of `{row.generate}`" for row in rows if row.generate}


def _named(environ: Mapping[str, str], generated: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each variable with each secret in it, the generated ones first."""
    for name in (*generated, "TWILIO_AUTH_TOKEN"):
        value = environ.get(name, "")
        parts = [value] if name == "RIGHTS_LINE_SECRET" else value.split(",")
        yield from ((name, part.strip()) for part in parts if part.strip())
    for name in ("REDIS_URL", "REDIS_DOCTOR_URL"):
        if redis_url.is_valid(url := environ.get(name, "")) and urlsplit(url).password:
            yield name, unquote(urlsplit(url).password or "")
