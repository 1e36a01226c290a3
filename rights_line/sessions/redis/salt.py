"""The salt of the pseudonyms in Redis: random, the same for all processes, gone after 24 hours."""

import secrets
from collections.abc import Callable
from typing import NamedTuple

from rights_line.sessions import (
    COUNT_LABEL,
    PREFIX,
    TAG_TTL,
    daily_session_secret,
    message_name,
    session_pseudonym,
)
from rights_line.sessions.redis import client
from rights_line.sessions.redis.client import Commands

SALT_LIFETIME = 86_400  # seconds
SALT_KEY = f"{PREFIX}salt"


class Keys(NamedTuple):
    """The keys of a sender's tag and count, and that of a message with an id."""

    tag: str
    counter: str
    message: str


class DailyPseudonyms:
    """Pseudonyms keyed by the operator's secret and a cached salt.

    `clock` is monotonic, in seconds.
    """

    def __init__(self, secret: str, clock: Callable[[], float]) -> None:
        self._secret = secret
        self._clock = clock
        self._current = self._derive("")
        self._used_at = clock()

    @property
    def last(self) -> str:
        """The salt that was used last, or "" if it was dropped."""
        return self._current[0]

    def keys(self, salt: str, channel: str, sender: str, message_id: str = "") -> Keys:
        """Return the keys of a message under a salt."""
        self._used_at = self._clock()
        current = self._current
        if salt != current[0]:
            current = self._current = self._derive(salt)
        secret, name = current[1], message_name(message_id, sender)
        return Keys(
            session_pseudonym(secret, channel, sender),
            session_pseudonym(secret, channel, sender, COUNT_LABEL),
            session_pseudonym(secret, channel, name) if message_id else "",
        )

    def purge(self) -> None:
        """Drop the cached salt when idle: it must not outlive its 24-hour expiry in Redis."""
        if self._clock() - self._used_at >= TAG_TTL:
            self._current = self._derive("")

    def _derive(self, salt: str) -> tuple[str, bytes]:
        return salt, daily_session_secret(self._secret, salt)


def get_or_create_salt(commands: Commands) -> str:
    """Return the salt in Redis, or store a new one; if two processes do, the first one wins."""
    new = secrets.token_hex(32)
    existing = commands.execute("SET", SALT_KEY, new, "NX", "GET", "EX", SALT_LIFETIME, get=True)
    return new if existing is None else client.require_str(existing)


def replace_salt(commands: Commands) -> None:
    """Store a new salt: no process finds a key under the old one again."""
    commands.execute("SET", SALT_KEY, secrets.token_hex(32), "GET", "EX", SALT_LIFETIME, get=True)
