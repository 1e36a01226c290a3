"""Sessions: the tag and the counts of each sender, under a keyed pseudonym, in Redis or in memory.

A Redis that fails costs the session, never the reply; any other exception is raised. This module
holds the protocol, the session and the pseudonym; the stores lie beside it.
"""

import hmac
from dataclasses import dataclass, field
from typing import Protocol

from rights_line.core.rate_limit import Allowance

TAG_TTL = 600  # seconds that a tag is remembered after the last message
# The braces keep all keys on one node of a Redis Cluster, so that one round trip can ask for all.
PREFIX = "{rights-line}:"
COUNT_LABEL = "count:"  # label of the keys under which messages are counted; no gateway has a colon


@dataclass(frozen=True)
class Session:
    """What is remembered of a conversation. `is_stored`: whether a new tag would be kept.

    `allowance` is the reply that may be sent; it is not remembered.
    """

    tag: str | None
    is_stored: bool
    key: str = field(default="", repr=False)
    allowance: Allowance = field(default=Allowance.FULL, compare=False)


UNKNOWN_TAG = ""  # no tag: whether there is one cannot be told
UNAVAILABLE = Session(UNKNOWN_TAG, is_stored=False)


class SessionStore(Protocol):
    """Where tags and counts are kept."""

    def load(self, channel: str, sender: str, count_message: bool = True) -> Session:
        """Return what is remembered, and let it live for another ten minutes.

        The message is counted, unless it is one that is never answered.
        """
        ...

    def save(self, session: Session, tag: str | None) -> bool:
        """Remember a tag instead; None forgets. Tell whether what is remembered is now so."""
        ...

    def allow_emergency(self, channel: str, sender: str) -> Allowance:
        """Count an emergency for which no other reply is left, and return the reply to it."""
        ...

    def status(self) -> str:
        """Return `memory`, `up` or `down`."""
        ...

    def problems(self) -> list[str]:
        """Return a sentence for the operator about each thing that does not work now."""
        ...


def pseudonym(secret: bytes, channel: str, sender: str, label: str = "") -> str:
    """Return the key under which something about a person is kept."""
    message = "\0".join([label + channel, sender]).encode("utf-8", "surrogatepass")
    return PREFIX + label + hmac.digest(secret, message, "sha256")[:16].hex()


def daily_secret(secret: str, salt: str) -> bytes:
    """Return what keys in Redis are made with, for as long as a salt lives."""
    return hmac.digest(secret.encode(), salt.encode(), "sha256")
