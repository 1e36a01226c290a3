"""The answer to a data request: all data that is held about a number.

It only reads the Redis of the deployment, and never prints the number.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from rights_line.channels import registered_channels
from rights_line.core import tags
from rights_line.errors import ConfigurationError, Problem
from rights_line.sessions import PREFIX, daily_session_secret, session_pseudonym
from rights_line.sessions.redis_client import CONNECTION_ERRORS, redis_client_factory
from rights_line.sessions.redis_script import SALT_KEY
from rights_line.settings import Settings

_IN_MEMORY = (
    "Each running process also counts replies in memory, for ten minutes (while a limit of all",
    "senders is reached, until the end of the hour). Without Redis it holds the languages of",
    "senders, with Redis the keys of those whose language could not be stored, for an hour.",
    "This command cannot read the memory of the running process, which is gone when the process",
    "ends.",
)
_STATEMENT = (
    "Not stored anywhere: the number, the texts of messages and replies, message ids, addresses,",
    "earlier sessions, and anything about people who dial the USSD code or call.",
    "Bytes of a message may remain in freed memory of the process, where nothing refers to them.",
    "Held by others: the phone, the phone company and the provider. Twilio lists number, texts and",
    "calls until `rights-line purge-twilio` deletes them. See PRIVACY.md.",
)


def answer(environ: Mapping[str, str], number: str) -> list[str]:
    """Return the answer line by line: the data that is held, and what cannot be known.

    Args:
        environ: the environment variables.
        number: a phone number with its country code, or a WhatsApp name.

    Raises:
        ConfigurationError: a variable is invalid, Redis does not answer, or the number has no
            country code.
    """
    settings, senders = Settings.from_environ(environ), _senders(number)
    if not settings.redis_url:
        return ["REDIS_URL is not set.", *_IN_MEMORY, *_STATEMENT]
    try:
        client = redis_client_factory(settings.redis_url)()
        stored = list(_requested_data(client, settings.secret, senders))
    except CONNECTION_ERRORS as error:
        summary = f"must lead to a Redis that can be read, got {type(error).__name__}"
        fix = f"Use the address of a user that may run GET, SCAN and PTTL on the keys {PREFIX}*"
        raise ConfigurationError([Problem("REDIS_URL", summary, fix)]) from None
    return [*stored, *_IN_MEMORY, *_STATEMENT]


def _requested_data(client: Any, secret: str, senders: Collection[str]) -> Iterator[str]:
    salt = client.get(SALT_KEY) or ""
    scanned = client.scan_iter(match=f"{PREFIX}*", count=1000)
    keys = {key for key in scanned if re.fullmatch("[0-9a-f]{32}", key[-32:])}
    own = {
        session_pseudonym(daily_session_secret(secret, salt), channel, sender, label): channel
        for label in {key[len(PREFIX) : -32] for key in keys}
        for channel in registered_channels()
        for sender in (*senders, *(f"{channel}:{one}" for one in senders))
    }
    lines = [
        _line(own[key], key[len(PREFIX) : -32], value, client.pttl(key))
        for key in sorted(own.keys() & keys)
        if (value := client.get(key)) is not None  # it may just have expired
    ]
    nothing = "Redis holds nothing about this number."
    expired = "The salt has expired, so the remaining keys cannot be matched to any number."
    yield from lines or [nothing if salt else expired]
    others = len(keys) - len(lines)
    yield f"Other keys, of people and of messages: {others}."
    yield "They contain no number, and cannot be traced to one."


def _line(channel: str, label: str, value: str, milliseconds: int) -> str:
    is_list = tags.is_awaiting(value)
    meaning = "was shown the list of languages" if is_list else "gets replies in the language"
    expiry = f"expires in {milliseconds / 1000:.0f} seconds"
    if milliseconds == -1:
        expiry = "NEVER EXPIRES: this is a bug, please report it"
    return f"{channel}: {label or meaning} {value}, {expiry}."


def _senders(number: str) -> set[str]:
    """Return the forms in which channels may write a number or a WhatsApp name."""
    compact = re.sub(r"[\s().-]", "", number)
    if international := re.fullmatch(r"(?:\+|00)([1-9]\d{6,14})", compact):
        digits = international[1]
        forms = {f"+{digits}", digits, f"00{digits}", f"whatsapp:+{digits}"}
        # Kannel: some phone companies leave out the country code.
        return forms | {digits.removeprefix("47")}
    if not compact or compact.isdecimal():
        fix = "Write it with the country code, as in +..."
        raise ConfigurationError([Problem("NUMBER", "must have a country code, got none", fix)])
    return {number.strip(), compact, f"whatsapp:{number.strip()}"}
