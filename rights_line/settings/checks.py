"""Checks of values that are set. Nothing is connected to."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

# Schemes that redis-py and sessions/redis_client.py open.
REDIS_SCHEMES = ("redis://", "rediss://", "unix://", "redis+sentinel://", "redis+cluster://")

Check = Callable[[str], object]


def matches(pattern: str) -> Check:
    """Return the check that a whole value matches a pattern."""
    return re.compile(pattern).fullmatch


def parts_of(value: str) -> tuple[str, ...]:
    """Return the parts of a comma-separated value, without blanks around them."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def are_service_codes(value: str) -> bool:
    """Whether each part is a USSD service code and its input, such as `*384*7#=9`."""
    return all(re.fullmatch("[^=]*#=.+", part) for part in parts_of(value))


def is_public_url(url: str) -> bool:
    """Whether a path can be appended to a URL, and the URL can be printed on cards."""
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return has_host and bool(re.fullmatch(r"https?://[^/?#\s@]+(?:/[^?#\s]*[^/?#\s])?", url))


def is_redis_url(url: str) -> bool:
    """Whether a Redis client can be made for a URL.

    An @ after the host ends a password that contains an unescaped / or #; the host is then wrong.
    """
    if not url.startswith(REDIS_SCHEMES):
        return False
    try:
        parts = urlsplit(url)
        if parts.scheme != "unix" and "@" in parts.path + parts.fragment:
            return False
        hosts = parts.netloc.rpartition("@")[2].split(",")
        if url.startswith("redis+sentinel://"):
            return bool(parts.path.strip("/")) and all(urlsplit(f"//{host}").port for host in hosts)
        return parts.port != 0
    except ValueError:
        return False
