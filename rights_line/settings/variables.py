"""The table of the environment variables; `make docs` writes docs/configuration.md from it."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rights_line.core.rate_limit import DAILY, HOURLY
from rights_line.errors import Problem
from rights_line.settings.checks import (
    REDIS_SCHEMES,
    Check,
    are_service_codes,
    is_public_url,
    is_redis_url,
    matches,
)


class Variable(NamedTuple):
    """An environment variable that the line reads.

    Attributes:
        name: the name.
        default: the value, or the behaviour, while it is unset or empty (Markdown).
        meaning: one sentence for the operator (Markdown).
        is_valid: the check of a value that is set. Checks that need other variables or the content
            are elsewhere.
        must: the message for an invalid value; `{value}` stands for it, unless it may be a secret.
        fix: how to correct an invalid value.
        is_secret: whether only the operator may know the value.
    """

    name: str
    default: str
    meaning: str
    is_valid: Check = bool
    must: str = ""
    fix: str = ""
    is_secret: bool = False


def variable_problems(environ: Mapping[str, str], *names: str) -> Iterator[Problem]:
    """Yield a problem for each of the named variables that is set to an invalid value."""
    for name in names:
        variable, value = VARIABLES[name], environ.get(name)
        if value and not variable.is_valid(value):
            yield Problem(name, variable.must.format(value=value), variable.fix)


def _limit(name: str, default: int, period: str) -> Variable:
    return Variable(
        name,
        f"`{default}`",
        f"Full replies {period} to all senders together ([ADR 7](adr/0007-rate-limits.md)).",
        matches("[1-9][0-9]{0,6}"),
        'must be a whole number from 1 to 9999999, got "{value}"',
        f"Set it to the full replies {period} that you can pay for, such as {default}",
    )


def _token(name: str, meaning: str) -> Variable:
    return Variable(
        name,
        "none",
        meaning,
        matches(" *[0-9A-Za-z_-]{20,} *(?:, *[0-9A-Za-z_-]{20,} *)*"),
        "must be 20 or more of A-Z a-z 0-9 - _",
        "Set it to the output of `openssl rand -hex 24`",
        is_secret=True,
    )


_TOKEN = "Secret at the end of this channel's webhook URL: `openssl rand -hex 24`."  # noqa: S105

GROUPS = {
    "The line": (
        Variable(
            "CHANNELS",
            "those whose required variables are set",
            "Channels, comma-separated: `twilio_sms`, `twilio_voice`, `kannel_sms`, "
            "`africastalking_ussd`, `try_it` (the simulator).",
        ),
        Variable(
            "RIGHTS_LINE_PUBLIC_URL",
            "none",
            "Base URL of the line, which Twilio signs, and which cards and QR codes show.",
            is_public_url,
            "must be an http(s) URL without trailing slash, query or credentials",
            "Write https://line.example.org",
        ),
        Variable(
            "RIGHTS_LINE_NUMBER",
            "no number on pages and cards",
            "Number that receives SMS, with country code, or short code; on pages and cards.",
            matches(r"\+[1-9](?: ?[0-9]){6,14}|[1-9][0-9]{3,5}"),
            'must be an E.164 number or a 4-6 digit short code, got "{value}"',
            "Write it with its country code, +47 ..., since a sender's SIM card may be foreign",
        ),
        Variable(
            "RIGHTS_LINE_USSD",
            "no code on pages and cards",
            "USSD code of the line, such as `*384*7#`; on pages and cards.",
            matches(r"(?=.{3,16}$)[*#]{1,2}[0-9]{1,8}(?:\*[0-9]{1,8}){0,4}#"),
            'must be a USSD code such as *123#, got "{value}"',
            "Write it as it is dialled",
        ),
        Variable(
            "RIGHTS_LINE_SERVE",
            "`approved`",
            "`approved`: the helplines alone in languages that are not approved; `drafts`: all "
            "texts in all languages.",
            matches("approved|drafts"),
            'must be "approved" or "drafts", got "{value}"',
            "Set it to one of them, or remove it",
        ),
        Variable("RIGHTS_LINE_LANGUAGES", "all", "Languages to offer, comma-separated: `pl,uk`."),
        Variable(
            "RIGHTS_LINE_AUDIO_URL",
            "no recordings",
            "Base URL of the recordings that callers hear.",
            matches(r"https://[^/?#\s]+(?:/[^?#\s]*[^/?#\s])?"),
            "must be an https URL without trailing slash or query",
            "Write https://host/path",
        ),
        Variable(
            "RIGHTS_LINE_HSTS",
            "no such header",
            "Seconds for which browsers use only TLS; phones then store the host and the time of "
            "the visit, until `0` deletes them.",
            matches("[0-9]{1,8}"),
            'must be a whole number of seconds, at most 8 digits, got "{value}"',
            "Unset it, so that phones store nothing of a visit",
        ),
    ),
    "Sessions": (
        Variable(
            "REDIS_URL",
            "the memory of one process",
            f"URL of a Redis or Valkey without persistence (`{'`, `'.join(REDIS_SCHEMES)}`); the "
            "characters / # ? @ % of a password are percent-encoded.",
            is_redis_url,
            "must be a Redis URL such as redis://user:password@host:6379/0",
            f"Start it with {', '.join(REDIS_SCHEMES[:-1])} (with ports, and /service at the end) "
            f"or {REDIS_SCHEMES[-1]}, and percent-encode user and password: / is %2F, # is %23, "
            "? is %3F, @ is %40, % is %25",
            is_secret=True,
        ),
        Variable(
            "RIGHTS_LINE_SECRET",
            "none",
            "Key of the pseudonyms in Redis, 32 characters or more; required with `REDIS_URL` "
            "(`openssl rand -base64 48`).",
            is_secret=True,
        ),
        Variable(
            "REDIS_DOCTOR_URL",
            "`REDIS_URL`",
            "URL with the user `doctor` of `deploy/redis/users.acl`, for `rights-line doctor`.",
            is_secret=True,
        ),
    ),
    "Rate limits": (
        _limit("RIGHTS_LINE_HOURLY", HOURLY, "an hour"),
        _limit("RIGHTS_LINE_DAILY", DAILY, "a day"),
    ),
    "Twilio": (
        Variable(
            "TWILIO_AUTH_TOKEN",
            "none",
            "Auth token of the account; required for `twilio_sms` and `twilio_voice`, with "
            "`RIGHTS_LINE_PUBLIC_URL`.",
            re.compile(r"[^,\s]").search,
            "must contain a token, got only commas and spaces",
            "Copy it from the first page of Twilio's console",
            is_secret=True,
        ),
        Variable(
            "TWILIO_ACCOUNT_SID",
            "any account that signs with the token",
            "Account to answer; `rights-line purge-twilio` and `rights-line doctor` need it.",
            matches("AC[0-9a-f]{32}"),
            "must be AC followed by 32 hex digits",  # not shown: it may be the token, misplaced
            "Copy it from the first page of Twilio's console",
        ),
        Variable(
            "TWILIO_VOICE_CONNECT",
            "off",
            "`yes` lets callers press 9 for ROSA, who sees `RIGHTS_LINE_NUMBER`, at your expense.",
            matches("yes"),
            'must be "yes" or unset, got "{value}"',
            "Set it to yes, or remove it",
        ),
    ),
    "Kannel and Africa's Talking": (
        _token("KANNEL_TOKEN", _TOKEN),
        _token("AFRICASTALKING_TOKEN", _TOKEN),
        Variable(
            "AFRICASTALKING_CODES",
            "none",
            "Service codes that start with some input: `*384*7#=9` starts in language 9, Polish.",
            are_service_codes,
            'must list service codes and their input, got "{value}"',
            "Write *384*7#=9,*384*8#=12",
        ),
        _token("WEBHOOK_TOKEN", "Deprecated: the token of both channels, unless each has its own."),
    ),
    "Server": (
        Variable("PORT", "8000 on 127.0.0.1", "Port, at all addresses; `--bind` overrides it."),
        Variable("WEB_CONCURRENCY", "`1`", "Worker processes; more than one need `REDIS_URL`."),
    ),
}
VARIABLES: Mapping[str, Variable] = {row.name: row for rows in GROUPS.values() for row in rows}
KNOWN = tuple(VARIABLES)
