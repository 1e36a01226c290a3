"""Session store in Redis, shared by all processes.

The pseudonyms are keyed by the operator's secret and a random salt that exists only in Redis, for
24 hours. After that the keys of the day before cannot be computed again, not even with the
operator's secret (docs/design.md, D3). After an outage in which a sender chose a language the salt
is replaced, so that no tag from before is found again.
"""

import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from rights_line.core import tags
from rights_line.core.limits import DEFAULT_LIMITS, Allowance, Limits
from rights_line.sessions import NO_TAG, TAG_TTL, UNKNOWN_TAG, PurgeTimer, Session
from rights_line.sessions.rate_limiter import Pending, RateLimiter
from rights_line.sessions.redis_client import Commands, UnusableRedis, require_str
from rights_line.sessions.redis_connection import RedisConnection
from rights_line.sessions.redis_script import SALT_KEY, Keys, Opened, Script

PROBLEM = (
    "REDIS_URL must lead to a Redis that the line may use. Until then replies are sent without "
    "sessions, so codes need the language word. Run `rights-line doctor` for details."
)

_SALT_LIFETIME = 86_400  # seconds
_TAG = re.compile(r"\?(?:[A-Z][a-z]{3}|\d{1,8})?|[A-Za-z0-9-]{1,35}[?+]?")


class RedisSessionStore:
    """Tags and counts in Redis. If Redis fails, a message waits for the timeout and has no session.

    `connect` opens a client. `clock` is monotonic, in seconds; `wall` is in seconds since 1970.
    """

    def __init__(
        self,
        connect: Callable[[], Any],
        secret: str,
        clock: Callable[[], float] = time.monotonic,
        limits: Limits = DEFAULT_LIMITS,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._redis = RedisConnection(connect, self._probe, clock)
        self._secret = secret
        self._salt = ""  # that of the last message
        self._clock = clock
        self._used_at = clock()
        self._limiter = RateLimiter(limits, clock, wall)
        self._script = Script(limits)
        self._has_stale_tag = False  # whether Redis may hold a tag that a sender has changed
        self._timer = PurgeTimer(self.purge)

    def open_message(
        self, channel: str, sender: str, count_message: bool = True, message_id: str = ""
    ) -> tuple[Session, Allowance]:
        """Redis decides on the allowance or, if it cannot count, this process alone."""
        self._timer.start()
        pending = self._limiter.ask(channel, sender) if count_message else None
        loaded = self._redis.run(
            lambda commands: self._load(commands, channel, sender, message_id, pending)
        )
        session, counted = loaded or (Session(UNKNOWN_TAG, False, "", UNKNOWN_TAG), None)
        if not pending:
            return session, Allowance.FULL
        if not counted:
            return session, self._limiter.count(channel, sender)
        return session, self._limiter.adopt(channel, pending, *counted)

    def save(self, session: Session, tag: str | None) -> bool:
        if tag == session.stored_tag:
            return session.is_stored
        is_written = session.is_stored and self._write(session.key, tag)
        if not is_written and not tags.is_awaiting(tag):
            self._has_stale_tag = True
        return is_written

    def allow_emergency(self, channel: str, sender: str) -> Allowance:
        """Count in this process alone, so that emergencies do not depend on Redis."""
        return self._limiter.count_emergency(channel, sender)

    def status(self) -> str:
        self._check()
        return "down" if self._redis.is_down else "up"

    def problems(self) -> list[str]:
        self._check()
        return [*([PROBLEM] if self._redis.is_down else []), *self._limiter.problems()]

    def purge(self) -> None:
        """Remove what has expired in this process."""
        self._limiter.purge()
        if self._clock() - self._used_at >= TAG_TTL:  # it must not outlive its day in Redis
            self._salt = ""

    def _check(self) -> None:
        """Probe Redis, unless a command has just succeeded or failed."""
        if self._redis.is_idle:
            self._redis.run(self._probe)

    def _probe(self, commands: Commands) -> bool:
        """Replace the salt if there may be stale tags; then read and write.

        It runs before the first command after a failure, and only a failure makes tags stale.
        """
        if self._has_stale_tag:
            _set_salt(commands)  # no process finds a key under the old one again
            self._has_stale_tag = False
        _salt_of(commands)  # a full or read-only Redis refuses SET, even with NX
        self._load(commands, "", "", "", None)
        return True

    def _write(self, key: str, tag: str | None) -> bool:
        def write(commands: Commands) -> bool:
            if tag is None:
                commands.execute("DEL", key)
            elif commands.execute("SET", key, tag, "EX", TAG_TTL) is not True:
                raise UnusableRedis("no OK")
            return True

        return bool(self._redis.run(write))

    def _load(
        self,
        commands: Commands,
        channel: str,
        sender: str,
        message_id: str,
        pending: Pending | None,
    ) -> tuple[Session, Any]:
        """Return the session, read under the salt that is in Redis, and count the message."""
        self._used_at = self._clock()
        salt = self._salt
        for _ in range(2):
            # Never derive a key without a salt: the operator's secret alone could reproduce it.
            self._salt = salt = salt or _salt_of(commands)
            keys = Keys.of(self._secret, salt, channel, sender, message_id)
            opened = self._script.run(commands, salt, keys, pending)
            if isinstance(opened, Opened):
                session = Session(_valid_tag(opened.first_tag), True, keys.tag, opened.tag)
                return session, opened.counted
            salt = opened
        raise UnusableRedis("no salt")  # it changes all the time


def _salt_of(commands: Commands) -> str:
    """Return the salt in Redis, or store a new one; if two processes do, the first one wins."""
    return _set_salt(commands, "NX")


def _set_salt(commands: Commands, *condition: str) -> str:
    """Store a new random salt; return the one that Redis had before, else the new one."""
    new = secrets.token_hex(32)
    lifetime = ("EX", _SALT_LIFETIME)
    existing = commands.execute("SET", SALT_KEY, new, *condition, "GET", *lifetime, get=True)
    return new if existing is None else require_str(existing)


def _valid_tag(value: Any) -> str | None:
    """Return a tag, or None for none and for a value that cannot be one."""
    is_tag = isinstance(value, str) and value != NO_TAG and _TAG.fullmatch(value)
    return value if is_tag else None
