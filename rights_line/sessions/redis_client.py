"""Redis clients with short timeouts and no retries, and the errors that they raise."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.connection import parse_url
from redis.retry import Retry
from redis.sentinel import Sentinel


class UnusableRedis(Exception):
    """Redis sent a reply of the wrong type, or REDIS_URL has an invalid option.

    The text is the class of the error, never the reply.
    """


# Errors of a failing Redis; any other exception is a bug in this package.
FAILURES = (redis.RedisError, OSError, UnusableRedis)
# Errors of redis-py without `Commands`: invalid options raise ValueError or TypeError.
CONNECTION_ERRORS = (*FAILURES, ValueError, TypeError)
# Errors that redis-py raises for a reply that its parser does not expect, and invalid options.
_PARSER_ERRORS = (AttributeError, LookupError, RecursionError, TypeError, ValueError)

_TIMEOUT = 0.2  # seconds; with redis-py's defaults an unresponsive Redis costs 40 s


def redis_client_factory(url: str) -> Callable[[], Any]:
    """Return a function that opens a client with a timeout of 0.2 s and no retries.

    Args:
        url: an address as redis-py takes it, or that of sentinels, with or without TLS:
            `redis+sentinel://[[user]:password@]host:port[,host:port]/service[?options]`.
    """
    options: dict[str, Any] = {
        "socket_timeout": _TIMEOUT,
        "socket_connect_timeout": _TIMEOUT,
        "retry": Retry(NoBackoff(), 0),
        "decode_responses": True,
        "encoding_errors": "replace",  # a value that is not UTF-8 must not fail a command
    }
    if "+sentinel://" in url:
        return lambda: _open_sentinel(url, options)
    return lambda: _open_server(url, options)


def _open_sentinel(url: str, options: dict[str, Any]) -> Any:
    """Return a client of the master that the sentinels name.

    User and password of the URL are for the master. The sentinels get `sentinel_username` and
    `sentinel_password` of its query string; TLS is used for both or for neither.
    """
    hosts, service, given = _split_sentinel_url(url)
    login = {name: given.pop(f"sentinel_{name}", None) for name in ("username", "password")}
    given |= options
    sentinel = Sentinel(  # type: ignore[no-untyped-call]
        hosts, sentinel_kwargs=given | login | {"db": 0}, **given
    )
    return sentinel.master_for(service)  # type: ignore[no-untyped-call]


def _split_sentinel_url(url: str) -> tuple[list[tuple[str, int]], str, dict[str, Any]]:
    """Return the hosts of a URL, its path, and the options of redis-py in it."""
    parts = urlsplit(url)
    login, at, hosts = parts.netloc.rpartition("@")
    options = parse_url(f"redis://{login}{at}?{parts.query}")  # type: ignore[no-untyped-call]
    options["ssl"] = parts.scheme.startswith("rediss")
    split = [urlsplit(f"//{host}") for host in hosts.split(",")]
    addresses = [(host.hostname or "localhost", host.port or 6379) for host in split]
    return addresses, parts.path.strip("/"), options


class Commands:
    """Runs the commands of the session store; they raise only FAILURES.

    The client is opened once, at the first command: redis-py reconnects by itself.
    """

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._client: Any = None

    def execute(self, *command: str | int, **options: Any) -> Any:
        """Run a command; `options` are for redis-py, which parses the reply.

        The methods of redis-py, such as `set`, take half as long again.
        """
        if self._client is None:
            self._client = _call(self._connect)
        return _call(self._client.execute_command, *command, **options)

    def close_idle(self) -> None:
        """Close the connections that are not in use."""
        if self._client is not None:
            self._client.connection_pool.disconnect(inuse_connections=False)


def require_str(reply: Any) -> str:
    """Return a reply that must be a string; raise UnusableRedis for any other type."""
    if not isinstance(reply, str):
        raise UnusableRedis(type(reply).__name__)
    return reply


def _call(function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Call redis-py; raise UnusableRedis for an error that it does not document."""
    try:
        return function(*args, **options)
    except _PARSER_ERRORS as error:
        if isinstance(error, FAILURES):  # some errors of redis-py are ValueErrors as well
            raise
        raise UnusableRedis(type(error).__name__) from error


def _open_server(url: str, options: dict[str, Any]) -> Any:
    client = redis.Redis.from_url(url, **options)
    # The query string of the URL may set options of its own, such as a longer timeout.
    client.connection_pool.connection_kwargs.update(options)
    return client
