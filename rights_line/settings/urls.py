"""The shapes of the URLs that the variables hold."""

import re
from urllib.parse import urlsplit

# Schemes that redis-py and sessions/redis/client.py open.
REDIS_SCHEMES = ("redis://", "rediss://", "unix://", "redis+sentinel://", "rediss+sentinel://")


def is_public(url: str) -> bool:
    """Whether a path can be appended to a URL, and the URL can be printed on cards."""
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return has_host and bool(re.fullmatch(r"https?://[^/?#\s@]+(?:/[^?#\s]*[^/?#\s])?", url))


def is_redis(url: str) -> bool:
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
        ports = [urlsplit(f"//{host}").port for host in hosts]
    except ValueError:
        return False
    if parts.scheme.endswith("+sentinel"):
        return bool(parts.path.strip("/")) and all(ports)
    return 0 not in ports and len(hosts) == 1
