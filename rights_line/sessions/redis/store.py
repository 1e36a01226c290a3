"""Session store in Redis, shared by all processes.

The pseudonyms are keyed by the operator's secret and a random salt that exists only in Redis, for
24 hours. After that the keys of the day before cannot be computed again, not even with the
operator's secret (docs/design.md, D3).
"""

import re
import time
from collections.abc import Callable
from typing import Any

from rights_line.core import tags
from rights_line.core.limits import DEFAULT_LIMITS, Allowance, Limits
from rights_line.sessions import TAG_TTL, UNKNOWN_TAG, Session
from rights_line.sessions.expiry import PurgeTimer
from rights_line.sessions.limits.rate_limiter import Counted, CountRequest, RateLimiter
from rights_line.sessions.redis.client import Commands, require_redis_str
from rights_line.sessions.redis.connection import RedisConnection
from rights_line.sessions.redis.count_script import OtherSalt, run_count_script
from rights_line.sessions.redis.daily_salt import DailyPseudonyms, get_or_create_daily_salt
from rights_line.sessions.redis.stale_tags import StaleTags

PROBLEM = (
    "Redis does not answer: replies are sent without sessions, so codes need the language word. "
    "Check REDIS_URL and the Redis server."
)

_TAG = re.compile(r"\?(?:[A-Z][a-z]{3}|\d{1,8})?|[A-Za-z0-9-]{1,35}[?+]?")


class RedisSessionStore:
    """Tags and counts in Redis. If Redis fails, a message waits for the timeout and has no session.

    `connect` opens a client. `clock` is monotonic, in seconds; `wall` is in seconds since 1970.
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
        self._redis = RedisConnection(connect, self._probe_store_commands, clock)
        self._pseudonyms = DailyPseudonyms(secret, clock)
        self._limiter = RateLimiter(limits, clock, wall)
        self._stale = StaleTags(clock, self.MAX_STALE)
        self._timer = PurgeTimer(self.purge_expired_sessions)

    def open_message(
        self, channel: str, sender: str, count_message: bool = True
    ) -> tuple[Session, Allowance]:
        """Redis decides on the allowance or, if it cannot count, this process alone."""
        self._timer.start_expiry_timer()
        request = self._limiter.rate_count_request(channel, sender) if count_message else None
        loaded = self._redis.run_on_connection(
            lambda commands: self._load_stored_session(commands, channel, sender, request)
        )
        session, counted = loaded or (self._unavailable_stored_session(channel, sender), None)
        if not request:
            return session, Allowance.FULL
        if not counted:
            return session, self._limiter.count_rate(channel, sender)
        return session, self._limiter.adopt_rate_count(channel, sender, request, counted)

    def save(self, session: Session, tag: str | None) -> bool:
        if tag == session.tag:
            return session.is_stored
        is_written = session.is_stored and self._write_stored_tag(session.key, tag)
        if is_written:
            self._stale.discard_stale_tags(session.key)
        elif not tags.is_awaiting(tag) and not self._stale.add_stale_tag(session.key):
            # The set of stale tags is full. Skip Redis until this one has expired there.
            self._redis.hold_connection_down(TAG_TTL)
        return is_written

    def allow_emergency(self, channel: str, sender: str) -> Allowance:
        """Count in this process alone, so that emergencies do not depend on Redis."""
        return self._limiter.count_emergency_rate(channel, sender)

    def status(self) -> str:
        self._check_redis_store()
        return "down" if self._redis.is_connection_down else "up"

    def problems(self) -> list[str]:
        self._check_redis_store()
        return [
            *([PROBLEM] if self._redis.is_connection_down else []),
            *self._limiter.rate_limit_problems(),
        ]

    def probe_redis_store(self) -> None:
        """Run the commands of a message, for a sender that does not exist.

        Raises:
            FAILURES: Redis cannot be used, or its user lacks a permission.
        """
        self._probe_store_commands(self._redis.connection_commands())

    def purge_expired_sessions(self) -> None:
        """Remove what has expired in this process."""
        self._limiter.purge_rate_counts()
        self._stale.purge_stale_tags()
        self._pseudonyms.purge_cached_salt()

    def _check_redis_store(self) -> None:
        """Probe Redis, unless a command has just succeeded or failed."""
        if self._redis.is_connection_idle:
            self._redis.run_on_connection(self._probe_store_commands)

    def _probe_store_commands(self, commands: Commands) -> bool:
        """Delete stale tags, read and write.

        It runs before the first command after a failure, and only a failure makes tags stale.
        """
        if keys := self._stale.stale_tag_keys():
            commands.execute("DEL", *keys)
            self._stale.discard_stale_tags(*keys)
        get_or_create_daily_salt(commands)  # a full or read-only Redis refuses SET, even with NX
        self._load_stored_session(commands, "", "", None)
        return True

    def _write_stored_tag(self, key: str, tag: str | None) -> bool:
        run = self._redis.run_on_connection
        if tag is None:
            return run(lambda commands: commands.execute("DEL", key)) is not None
        return bool(run(lambda commands: commands.execute("SET", key, tag, "EX", TAG_TTL)))

    def _unavailable_stored_session(self, channel: str, sender: str) -> Session:
        """Return a session without a tag, whose key lets `save` mark the tag in Redis as stale."""
        key = self._pseudonyms.key_under_cached_salt(channel, sender)
        return Session(UNKNOWN_TAG, False, key or self._stale.stale_tag_mark(channel, sender))

    def _load_stored_session(
        self, commands: Commands, channel: str, sender: str, request: CountRequest | None
    ) -> tuple[Session, Counted | None]:
        """Return the session, read under the salt that is in Redis, and count the message."""
        # Never derive a key without a salt: the operator's secret alone could reproduce it.
        salt = self._pseudonyms.last_daily_salt or get_or_create_daily_salt(commands)
        keys = self._pseudonyms.keys_under_salt(channel, sender, salt)
        try:
            tag, counted = run_count_script(commands, salt, *keys, request)
        except OtherSalt as error:
            if self._pseudonyms.last_daily_salt == salt:
                self._stale.clear_stale_tags()
            salt = require_redis_str(error.salt or get_or_create_daily_salt(commands))
            keys = self._pseudonyms.keys_under_salt(channel, sender, salt)
            tag, counted = run_count_script(commands, salt, *keys, request)
        key = keys[0]
        # Ask this after reading the tag: it may have become stale meanwhile.
        stale = self._stale.stale_tag_names(channel, sender, key)
        if stale or not _is_stored_tag(tag):
            commands.execute("DEL", key)
            self._stale.discard_stale_tags(*stale)
            tag = None
        return Session(tag, True, key), counted


def _is_stored_tag(value: Any) -> bool:
    """Whether a value may be a tag, or is missing."""
    return value is None or (isinstance(value, str) and bool(_TAG.fullmatch(value)))
