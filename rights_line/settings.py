"""The environment variables of the line: read once, validated once.

Checks of single values come first, then the table of all variables, from which `make docs` writes
docs/configuration.md, then `Settings`. A channel validates the variables of its provider.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, Self
from urllib.parse import urlsplit

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rights_line.core.limits import DAILY, HOURLY
from rights_line.core.model import Contact
from rights_line.errors import ConfigurationError, Problem

# Schemes that redis-py and sessions/redis/client.py open.
REDIS_SCHEMES = (
    *("redis://", "rediss://", "unix://", "redis+sentinel://", "rediss+sentinel://"),
    *("redis+cluster://", "rediss+cluster://"),
)

Check = Callable[[str], object]


def matches(pattern: str) -> Check:
    """Return the check that a whole value matches a pattern."""
    return re.compile(pattern).fullmatch


def parts_of(value: str) -> tuple[str, ...]:
    """Return the parts of a comma-separated value, without blanks around them."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def are_service_codes(value: str) -> bool:
    """Whether each part is a USSD service code and its input, such as `*384*7#=9`."""
    return all(re.fullmatch("[^=]*#=.+", part) for part in parts_of(value))


def is_public_url(url: str) -> bool:
    """Whether a path can be appended to a URL, and the URL can be printed on cards."""
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return has_host and bool(re.fullmatch(r"https?://[^/?#\s@]+(?:/[^?#\s]*[^/?#\s])?", url))


def is_redis_url(url: str) -> bool:
    """Whether a Redis client can be made for a URL.

    An @ after the host ends a password that contains an unescaped / or #; the host is then wrong.
    """
    if not url.startswith(REDIS_SCHEMES):
        return False
    try:
        parts = urlsplit(url)
        if parts.scheme != "unix" and "@" in parts.path + parts.fragment:
            return False
        hosts = parts.netloc.rpartition("@")[2].split(",")
        ports = [urlsplit(f"//{host}").port for host in hosts]
    except ValueError:
        return False
    match parts.scheme.partition("+")[2]:
        case "sentinel":
            return bool(parts.path.strip("/")) and all(ports)
        case "cluster":
            return parts.path in ("", "/", "/0") and 0 not in ports
    return 0 not in ports and len(hosts) == 1


class Variable(NamedTuple):
    """An environment variable that the line reads.

    Attributes:
        name: the name.
        default: the value, or the behaviour, while it is unset or empty (Markdown).
        meaning: one sentence for the operator (Markdown).
        is_valid: the check of a value that is set. Checks that need other variables or the content
            are below, those of one channel in its file.
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
    """Yield a problem for each of the named variables that is set to an invalid value.

    A variable that only its channel knows holds that channel's token.
    """
    for name in names:
        variable, value = VARIABLES.get(name) or _token(name, _TOKEN), environ.get(name)
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
            "Write it with its country code, as +..., since a sender's SIM card may be foreign",
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
            "`approved`: approved texts, and the helplines alone in languages whose core is not "
            "approved; `drafts`: all texts in all languages.",
            matches("approved|drafts"),
            'must be "approved" or "drafts", got "{value}"',
            "Set it to one of them, or remove it",
        ),
        Variable(
            "RIGHTS_LINE_TEXTS",
            "the checkout, else the texts of the installed package",
            "Folder that holds `content/` and `locales/`.",
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
            f"URL of a Redis or Valkey without persistence (`{'`, `'.join(REDIS_SCHEMES)}`; "
            "[several hosts](deploy.md#several-redis-servers)); the characters / # ? @ % of a "
            "password are percent-encoded; `?ssl_ca_certs=FILE` names a private CA.",
            is_redis_url,
            "must be a Redis URL such as redis://user:password@host:6379/0",
            f"Start it with {', '.join(REDIS_SCHEMES[:-1])} or {REDIS_SCHEMES[-1]}; give each "
            "sentinel a port, and the name of the service as path (host:26379,host:26379/service); "
            "percent-encode user and password: / is %2F, # is %23, ? is %3F, @ is %40, % is %25",
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
        Variable("PORT", "8000 on 127.0.0.1", "Port, at all addresses; `--listen` overrides it."),
    ),
    "Counts": (
        Variable(
            "RIGHTS_LINE_METRICS",
            "off",
            "Address of the Prometheus metrics of `rights-line serve`, such as `127.0.0.1:9100`; "
            "one for each instance ([metrics.md](metrics.md)).",
            matches(r"(?:[0-9.]+|\[[0-9A-Fa-f:]+\]|[0-9A-Za-z.-]+):[1-9][0-9]{0,4}"),
            'must be an address and a port, got "{value}"',
            "Write 127.0.0.1:9100",
        ),
        Variable(
            "RIGHTS_LINE_COUNTS",
            "off",
            "File in which `rights-line serve` counts answers by language and by topic, in tens "
            "per quarter ([ADR 19](adr/0019-counting.md)).",
            matches("/.+"),
            'must be an absolute path, got "{value}"',
            "Write /var/lib/rights-line/counts.json",
        ),
    ),
}
VARIABLES: Mapping[str, Variable] = {row.name: row for rows in GROUPS.values() for row in rows}
KNOWN = tuple(VARIABLES)

Serve = Literal["approved", "drafts"]

SECRET_LENGTH = 32
# One token per channel: its holder can send as any sender, on that channel only.
CHANNEL_TOKENS = ("KANNEL_TOKEN", "AFRICASTALKING_TOKEN")
SHARED_TOKEN = "WEBHOOK_TOKEN"  # noqa: S105 - the name of a deprecated variable
OUR_PREFIX = "RIGHTS_LINE_"
COUNTING = ("RIGHTS_LINE_METRICS", "RIGHTS_LINE_COUNTS")  # used by `rights-line serve` alone
_MAX_TYPOS = 2  # in names that other programs may set, too


@dataclass(frozen=True)
class Settings:
    """The operator's choices that concern all channels; the table above explains each.

    Strings are empty, and `hsts` is None, if the variable is unset.
    """

    redis_url: str
    secret: str
    serve: Serve
    languages: tuple[str, ...]
    hourly: int
    daily: int
    audio_url: str
    public_url: str
    number: str
    ussd: str
    hsts: int | None
    metrics: str
    counts: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables.

        Raises:
            ConfigurationError: with a problem for each invalid variable.
        """
        names = [name for name in KNOWN if name.startswith(OUR_PREFIX)]
        problems = [*variable_problems(environ, "REDIS_URL", *names), *_store_problems(environ)]
        if problems:
            raise ConfigurationError(problems)
        return cls(
            redis_url=environ.get("REDIS_URL", ""),
            secret=environ.get("RIGHTS_LINE_SECRET", ""),
            serve="drafts" if environ.get("RIGHTS_LINE_SERVE") == "drafts" else "approved",
            languages=split_list(environ, "RIGHTS_LINE_LANGUAGES"),
            hourly=int(environ.get("RIGHTS_LINE_HOURLY") or HOURLY),
            daily=int(environ.get("RIGHTS_LINE_DAILY") or DAILY),
            audio_url=environ.get("RIGHTS_LINE_AUDIO_URL", ""),
            public_url=environ.get("RIGHTS_LINE_PUBLIC_URL", ""),
            number=environ.get("RIGHTS_LINE_NUMBER", ""),
            ussd=environ.get("RIGHTS_LINE_USSD", ""),
            hsts=int(hsts) if (hsts := environ.get("RIGHTS_LINE_HSTS")) else None,
            metrics=environ.get("RIGHTS_LINE_METRICS", ""),
            counts=environ.get("RIGHTS_LINE_COUNTS", ""),
        )


