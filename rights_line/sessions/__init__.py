"""Sessions: each sender's language tag and message counts, in Redis or in memory.

Both are stored under a pseudonym, an HMAC of channel and sender. If Redis fails, the sender loses
the session but still gets the full reply; any other exception is raised. This module holds the
protocol, the session and the pseudonym. The stores are memory.py and redis_store.py.
"""

import hmac
from dataclasses import dataclass, field
from typing import Protocol

from rights_line.core.limits import Allowance

TAG_TTL = 3600  # seconds from the last message until a tag expires
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
        ...

    def save(self, session: Session, tag: str | None) -> bool:
        """Store the tag (None deletes it). Return whether the write succeeded."""
        ...

    def allow_emergency(self, channel: str, sender: str) -> Allowance:
        """Count an emergency beyond the rate limits, and return the reply that it may get."""
        ...

    def status(self) -> str:
        """Return `memory`, `up` or `down`."""
        ...

    def problems(self) -> list[str]:
        """Return one sentence for the operator about each current problem."""
        ...


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
