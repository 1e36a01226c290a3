"""The variables that concern all channels; those of one channel stand in its file.

`make docs` writes docs/configuration.md from both.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from rights_line.core.limits import DAILY, HOURLY
from rights_line.settings import redis_url
from rights_line.settings.redis_url import SCHEMES
from rights_line.settings.variable import Variable, variable_matches


def _is_public(url: str) -> bool:
    """Whether a path can be appended to a URL, and the URL can be printed on cards."""
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return has_host and bool(re.fullmatch(r"https?://[^/?#\s@]+(?:/[^?#\s]*[^/?#\s])?", url))


def _limit_row(name: str, default: int, period: str) -> Variable:
    return Variable(
        name,
        f"`{default}`",
        f"Full replies {period} to all senders together ([ADR 7](adr/0007-rate-limits.md)).",
        variable_matches("[1-9][0-9]{0,6}"),
        'must be a whole number from 1 to 9999999, got "{value}"',
        f"Set it to the full replies {period} that you can pay for, such as {default}",
    )


GROUPS = {
    "The line": (
        Variable(
            "CHANNELS",
            "those whose required variables are set",
            "[Channels](#channels), comma-separated.",
        ),
        Variable(
            "RIGHTS_LINE_PUBLIC_URL",
            "none",
            "Base URL of the line, which Twilio signs, and which cards and QR codes show.",
            _is_public,
            "must be an http(s) URL without trailing slash, query or credentials",
            "Write https://line.example.org",
        ),
        Variable(
            "RIGHTS_LINE_NUMBER",
            "no number on pages and cards",
            "Number that receives SMS, with country code, or short code; on pages and cards.",
            variable_matches(r"\+[1-9](?: ?[0-9]){6,14}|[1-9][0-9]{3,5}"),
            'must be an E.164 number or a 4-6 digit short code, got "{value}"',
            "Write it with its country code, as +..., since a sender's SIM card may be foreign",
        ),
        Variable(
            "RIGHTS_LINE_USSD",
            "no code on pages and cards",
            "USSD code of the line, such as `*384*7#`; on pages and cards.",
            variable_matches(r"(?=.{3,16}$)[*#]{1,2}[0-9]{1,8}(?:\*[0-9]{1,8}){0,4}#"),
            'must be a USSD code such as *123#, got "{value}"',
            "Write it as it is dialled",
        ),
        Variable(
            "RIGHTS_LINE_OPERATOR",
            "screen 971 names nobody",
            "Name and address of the operator, who answers for the line; on screen 971.",
            variable_matches(r"[^\s{}](?:[^\n{}]{0,58}[^\s{}])?"),
            'must have at most 60 characters in one line, without braces, got "{value}"',
            "Write the name and a postal or web address, such as Hjelp AS, Storgata 1, Oslo",
        ),
        Variable(
            "RIGHTS_LINE_SERVE",
            "`approved`",
            "`approved`: approved texts, and the helplines alone in languages whose core is not "
            "approved; `drafts`: all texts in all languages.",
            variable_matches("approved|drafts"),
            'must be "approved" or "drafts", got "{value}"',
            "Set it to one of them, or remove it",
        ),
        Variable(
            "RIGHTS_LINE_TEXTS",
            "the checkout, else the texts of the installed package",
            "Folder that holds `content/` and `locales/`.",
        ),
        Variable(
            "RIGHTS_LINE_LIBRARY",
            "built from the texts, in `build/` beside them",
            "File of `rights-line build` to serve, as it is.",
        ),
        Variable("RIGHTS_LINE_LANGUAGES", "all", "Languages to offer, comma-separated: `pl,uk`."),
        Variable(
            "RIGHTS_LINE_AUDIO_URL",
            "no recordings",
            "Base URL of the recordings that callers hear.",
            variable_matches(r"https://[^/?#\s]+(?:/[^?#\s]*[^/?#\s])?"),
            "must be an https URL without trailing slash or query",
            "Write https://host/path",
        ),
    ),
    "Sessions": (
        Variable(
            "REDIS_URL",
            "the memory of one process",
            f"URL of a Redis or Valkey without persistence (`{'`, `'.join(SCHEMES)}`; "
            "[several hosts](deploy.md#several-redis-servers)); the characters / # ? @ % of a "
            "password are percent-encoded; `?ssl_ca_certs=FILE` names a private CA.",
            redis_url.is_valid,
            "must be a Redis URL such as redis://user:password@host:6379/0",
            f"Start it with {', '.join(SCHEMES[:-1])} or {SCHEMES[-1]}; give each "
            "sentinel a port, and the name of the service as path (host:26379,host:26379/service); "
            "percent-encode user and password: / is %2F, # is %23, ? is %3F, @ is %40, % is %25",
            is_secret=True,
        ),
        Variable(
            "RIGHTS_LINE_SECRET",
            "none",
            "Key of the pseudonyms in Redis, 32 characters or more, for `REDIS_URL` "
            "(`openssl rand -base64 48`).",
            is_secret=True,
            generate="openssl rand -base64 48",
        ),
        Variable(
            "REDIS_DOCTOR_URL",
            "`REDIS_URL`",
            "URL with the user `doctor` of `deploy/redis/users.acl`, for `rights-line doctor`.",
            is_secret=True,
        ),
    ),
    "Rate limits": (
        _limit_row("RIGHTS_LINE_HOURLY", HOURLY, "an hour"),
        _limit_row("RIGHTS_LINE_DAILY", DAILY, "a day"),
    ),
    "Server": (
        Variable("PORT", "8000 on 127.0.0.1", "Port, at all addresses; `--listen` overrides it."),
    ),
    "Counts": (
        Variable(
            "RIGHTS_LINE_METRICS",
            "off",
            "Address of the Prometheus metrics of `rights-line serve`, such as `127.0.0.1:9100`; "
            "one for each instance ([operations.md](operations.md#metrics)).",
            variable_matches(r"(?:[0-9.]+|\[[0-9A-Fa-f:]+\]|[0-9A-Za-z.-]+):[1-9][0-9]{0,4}"),
            'must be an address and a port, got "{value}"',
            "Write 127.0.0.1:9100",
        ),
        Variable(
            "RIGHTS_LINE_COUNTS",
            "off",
            "File in which `rights-line serve` counts answers by language and by topic, in tens "
            "per quarter ([D18](design.md#5-decisions)).",
            variable_matches("/.+"),
            'must be an absolute path, got "{value}"',
            "Write /var/lib/rights-line/counts.json",
        ),
    ),
}
VARIABLES: Mapping[str, Variable] = {row.name: row for rows in GROUPS.values() for row in rows}
