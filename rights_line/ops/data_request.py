"""What is held about a number? For whoever must answer a legal demand.

It reads the deployment's Redis, changes nothing there, and never writes the number.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rights_line.errors import ConfigurationError, Problem
from rights_line.sessions import PREFIX, daily_secret, pseudonym
from rights_line.sessions.redis_client import CONNECTION_ERRORS, client_factory
from rights_line.sessions.redis_store import SALT_KEY
from rights_line.settings import Settings

_BLANKS = re.compile(r"[\s().-]")
_INTERNATIONAL = re.compile(r"(?:\+|00)([1-9]\d{6,14})")
_NORWAY = "47"
_PSEUDONYM = re.compile("[0-9a-f]{32}")

_ONLY_THE_PROCESS = (
    "REDIS_URL is not set: what is remembered is in the memory of the running process, under a key",
    "that it made itself, which this command cannot read. The language is gone ten minutes after",
    "the last message, the count ten minutes after the first (while a limit of all senders is",
    "reached: when the hour is over), and both when the process ends.",
)
_PROCESSES_TOO = (
    "Each running process counts answers as well, in its own memory, for ten minutes (while a",
    "limit of all senders is reached: until the hour is over) and under a key that it made itself.",
    "If Redis fails, it also notes the keys of senders whose choice it could not write, for ten",
    "minutes. This command can read neither.",
)
_NO_SALT = "The salt of the day is gone, and no new one was made: nobody can tell whose a key is."
_STATEMENT = (
    "Kept nowhere, and so not to be had: the number, what was written and answered, message ids,",
    "addresses, anything from before that, and all of who dials or calls.",
    "Bytes of a message may be left in free memory of the process; nothing leads to them.",
    "Held by others: the phone, the phone company, the gateway's provider. Twilio lists number,",
    "texts and calls until `rights-line purge-twilio` deletes them. See PRIVACY.md.",
)


@dataclass(frozen=True)
class Record:
    """One thing that Redis holds about a number; `label` is "" for the tag."""

    channel: str
    label: str
    value: str
    milliseconds: int

    def __str__(self) -> str:
        end = f"gone in {self.milliseconds / 1000:.0f} seconds"
        if self.milliseconds < 0:
            end = "WITHOUT AN END: that is a fault of the line, report it"
        return f"{self.channel}: {self.label or _meaning(self.value)} {self.value}, {end}."


def data_held(environ: Mapping[str, str], number: str, channels: Collection[str]) -> list[str]:
    """Return, line by line, what is held and what cannot be known.

    Raises:
        Refused: the variables are wrong, Redis does not answer, or the number is incomplete.
    """
    settings = Settings.from_environ(environ)
    senders = _senders(number)
    if not settings.redis_url:
        return [*_ONLY_THE_PROCESS, *_STATEMENT]
    try:
        client = client_factory(settings.redis_url)()
        found = _report(client, settings.secret, channels, senders)
        return [*found, *_PROCESSES_TOO, *_STATEMENT]
    except CONNECTION_ERRORS as error:
        problem = f"leads to a Redis that cannot be read ({type(error).__name__})"
        remedy = f"Name a user who may GET, SCAN and PTTL the keys {PREFIX}*"
        raise ConfigurationError([Problem("REDIS_URL", problem, remedy)]) from None


def _report(
    client: Any, secret: str, channels: Collection[str], senders: Collection[str]
) -> Iterator[str]:
    known = client.scan_iter(match=f"{PREFIX}*", count=1000)
    keys = {key for key in known if _PSEUDONYM.fullmatch(key[-32:])}
    salt = client.get(SALT_KEY)
    held = _records(client, daily_secret(secret, salt), keys, channels, senders) if salt else {}
    yield from map(str, held.values())
    if not salt:
        yield _NO_SALT
    elif not held:
        yield f"Redis holds nothing about this number on {', '.join(channels)}."
    others = len(keys) - len(held)
    yield f"Keys of other people: {others}. They hold no number, and lead to none."


def _records(
    client: Any,
    secret: bytes,
    keys: Collection[str],
    channels: Collection[str],
    senders: Collection[str],
) -> dict[str, Record]:
    """Return what is hers among all keys, whatever the labels that they have."""
    labels = {key[len(PREFIX) : -32] for key in keys}
    hers = {
        f"{PREFIX}{label}{pseudonym(secret, label + channel, sender)[-32:]}": (channel, label)
        for label in labels
        for channel in channels
        for sender in senders
    }
    held = {}
    for key in sorted(hers.keys() & set(keys)):
        value, left = client.get(key), client.pttl(key)
        if value is not None:
            held[key] = Record(*hers[key], value, left)
    return held


def _meaning(tag: str) -> str:
    return "was shown the languages" if tag == "?" else "is answered in the language"


def _senders(number: str) -> set[str]:
    """Return what gateways may call a person who has a number, or who is called so.

    Raises:
        Refused: there is none, or the country is missing: then nothing would be found.
    """
    compact = _BLANKS.sub("", number)
    if not compact or (compact.isdecimal() and not compact.startswith("00")):
        remedy = "Write it with its country, +47..., as gateways do"
        raise ConfigurationError([Problem("NUMBER", "is not there, or has no country", remedy)])
    if international := _INTERNATIONAL.fullmatch(compact):
        digits = international[1]
        # The last is Kannel's, where the phone company leaves the country out.
        national = digits.removeprefix(_NORWAY)
        return {f"+{digits}", digits, f"00{digits}", f"whatsapp:+{digits}", national}
    return {number.strip(), compact, f"whatsapp:{number.strip()}"}
