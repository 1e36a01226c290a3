"""Session store in Redis, shared by all processes.

The pseudonyms are keyed by the operator's secret and a random salt that exists only in Redis, for
24 hours. After that the keys of the day before cannot be computed again, not even with the
operator's secret (docs/design.md, D3).
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Any

from rights_line.core.conversation import AWAITING_LANGUAGE
from rights_line.core.limits import DEFAULT_LIMITS, Allowance, Limits
from rights_line.sessions import COUNT_LABEL, PREFIX, TAG_TTL, UNAVAILABLE, Session
from rights_line.sessions.expiry import PurgeTimer
from rights_line.sessions.limits.rate_limiter import Quote, RateLimiter
from rights_line.sessions.redis.client import Commands, UnusableRedis, require_str
from rights_line.sessions.redis.connection import RedisConnection
from rights_line.sessions.redis.count_script import Charge, read_session
from rights_line.sessions.redis.daily_salt import DailyPseudonyms, get_or_create_salt
from rights_line.sessions.redis.stale_tags import StaleTags

# Keys of the shared counters, in the order of `Count`. Each key ends with the end of its window,
# so that processes whose clocks differ never mix up the counts of two hours.
WINDOW_KEYS = tuple(f"{PREFIX}{name}:" for name in ("hour", "day", "reserve-hour", "reserve-day"))
PROBLEM = (
    "Redis does not answer: replies are sent without sessions, so codes need the language word. "
    "Check REDIS_URL and the Redis server."
)

_TAG = re.compile(r"\?|[A-Za-z0-9-]{1,35}")


class RedisSessionStore:
    """Tags and counts in Redis. If Redis fails, a message waits for the timeout and has no session.

    Args:
        connect: opens a Redis client.
        secret: the operator's secret.
        clock: monotonic, in seconds.
        limits: the rate limits.
        wall: the time of day, in seconds since 1970.
    """

    MAX_STALE = 10_000  # stale tags to remember; beyond them Redis is not used until they expire

    def __init__(
        self,
        connect: Callable[[], Any],
        secret: str,
        clock: Callable[[], float] = time.monotonic,
        limits: Limits = DEFAULT_LIMITS,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._redis = RedisConnection(connect, self._probe, clock)
        self._pseudonyms = DailyPseudonyms(secret, clock)
        self._limiter = RateLimiter(limits, clock, wall)
        self._corrections: SimpleQueue[Charge] = SimpleQueue()
        self._stale = StaleTags(clock, self.MAX_STALE)
        self._timer = PurgeTimer(self.purge)

    def load(self, channel: str, sender: str, count_message: bool = True) -> Session:
        """Also rate-limit in process, so that a Redis outage does not disable the limit."""
        self._timer.start()
        quote = self._limiter.quote(channel, sender) if count_message else None
        loaded = self._redis.execute(lambda commands: self._load(commands, channel, sender, quote))
        session, counters = loaded or (self._unavailable(channel, sender), {})
        if not quote:
            return session
        decision = self._limiter.settle(channel, sender, quote, list(counters.values()))
        if decision != quote.expected:
            rows = zip(counters, decision.charges, quote.expected.charges, quote.ttls, strict=False)
            for key, amount, charged, ttl in rows:
                self._corrections.put(Charge(key, amount - charged, ttl))
        return replace(session, allowance=decision.allowance)

    def save(self, session: Session, tag: str | None) -> bool:
        if tag == session.tag:
            return session.is_stored
        is_written = session.is_stored and self._write(session.key, tag)
        if is_written:
            self._stale.discard(session.key)
        elif tag != AWAITING_LANGUAGE and not self._stale.add(session.key):
            # The set of stale tags is full. Skip Redis until this one has expired there.
            self._redis.hold_down(TAG_TTL)
        return is_written

    def allow_emergency(self, channel: str, sender: str) -> Allowance:
        """Count in this process alone, so that emergencies do not depend on Redis."""
        return self._limiter.count_emergency(channel, sender)

    def status(self) -> str:
        self._check()
        return "down" if self._redis.is_down else "up"

    def problems(self) -> list[str]:
        self._check()
        return [*([PROBLEM] if self._redis.is_down else []), *self._limiter.limit_problems()]

    def probe(self) -> None:
        """Run the commands of a message, for a sender that does not exist.

        Raises:
            FAILURES: Redis cannot be used, or its user lacks a permission.
        """
        self._probe(self._redis.commands())

    def purge(self) -> None:
        """Remove what has expired in this process, and send corrections that are pending."""
        self._limiter.purge()
        self._stale.purge()
        self._pseudonyms.purge()
        if not self._corrections.empty():
            self._redis.execute(self._probe)

    def _check(self) -> None:
        """Probe Redis, unless a command has just succeeded or failed."""
        if self._redis.is_idle:
            self._redis.execute(self._probe)

    def _probe(self, commands: Commands) -> bool:
        """Delete stale tags, read and write.

        It runs before the first command after a failure, and only a failure makes tags stale.
        """
        if keys := self._stale.keys():
            commands.delete(*keys)
            self._stale.discard(*keys)
        get_or_create_salt(commands)  # a full or read-only Redis refuses SET, even with NX
        self._load(commands, "", "", None)
        return True

    def _write(self, key: str, tag: str | None) -> bool:
        if tag is None:
            return self._redis.execute(lambda commands: commands.delete(key)) is not None
        return bool(self._redis.execute(lambda commands: commands.set(key, tag, ex=TAG_TTL)))

    def _unavailable(self, channel: str, sender: str) -> Session:
        """Return a session without a tag, whose key lets `save` mark the tag in Redis as stale."""
        key = self._pseudonyms.cached_key(channel, sender)
        return replace(UNAVAILABLE, key=key or self._stale.mark(channel, sender))

    def _load(
        self, commands: Commands, channel: str, sender: str, quote: Quote | None
    ) -> tuple[Session, dict[str, int]]:
        """Return the session and the counters, read under the salt that is in Redis."""
        # Never derive a key without a salt: the operator's secret alone could reproduce it.
        known = self._pseudonyms.salt or get_or_create_salt(commands)
        salt, *loaded = self._read(commands, channel, sender, known, quote)
        if not loaded:
            if self._pseudonyms.salt == known:
                self._stale.clear()
            known = require_str(salt or get_or_create_salt(commands))
            _, *loaded = self._read(commands, channel, sender, known, quote)
        if not loaded:
            raise UnusableRedis("no salt")
        key, tag, counters = loaded
        # Ask this after reading the tag: it may have become stale meanwhile.
        stale = self._stale.names(channel, sender, key)
        if stale or not _is_tag(tag):
            commands.delete(key)
            self._stale.discard(*stale)
            tag = None
        return Session(tag, True, key), counters

    def _read(
        self, commands: Commands, channel: str, sender: str, salt: str, quote: Quote | None
    ) -> tuple[Any, ...]:
        """Return the salt in Redis and, if it is `salt`, the tag's key, the tag and counters."""
        corrections = list(self._take_corrections())
        charges = self._charges(channel, sender, salt, quote) if quote else []
        key = self._pseudonyms.key(channel, sender, salt)
        found, *loaded = read_session(commands, salt, key, [*corrections, *charges])
        if not loaded:
            return (found,)
        tag, counts = loaded
        keys = (charge.key for charge in charges)
        return found, key, tag, dict(zip(keys, counts[len(corrections) :], strict=True))

    def _take_corrections(self) -> Iterator[Charge]:
        with suppress(Empty):
            while True:
                yield self._corrections.get_nowait()

    def _charges(self, channel: str, sender: str, salt: str, quote: Quote) -> list[Charge]:
        """Return the expected charge of each counter, in the order of `Count`."""
        sender_key = self._pseudonyms.key(channel, sender, salt, COUNT_LABEL)
        shared_keys = [f"{key}{end:.0f}" for key, end in zip(WINDOW_KEYS, quote.ends, strict=True)]
        rows = zip([sender_key, *shared_keys], quote.expected.charges, quote.ttls, strict=True)
        return [Charge(*row) for row in rows]


def _is_tag(value: Any) -> bool:
    """Whether a value may be a tag, or is missing."""
    return value is None or (isinstance(value, str) and bool(_TAG.fullmatch(value)))
