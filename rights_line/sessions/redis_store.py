"""Session store in Redis, shared by all processes.

The pseudonyms are keyed by the operator's secret and a random salt that exists only in Redis, for
24 hours. After that the keys of the day before cannot be computed again, not even with the
operator's secret (docs/design.md, D3).
"""

import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rights_line.core.conversation import AWAITING_LANGUAGE
from rights_line.core.rate_limit import DEFAULT_LIMITS, Allowance, Limits
from rights_line.sessions import COUNT_LABEL, PREFIX, TAG_TTL, UNAVAILABLE, Session
from rights_line.sessions.daily_salt import SALT_KEY, DailyPseudonyms, get_or_create_salt
from rights_line.sessions.rate_limiter import Quote, RateLimiter, Receipt
from rights_line.sessions.redis_client import Commands, UnusableRedis, require_str
from rights_line.sessions.redis_connection import RedisConnection
from rights_line.sessions.redis_script import LOAD, encode_offers, parse_receipt
from rights_line.sessions.stale_tags import StaleTags

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
        self._pseudonyms = DailyPseudonyms(secret)
        self._limiter = RateLimiter(limits, clock, self._pseudonyms.drop_salt, wall)
        self._stale = StaleTags(clock, self.MAX_STALE)

    def load(self, channel: str, sender: str, count_message: bool = True) -> Session:
        """Also rate-limit in process, so that a Redis outage does not disable the limit."""
        quote = self._limiter.quote(channel, sender) if count_message else Quote()
        loaded = self._execute(lambda commands: self._load(commands, channel, sender, quote))
        session, receipt = loaded or (self._unavailable(channel, sender), None)
        if not count_message:
            return session
        return replace(session, allowance=self._limiter.settle(channel, sender, quote, receipt))

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

    def _check(self) -> None:
        """Probe Redis, unless a command has just succeeded or failed."""
        if self._redis.is_idle:
            self._execute(self._probe)

    def _probe(self, commands: Commands) -> bool:
        get_or_create_salt(commands)  # a full or read-only Redis refuses SET, even with NX
        self._load(commands, "", "", Quote())
        return True

    def _execute(self, command: Callable[[Commands], Any]) -> Any:
        """Run a command after deleting stale tags in Redis; return None if Redis fails."""

        def run(commands: Commands) -> Any:
            if keys := self._stale.undeleted():
                commands.delete(*keys)
                self._stale.deleted(keys)
            return command(commands)

        return self._redis.execute(run)

    def _write(self, key: str, tag: str | None) -> bool:
        if tag is None:
            return self._execute(lambda commands: commands.delete(key)) is not None
        return bool(self._execute(lambda commands: commands.set(key, tag, ex=TAG_TTL)))

    def _unavailable(self, channel: str, sender: str) -> Session:
        """Return a session without a tag, whose key lets `save` mark the tag in Redis as stale."""
        key = self._pseudonyms.cached_key(channel, sender)
        return replace(UNAVAILABLE, key=key or self._stale.mark(channel, sender))

    def _load(
        self, commands: Commands, channel: str, sender: str, quote: Quote
    ) -> tuple[Session, Receipt | None]:
        """Read the tag under the known salt; read it again if Redis has another salt."""
        # Never derive a key without a salt: the operator's secret alone could reproduce it.
        known = self._pseudonyms.salt or get_or_create_salt(commands)
        salt, *loaded = self._eval(commands, known, channel, sender, quote)
        if not loaded:
            if self._pseudonyms.salt == known:
                self._stale.clear()
            known = require_str(salt or get_or_create_salt(commands))
            _, *loaded = self._eval(commands, known, channel, sender, quote)
        if not loaded:
            raise UnusableRedis("no salt")
        tag, *counted = loaded
        key = self._pseudonyms.key(channel, sender, known)
        self._stale.identify(channel, sender, key)
        # Check this after reading the tag: it may have become stale meanwhile.
        if key in self._stale or not _is_tag(tag):
            commands.delete(key)
            tag = None
        return Session(tag, True, key), parse_receipt(quote, counted)

    def _eval(
        self, commands: Commands, salt: str, channel: str, sender: str, quote: Quote
    ) -> list[Any]:
        """Run the script; return the salt in Redis and, if it is `salt`, the tag and a receipt."""
        keys = [SALT_KEY, self._pseudonyms.key(channel, sender, salt)]
        arguments: list[Any] = [salt, TAG_TTL]
        if quote.offers:
            keys.append(self._pseudonyms.key(channel, sender, salt, COUNT_LABEL))
            keys += [f"{key}{end:.0f}" for key, end in zip(WINDOW_KEYS, quote.ends, strict=True)]
            arguments += [encode_offers(quote.offers), json.dumps(quote.ttls)]
        reply = commands.eval(LOAD, len(keys), *keys, *arguments)
        if not isinstance(reply, list):
            raise UnusableRedis(type(reply).__name__)
        return reply


def _is_tag(value: Any) -> bool:
    """Whether a value may be a tag, or is missing."""
    return value is None or (isinstance(value, str) and bool(_TAG.fullmatch(value)))
