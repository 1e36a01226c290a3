"""Sessions: each sender's language tag and message counts, in Redis or in memory.

Both are stored under a pseudonym, an HMAC of channel and sender. If Redis fails, the sender loses
the session but still gets the full reply; any other exception is raised. This module holds the
protocol, the session, the pseudonyms and the purge. The stores are memory.py and redis_store.py.
"""

import hmac
import math
import secrets
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from rights_line.core.limits import Allowance

TAG_TTL = 3600  # seconds from the last message until a tag expires
_INTERVAL = 60.0  # seconds between two purges
# A tag is saved a moment after its key was derived, and must not outlive the random key.
_KEY_TTL = TAG_TTL + _INTERVAL
# As in deploy/redis/users.acl, so that an upgrade needs no other permissions.
PREFIX = "{rights-line}:"
COUNT_LABEL = "count:"  # in the keys of message counts; a channel name never contains a colon


@dataclass(frozen=True)
class Session:
    """The stored state of one conversation."""

    # core/tags.py: with which the message is read, at its second delivery as at its first
    tag: str | None
    is_stored: bool  # whether the store works, so that a new tag would be stored
    key: str = field(default="", repr=False)  # the pseudonym of the sender
    stored_tag: str | None = None  # what the store holds now


UNKNOWN_TAG = ""  # the store is unavailable, so the sender may or may not have a tag
NO_TAG = "none"  # what is kept for a message that was read without a tag


class SessionStore(Protocol):
    """A store of tags and message counts."""

    def open_message(
        self, channel: str, sender: str, count_message: bool = True, message_id: str = ""
    ) -> tuple[Session, Allowance]:
        """Count a message, and extend the TTL of the sender's session to an hour.

        Return the session and the reply that the rate limits allow. `count_message` is false for
        a message that never gets a reply, which does not count towards the limits. A message with
        an id that is delivered again within an hour is read with the same tag.
        """

    def save(self, session: Session, tag: str | None) -> bool:
        """Store the tag (None deletes it). Return whether the write succeeded."""

    def allow_emergency(self, channel: str, sender: str) -> Allowance:
        """Count an emergency beyond the rate limits, and return the reply that it may get."""

    def status(self) -> str:
        """Return `memory`, `up` or `down`."""

    def problems(self) -> list[str]:
        """Return one sentence for the operator about each current problem."""


def session_pseudonym(secret: bytes, channel: str, sender: str, label: str = "") -> str:
    """Return the key of a sender's entry: a prefix, the label and 128 bits of an HMAC."""
    message = "\0".join([label + channel, sender]).encode("utf-8", "surrogatepass")
    return PREFIX + label + hmac.digest(secret, message, "sha256")[:16].hex()


def message_name(message_id: str, sender: str) -> str:
    """Return what the pseudonym of a message is made of, in place of a sender."""
    return f"id {message_id} of {sender}"


def daily_session_secret(secret: str, salt: str) -> bytes:
    """Derive the HMAC key of pseudonyms in Redis from the operator's secret and the salt."""
    return hmac.digest(secret.encode(), salt.encode(), "sha256")


class ProcessPseudonyms:
    """Pseudonyms under a random key of this process, replaced when it has long been unused.

    Not thread-safe: the owner holds a lock. `clock` is monotonic, in seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._secret = b""  # replaced before the first use
        self._expires_at = -math.inf

    def pseudonym(self, channel: str, sender: str, label: str = "") -> str:
        """Return the pseudonym of a sender, the same while less than an hour passes."""
        self.purge()
        self._expires_at = self._clock() + _KEY_TTL
        return session_pseudonym(self._secret, channel, sender, label)

    def purge(self) -> None:
        """Replace the random key if it has expired."""
        if self._expires_at <= self._clock():
            self._secret = secrets.token_bytes(32)


class PurgeTimer:
    """A thread that purges what has expired every `interval` seconds, also when idle.

    It ends with the owner of `purge`, a bound method, of which it keeps only a weak reference.
    """

    def __init__(self, purge: Callable[[], None], interval: float = _INTERVAL) -> None:
        self._arguments = weakref.WeakMethod(purge), interval
        self._is_started = False
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the thread unless it runs. If none can be started, the next message tries."""
        with self._lock, suppress(RuntimeError):
            if not self._is_started:
                threading.Thread(target=_purge, args=self._arguments, daemon=True).start()
                self._is_started = True


def _purge(method: "weakref.WeakMethod[Callable[[], None]]", interval: float) -> None:
    while True:
        time.sleep(interval)
        purge = method()
        if not purge:
            return
        with suppress(Exception):  # the next purge removes what is left
            purge()
        del purge  # else the thread would keep its owner