def _store_problems(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each variable that REDIS_URL, set or unset, makes invalid."""
    redis_url = environ.get("REDIS_URL")
    secret = environ.get("RIGHTS_LINE_SECRET", "")
    if redis_url and (len(secret) < SECRET_LENGTH or not secret.isprintable()):
        problem = f"must have {SECRET_LENGTH} or more printable characters if REDIS_URL is set"
        fix = "Set it to the output of `openssl rand -base64 48`, and keep it nowhere else"
        yield Problem("RIGHTS_LINE_SECRET", problem, fix)


def language_problems(environ: Mapping[str, str], known: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each tag of RIGHTS_LINE_LANGUAGES that is not one of the known tags."""
    for tag in split_list(environ, "RIGHTS_LINE_LANGUAGES"):
        if tag not in known:
            fix = f"Use: {', '.join(known)}"
            yield Problem("RIGHTS_LINE_LANGUAGES", f'unknown language "{tag}"', fix)


def number_problems(environ: Mapping[str, str], contacts: Iterable[Contact]) -> Iterator[Problem]:
    """Yield a problem if RIGHTS_LINE_NUMBER is the number of a helpline, which pages would show."""
    number = environ.get("RIGHTS_LINE_NUMBER", "").replace(" ", "")
    for contact in contacts:
        if number and number in (contact.code, contact.e164):
            problem = f"must be the line's own number, got that of {contact.name}"
            fix = "Write the number that receives the line's SMS"
            yield Problem("RIGHTS_LINE_NUMBER", problem, fix)


def split_list(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the parts of a comma-separated variable."""
    return parts_of(environ.get(name, ""))


def token_variable(name: str, environ: Mapping[str, str]) -> str:
    """Return the variable to read instead of `name`: WEBHOOK_TOKEN for a token that is not set."""
    is_shared = name in CHANNEL_TOKENS and not environ.get(name) and environ.get(SHARED_TOKEN)
    return SHARED_TOKEN if is_shared else name


def twilio_tokens(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the auth tokens, the current one first; there are two while the token is rotated."""
    return split_list(environ, "TWILIO_AUTH_TOKEN")


def variable_warnings(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each variable that the operator should rename or remove.

    None of them stops the line: a platform may have set the variable for another program.
    """
    if environ.get(SHARED_TOKEN):
        yield f"{SHARED_TOKEN} is deprecated; set {' and '.join(CHANNEL_TOKENS)}, each to its own"
    known = [name for name in KNOWN if name != "PORT"]  # too short: HOST differs in two letters
    unset = [name for name in known if not environ.get(name)]
    for name in sorted(set(environ) - set(KNOWN)):
        near = _nearest(name, unset, _MAX_TYPOS)
        if not near and name.upper().startswith(OUR_PREFIX):
            near = _nearest(name, known)
        if near:
            yield f"{name} is not a variable of rights-line; did you mean {near}?"


def _nearest(name: str, known: Collection[str], max_typos: int | None = None) -> str:
    """Return the known name with the fewest differing letters, at most `max_typos`; else ""."""
    found = process.extractOne(name.upper(), known, scorer=OSA.distance, score_cutoff=max_typos)
    return found[0] if found else ""
