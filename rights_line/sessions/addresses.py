"""The forms of REDIS_URL, and a client that gives up soon."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel

# What a client raises that cannot be used: besides what Redis does, a file of certificates that is
# not there, an option that does not exist or is of another kind.
UNREACHABLE = (
    *(redis.RedisError, redis.exceptions.RedisClusterException),
    *(OSError, ValueError, TypeError),
)

_TIMEOUT = 0.2  # seconds; with redis-py's defaults a hung Redis costs 40 s


def connector(url: str) -> Callable[[], Any]:
    """Return what opens a client for REDIS_URL: one that gives up after 0.2 s and never retries.

    Addresses: those of redis-py, `redis+cluster://host:port`, and
    `redis+sentinel://[[user]:password@]host:port[,host:port]/service`.
    """
    options: dict[str, Any] = {
        "socket_timeout": _TIMEOUT,
        "socket_connect_timeout": _TIMEOUT,
        "retry": Retry(NoBackoff(), 0),
        "decode_responses": True,
    }
    if url.startswith("redis+sentinel://"):
        return lambda: _by_sentinel(url, options)
    if url.startswith("redis+cluster://"):
        plain = url.replace("redis+cluster", "redis", 1)
        return lambda: redis.RedisCluster.from_url(plain, **options)
    return lambda: _by_address(url, options)


def _by_address(url: str, options: dict[str, Any]) -> Any:
    client = redis.Redis.from_url(url, **options)
    # An address may carry options of its own, such as a longer time-out.
    client.connection_pool.connection_kwargs.update(options)
    return client


def _by_sentinel(url: str, options: dict[str, Any]) -> Any:
    address = urlsplit(url)
    hosts = [host.rpartition(":") for host in address.netloc.rpartition("@")[2].split(",")]
    sentinels = [(host, int(port)) for host, _, port in hosts]
    login = {"username": address.username, "password": address.password}
    options_there = options | {name: unquote(value) for name, value in login.items() if value}
    sentinel = Sentinel(  # type: ignore[no-untyped-call]
        sentinels, sentinel_kwargs=options, **options_there
    )
    return sentinel.master_for(  # type: ignore[no-untyped-call]
        address.path.strip("/")
    )
