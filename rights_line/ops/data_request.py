"""The answer to a data request: all data that is held about a number.

It only reads the Redis of the deployment, and never prints the number.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rights_line.errors import ConfigurationError, Problem
from rights_line.sessions import PREFIX, daily_secret, pseudonym
from rights_line.sessions.daily_salt import SALT_KEY
from rights_line.sessions.redis_client import CONNECTION_ERRORS, client_factory
from rights_line.settings import Settings

_SEPARATORS = re.compile(r"[\s().-]")
_INTERNATIONAL = re.compile(r"(?:\+|00)([1-9]\d{6,14})")
_NORWAY = "47"
_PSEUDONYM = re.compile("[0-9a-f]{32}")

_MEMORY_ONLY = (
    "REDIS_URL is not set: sessions are only in the memory of the running process, under a random",
    "key of its own, and this command cannot read them. The language expires ten minutes after the",
    "last message, and the count ten minutes after the first (while a limit of all senders is",
    "reached, at the end of the hour). Both are gone when the process ends.",
)
_ALSO_IN_MEMORY = (
    "Each running process also counts replies in its own memory, under a random key of its own,",
    "for ten minutes (while a limit of all senders is reached, until the end of the hour). While",
    "Redis fails it also remembers, for ten minutes, the keys of senders whose language it could",
    "not store, and for a minute those whose count it must correct. This command cannot read them.",
)
_NO_SALT = "The salt has expired, so the remaining keys cannot be matched to any number."
_STATEMENT = (
    "Not stored anywhere: the number, the texts of messages and replies, message ids, addresses,",
    "earlier sessions, and anything about people who dial the USSD code or call.",
    "Bytes of a message may remain in freed memory of the process, where nothing refers to them.",
    "Held by others: the phone, the phone company and the provider. Twilio lists number, texts and",
    "calls until `rights-line purge-twilio` deletes them. See PRIVACY.md.",
)


@dataclass(frozen=True)
class Record:
    """A value that Redis holds about a number.

    Attributes:
        channel: the channel's name.
        label: the label of the key; "" for the language tag.
        value: the value.
        milliseconds: until the key expires; negative: never.
    """

    channel: str
    label: str
    value: str
    milliseconds: int

    def __str__(self) -> str:
        expiry = f"expires in {self.milliseconds / 1000:.0f} seconds"
        if self.milliseconds < 0:
            expiry = "NEVER EXPIRES: this is a bug, please report it"
        return f"{self.channel}: {self.label or _meaning(self.value)} {self.value}, {expiry}."


def data_held(environ: Mapping[str, str], number: str, channels: Collection[str]) -> list[str]:
    """Return the answer line by line: the data that is held, and what cannot be known.

    Args:
        environ: the environment variables.
        number: a phone number with its country code, or a WhatsApp name.
        channels: the names of the channels to search.

    Raises:
        ConfigurationError: a variable is invalid, Redis does not answer, or the number has no
            country code.
    """
    settings = Settings.from_environ(environ)
    senders = _senders(number)
    if not settings.redis_url:
        return [*_MEMORY_ONLY, *_STATEMENT]
    try:
        client = client_factory(settings.redis_url)()
        report = _report(client, settings.secret, channels, senders)
        return [*report, *_ALSO_IN_MEMORY, *_STATEMENT]
    except CONNECTION_ERRORS as error:
        summary = f"must lead to a Redis that can be read, got {type(error).__name__}"
        fix = f"Use the address of a user that may run GET, SCAN and PTTL on the keys {PREFIX}*"
        raise ConfigurationError([Problem("REDIS_URL", summary, fix)]) from None


def _report(
    client: Any, secret: str, channels: Collection[str], senders: Collection[str]
) -> Iterator[str]:
    scanned = client.scan_iter(match=f"{PREFIX}*", count=1000)
    keys = {key for key in scanned if _PSEUDONYM.fullmatch(key[-32:])}
    salt = client.get(SALT_KEY)
    records = _records(client, daily_secret(secret, salt), keys, channels, senders) if salt else {}
    yield from map(str, records.values())
    if not salt:
        yield _NO_SALT
    elif not records:
        yield f"Redis holds nothing about this number on {', '.join(channels)}."
    others = len(keys) - len(records)
    yield f"Keys of other people: {others}. They contain no number, and cannot be traced to one."


def _records(
    client: Any,
    secret: bytes,
    keys: Collection[str],
    channels: Collection[str],
    senders: Collection[str],
) -> dict[str, Record]:
    """Return the record under each key that belongs to one of the senders, with any label."""
    labels = {key[len(PREFIX) : -32] for key in keys}
    own_keys = {
        f"{PREFIX}{label}{pseudonym(secret, label + channel, sender)[-32:]}": (channel, label)
        for label in labels
        for channel in channels
        for sender in senders
    }
    records = {}
    for key in sorted(own_keys.keys() & set(keys)):
        value, milliseconds = client.get(key), client.pttl(key)
        if value is not None:
            records[key] = Record(*own_keys[key], value, milliseconds)
    return records


def _meaning(tag: str) -> str:
    return "was shown the list of languages" if tag == "?" else "gets replies in the language"


def _senders(number: str) -> set[str]:
    """Return the forms in which channels may write a number or a WhatsApp name.

    Raises:
        ConfigurationError: it is empty, or has no country code, so that nothing would be found.
    """
    compact = _SEPARATORS.sub("", number)
    if not compact or (compact.isdecimal() and not compact.startswith("00")):
        fix = "Write it with the country code, as in +47..."
        raise ConfigurationError([Problem("NUMBER", "must have a country code, got none", fix)])
    if international := _INTERNATIONAL.fullmatch(compact):
        digits = international[1]
        # The last is for Kannel: some phone companies leave out the country code.
        national = digits.removeprefix(_NORWAY)
        return {f"+{digits}", digits, f"00{digits}", f"whatsapp:+{digits}", national}
    return {number.strip(), compact, f"whatsapp:{number.strip()}"}
