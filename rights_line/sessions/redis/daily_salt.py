"""The salt of the pseudonyms in Redis: random, the same for all processes, gone after 24 hours."""

import secrets
from collections.abc import Callable

from rights_line.sessions import (
    COUNT_LABEL,
    PREFIX,
    TAG_TTL,
    daily_session_secret,
    session_pseudonym,
)
from rights_line.sessions.redis.client import Commands, require_redis_str

SALT_LIFETIME = 86_400  # seconds
SALT_KEY = f"{PREFIX}salt"


class DailyPseudonyms:
    """Pseudonyms keyed by the operator's secret and a cached salt.

    `clock` is monotonic, in seconds.
    """

    def __init__(self, secret: str, clock: Callable[[], float]) -> None:
        self._secret = secret
        self._clock = clock
        self._current = self._derive_from_salt("")
        self._used_at = clock()

    @property
    def last_daily_salt(self) -> str:
        """The salt that was used last, or "" if it was dropped."""
        return self._current[0]

    def keys_under_salt(self, channel: str, sender: str, salt: str) -> tuple[str, str]:
        """Return the keys of a sender's tag and count under a salt."""
        self._used_at = self._clock()
        current = self._current
        if salt != current[0]:
            current = self._current = self._derive_from_salt(salt)
        tag_key = session_pseudonym(current[1], channel, sender)
        return tag_key, session_pseudonym(current[1], channel, sender, COUNT_LABEL)

    def key_under_cached_salt(self, channel: str, sender: str) -> str:
        """Return the key of a sender's tag under the cached salt, or "" without one."""
        salt, secret = self._current
        return session_pseudonym(secret, channel, sender) if salt else ""

    def purge_cached_salt(self) -> None:
        """Drop the cached salt when idle: it must not outlive its 24-hour expiry in Redis."""
        if self._clock() - self._used_at >= TAG_TTL:
            self._current = self._derive_from_salt("")

    def _derive_from_salt(self, salt: str) -> tuple[str, bytes]:
        return salt, daily_session_secret(self._secret, salt)


def get_or_create_daily_salt(commands: Commands) -> str:
    """Return the salt in Redis, or store a new one; if two processes do, the first one wins."""
    new = secrets.token_hex(32)
    existing = commands.execute("SET", SALT_KEY, new, "NX", "GET", "EX", SALT_LIFETIME, get=True)
    return new if existing is None else require_redis_str(existing)
