"""Who is this (a keyed pseudonym), and what was the tag: in Redis, or in memory. Never raises.

A key is a fixed prefix and 128 bits of HMAC-SHA-256 over channel and sender. Its secret is the
operator's together with a salt that Redis itself holds for a day: when that is gone, nobody can
compute yesterday's keys again, not even with the operator's secret in hand (design D3).
"""

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel

LIFETIME = 600  # seconds that a tag is remembered after the last message
SALT_LIFETIME = 86_400
# The braces keep all keys on one node of a Redis Cluster, so that one round trip can ask for two.
PREFIX = "{rights-line}:"
SALT_KEY = f"{PREFIX}salt"

_TIMEOUT = 0.2  # seconds; with redis-py's defaults a hung Redis costs 40 s
_PAUSE = 2.0  # seconds for which Redis is left alone after it failed


@dataclass(frozen=True)
class Session:
    """What is remembered of a conversation. `remembers`: whether a new tag would be kept."""

    tag: str | None
    remembers: bool
    key: str = field(default="", repr=False)


FORGETFUL = Session(None, remembers=False)


class Sessions(Protocol):
    """Where tags are kept."""

    def load(self, channel: str, sender: str) -> Session:
        """Return what is remembered, and let it live for another ten minutes."""
        ...

    def save(self, session: Session, tag: str | None) -> bool:
        """Remember a tag instead; None forgets. Tell whether what is remembered is now so."""
        ...

    def state(self) -> str:
        """Return `memory`, `up` or `down`."""
        ...


def pseudonym(secret: bytes, channel: str, sender: str) -> str:
    """Return the key under which a person's tag is kept."""
    message = "\0".join([channel, sender]).encode("utf-8", "surrogatepass")
    return PREFIX + hmac.new(secret, message, hashlib.sha256).hexdigest()[:32]


def daily_secret(secret: str, salt: str) -> bytes:
    """Return what keys in Redis are made with, for as long as a salt lives."""
    return hmac.new(secret.encode(), salt.encode(), hashlib.sha256).digest()


class MemorySessions:
    """Tags of one process, under a key it made itself before it forked."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = 100_000) -> None:
        self._secret = secrets.token_bytes(32)
        self._clock = clock
        self._most = most
        self._tags: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def load(self, channel: str, sender: str) -> Session:
        key = pseudonym(self._secret, channel, sender)
        with self._lock:
            tag, until = self._tags.pop(key, (None, 0.0))
            if tag is None or until <= self._clock():
                return Session(None, True, key)
            self._keep(key, tag)
        return Session(tag, True, key)

    def save(self, session: Session, tag: str | None) -> bool:
        if tag != session.tag:
            with self._lock:
                self._tags.pop(session.key, None)
                if tag is not None:
                    self._keep(session.key, tag)
        return True

    def state(self) -> str:
        return "memory"

    def _keep(self, key: str, tag: str) -> None:
        """Put a tag last in line; what is first in line is the first to be too old."""
        now = self._clock()
        while self._tags:
            oldest = next(iter(self._tags))
            if self._tags[oldest][1] > now and len(self._tags) < self._most:
                break
            del self._tags[oldest]
        self._tags[key] = (tag, now + LIFETIME)


class RedisSessions:
    """Tags in Redis. Whatever Redis does, a call returns within its time-outs and never raises."""

    def __init__(
        self, connect: Callable[[], Any], secret: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._connect = connect
        self._client: Any = None
        self._secret = secret
        self._clock = clock
        self._salt = ""
        self._resume = 0.0

    def load(self, channel: str, sender: str) -> Session:
        return self._attempt(lambda client: self._load(client, channel, sender)) or FORGETFUL

    def save(self, session: Session, tag: str | None) -> bool:
        if not session.remembers or tag == session.tag:
            return session.remembers
        if tag is None:
            return self._attempt(lambda client: client.delete(session.key)) is not None
        return bool(self._attempt(lambda client: client.set(session.key, tag, ex=LIFETIME)))

    def state(self) -> str:
        return "up" if self._attempt(lambda client: client.ping()) else "down"

    def _load(self, client: Any, channel: str, sender: str) -> Session:
        """Read the tag under the salt we know, and the salt, to see whether it is still the one."""
        known = self._salt or _salt(client)  # a key without a salt could be made again
        key = self._key(known, channel, sender)
        pipeline = client.pipeline(transaction=False)
        salt, tag = pipeline.get(SALT_KEY).getex(key, ex=LIFETIME).execute()
        if salt != known:
            known = _text(salt or _salt(client))
            key = self._key(known, channel, sender)
            tag = client.getex(key, ex=LIFETIME)
        self._salt = known
        return Session(_text(tag) if tag is not None else None, True, key)

    def _key(self, salt: str, channel: str, sender: str) -> str:
        return pseudonym(daily_secret(self._secret, salt), channel, sender)

    def _attempt(self, command: Callable[[Any], Any]) -> Any:
        """Run a command, unless Redis failed a moment ago; None when it fails."""
        if self._clock() < self._resume:
            return None
        begun = time.monotonic()
        try:
            client = self._client or self._connect()
            self._client = client
            return command(client)
        except Exception:  # of redis-py, of the socket, of what a broken server sent
            # A name that is looked up in vain takes long, whatever the time-outs: the next try
            # is put off by five times what this one cost.
            self._resume = self._clock() + max(_PAUSE, 5 * (time.monotonic() - begun))
            self._client = None  # its connections may be out of step
            return None


def _salt(client: Any) -> str:
    """Return the day's salt, putting one into Redis if there is none.

    If another process was faster, its salt is everybody's.
    """
    made = secrets.token_hex(32)
    earlier = client.set(SALT_KEY, made, ex=SALT_LIFETIME, nx=True, get=True)
    return made if earlier is None else _text(earlier)


def _text(value: Any) -> str:
    """Return what Redis sent, if it is a text: a broken server may send anything.

    Raises:
        ValueError: it is not.
    """
    if not isinstance(value, str):
        raise ValueError(type(value).__name__)
    return value


def connector(url: str) -> Callable[[], Any]:
    """Return what opens a client for REDIS_URL: one that gives up after 0.2 s and never retries.

    Addresses: those of redis-py, `redis+cluster://host:port`, and
    `redis+sentinel://[:password@]host:port[,host:port]/service`.
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
    password = unquote(address.password) if address.password else None
    sentinel = Sentinel(  # type: ignore[no-untyped-call]
        sentinels, sentinel_kwargs=options, password=password, **options
    )
    return sentinel.master_for(  # type: ignore[no-untyped-call]
        address.path.strip("/")
    )
