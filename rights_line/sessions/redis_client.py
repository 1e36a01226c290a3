"""The forms of REDIS_URL, a client with short timeouts, and the errors it raises."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel


class UnusableRedis(Exception):
    """Redis sent a reply of a wrong type, or REDIS_URL has an invalid option.

    The text is the class of the error, and never what was sent.
    """


# Errors of a Redis that fails. Any other exception is a bug of ours.
FAILURES = (*(redis.RedisError, redis.exceptions.RedisClusterException, OSError, UnusableRedis),)
# Errors of a client of redis-py that is used directly; the last two are those of an invalid option.
CONNECTION_ERRORS = (*FAILURES, ValueError, TypeError)
# Errors that redis-py lets out when a reply is not what its code expects, or an option is invalid.
_CONFUSED = (AttributeError, LookupError, RecursionError, TypeError, ValueError)

_TIMEOUT = 0.2  # seconds; with redis-py's defaults a hung Redis costs 40 s


def client_factory(url: str) -> Callable[[], Any]:
    """Return what opens a client for REDIS_URL: one that gives up after 0.2 s and never retries.

    Addresses: those of redis-py, `redis+cluster://host:port`, and
    `redis+sentinel://[[user]:password@]host:port[,host:port]/service`.
    """
    options: dict[str, Any] = {
        "socket_timeout": _TIMEOUT,
        "socket_connect_timeout": _TIMEOUT,
        "retry": Retry(NoBackoff(), 0),
        "decode_responses": True,
        "encoding_errors": "replace",  # a value that is not UTF-8 must not fail a command
    }
    if url.startswith("redis+sentinel://"):
        return lambda: _by_sentinel(url, options)
    if url.startswith("redis+cluster://"):
        plain = url.replace("redis+cluster", "redis", 1)
        return lambda: redis.RedisCluster.from_url(plain, **options)
    return lambda: _by_address(url, options)


class Commands:
    """The commands that the session store needs, which raise only what is in FAILURES."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._client = _run(connect)

    def eval(self, *args: Any) -> Any:
        return _run(self._client.eval, *args)

    def set(self, *args: Any, **options: Any) -> Any:
        return _run(self._client.set, *args, **options)

    def delete(self, *keys: str) -> Any:
        return _run(self._client.delete, *keys)

    def close_idle(self) -> None:
        """Close the connections that are not in use; a cluster's client does so itself."""
        if isinstance(self._client, redis.Redis):
            self._client.connection_pool.disconnect(inuse_connections=False)

    def close(self) -> None:
        self._client.close()


def _run(command: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Run code of redis-py.

    Raises:
        UnusableRedis: an error that redis-py did not foresee.
    """
    try:
        return command(*args, **options)
    except _CONFUSED as error:
        if isinstance(error, FAILURES):  # some of redis-py's own are ValueErrors, too
            raise
        raise UnusableRedis(type(error).__name__) from error


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
