"""The environment variables of the line: read once, validated once."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Self
from urllib.parse import urlsplit

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rights_line.core.model import Contact
from rights_line.core.rate_limit import DAILY, HOURLY
from rights_line.errors import ConfigurationError, Problem

Serve = Literal["approved", "drafts"]

# Schemes that redis-py and sessions/addresses.py open.
REDIS_SCHEMES = ("redis://", "rediss://", "unix://", "redis+sentinel://", "redis+cluster://")
SECRET_LENGTH = 32
_SECONDS = re.compile(r"[0-9]{1,8}")
_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
# With the country code, since a SIM card may be foreign; or a short code.
_PHONE_NUMBER = re.compile(r"\+[1-9](?: ?[0-9]){6,14}|[1-9][0-9]{3,5}")
_USSD_CODE = re.compile(r"(?=.{3,16}$)[*#]{1,2}[0-9]{1,8}(?:\*[0-9]{1,8}){0,4}#")
_HTTPS_URL = re.compile(r"https://[^/?#\s]+(?:/[^?#\s]*[^/?#\s])?")


@dataclass(frozen=True)
class Settings:
    """The choices of the operator.

    Attributes:
        redis_url: REDIS_URL; unset: memory, for one process.
        secret: RIGHTS_LINE_SECRET, at least 32 characters; required with REDIS_URL.
        serve: RIGHTS_LINE_SERVE, `approved` or `drafts`.
        languages: RIGHTS_LINE_LANGUAGES, tags to offer; unset: all.
        hourly: RIGHTS_LINE_HOURLY, full replies an hour to all senders together.
        daily: RIGHTS_LINE_DAILY, full replies a day to all senders together.
        audio_url: RIGHTS_LINE_AUDIO_URL, where recordings are; unset: no recordings.
        public_url: RIGHTS_LINE_PUBLIC_URL, the address of the line; unset: not known.
        number: RIGHTS_LINE_NUMBER, where the line receives SMS; unset: pages offer no SMS.
        ussd: RIGHTS_LINE_USSD, the code to dial; unset: pages offer no USSD.
        hsts: RIGHTS_LINE_HSTS, seconds for which browsers use only TLS; unset: no such header.
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

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables.

        Raises:
            Refused: with a fault for each malformed variable.
        """
        if faults := list(_problems(environ)):
            raise ConfigurationError(faults)
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
        )


def language_problems(environ: Mapping[str, str], known: Collection[str]) -> Iterator[Problem]:
    """Yield a fault for each tag of RIGHTS_LINE_LANGUAGES that the line does not offer."""
    for tag in split_list(environ, "RIGHTS_LINE_LANGUAGES"):
        if tag not in known:
            remedy = f"Use: {', '.join(known)}"
            yield Problem("RIGHTS_LINE_LANGUAGES", f'unknown language "{tag}"', remedy)


def number_problems(environ: Mapping[str, str], contacts: Iterable[Contact]) -> Iterator[Problem]:
    """Yield a fault if the line's number is a helpline's: pages would say to text it."""
    number = environ.get("RIGHTS_LINE_NUMBER", "").replace(" ", "")
    for contact in contacts:
        if number and number in (contact.code, contact.e164):
            problem = f"must be the line's own number, got that of {contact.name}"
            remedy = "Write the number that receives the line's SMS"
            yield Problem("RIGHTS_LINE_NUMBER", problem, remedy)


def _is_redis_url(url: str) -> bool:
    """Whether a Redis client can be made for a URL; nothing is connected to.

    An @ behind the host is the end of a password that holds a / or #, and the host is wrong.
    """
    if not url.startswith(REDIS_SCHEMES):
        return False
    try:
        parts = urlsplit(url)
        if parts.scheme != "unix" and "@" in parts.path + parts.fragment:
            return False
        hosts = parts.netloc.rpartition("@")[2].split(",")
        if url.startswith("redis+sentinel://"):
            return bool(parts.path.strip("/")) and all(urlsplit(f"//{host}").port for host in hosts)
        return parts.port != 0
    except ValueError:
        return False


def _problems(environ: Mapping[str, str]) -> Iterator[Problem]:
    yield from _memory_faults(environ)
    yield from public_url_faults(environ)
    audio_url = environ.get("RIGHTS_LINE_AUDIO_URL")
    if audio_url and not _HTTPS_URL.fullmatch(audio_url):
        problem = "must be an https URL without trailing slash or query"
        yield Problem("RIGHTS_LINE_AUDIO_URL", problem, "Write https://host/path")
    for name, default, period in (
        ("RIGHTS_LINE_HOURLY", HOURLY, "an hour"),
        ("RIGHTS_LINE_DAILY", DAILY, "a day"),
    ):
        if not _NUMBER.fullmatch(value := environ.get(name) or str(default)):
            problem = f'must be a whole number from 1 to 9999999, got "{value}"'
            remedy = f"Set it to the full replies {period} that you can pay for, such as {default}"
            yield Problem(name, problem, remedy)
    if (number := environ.get("RIGHTS_LINE_NUMBER")) and not _PHONE_NUMBER.fullmatch(number):
        problem = f'must be an E.164 number or a 4-6 digit short code, got "{number}"'
        yield Problem("RIGHTS_LINE_NUMBER", problem, "Write it with its country code, +47 ...")
    if (ussd := environ.get("RIGHTS_LINE_USSD")) and not _USSD_CODE.fullmatch(ussd):
        problem = f'must be a USSD code such as *123#, got "{ussd}"'
        yield Problem("RIGHTS_LINE_USSD", problem, "Write it as it is dialled")
    if (hsts := environ.get("RIGHTS_LINE_HSTS")) and not _SECONDS.fullmatch(hsts):
        problem = f'must be a whole number of seconds, at most 8 digits, got "{hsts}"'
        remedy = "Unset it, so that phones store nothing of a visit"
        yield Problem("RIGHTS_LINE_HSTS", problem, remedy)
    if (serve := environ.get("RIGHTS_LINE_SERVE")) not in (None, "", "approved", "drafts"):
        problem = f'must be "approved" or "drafts", got "{serve}"'
        yield Problem("RIGHTS_LINE_SERVE", problem, "Set it to one of them, or remove it")


def _memory_faults(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a fault for each variable with which sessions could not be kept."""
    redis_url = environ.get("REDIS_URL", "")
    if redis_url and not _is_redis_url(redis_url):
        # The value is not shown: it may hold a password.
        problem = "is not a valid Redis URL, such as redis://user:password@host:6379/0"
        remedy = (
            f"Start it with {', '.join(REDIS_SCHEMES[:-1])} (with ports, and /service at the end) "
            f"or {REDIS_SCHEMES[-1]}, and percent-encode user and password: / is %2F, # is %23, "
            "? is %3F, @ is %40, % is %25"
        )
        yield Problem("REDIS_URL", problem, remedy)
    secret = environ.get("RIGHTS_LINE_SECRET", "")
    if redis_url and (len(secret) < SECRET_LENGTH or not secret.isprintable()):
        problem = f"must have {SECRET_LENGTH} or more printable characters if REDIS_URL is set"
        remedy = "Set it to what `openssl rand -base64 48` prints, and keep it nowhere else"
        yield Problem("RIGHTS_LINE_SECRET", problem, remedy)
    processes = environ.get("WEB_CONCURRENCY", "1")
    if not redis_url and processes != "1":
        problem = f'must be 1 without REDIS_URL, got "{processes}": processes share no memory'
        yield Problem("WEB_CONCURRENCY", problem, "Set it to 1, or set REDIS_URL")


# A token per channel: its holder can ask in the name of any sender, on that channel alone.
CHANNEL_TOKENS = ("KANNEL_TOKEN", "AFRICASTALKING_TOKEN")
SHARED = "WEBHOOK_TOKEN"  # deprecated

# Without credentials: the address is printed on cards.
_PUBLIC_URL = re.compile(r"https?://[^/?#\s@]+(?:/[^?#\s]*[^/?#\s])?")
_ACCOUNT_SID = re.compile(r"AC[0-9a-f]{32}")


def split_list(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the parts of a comma-separated variable."""
    return tuple(part.strip() for part in environ.get(name, "").split(",") if part.strip())


def token_variable(name: str, environ: Mapping[str, str]) -> str:
    """Return the variable to read for `name`: WEBHOOK_TOKEN if a channel has no own token."""
    is_shared = name in CHANNEL_TOKENS and not environ.get(name) and environ.get(SHARED)
    return SHARED if is_shared else name


def public_url_faults(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a fault if RIGHTS_LINE_PUBLIC_URL is set, and no path can be appended to it."""
    url = environ.get("RIGHTS_LINE_PUBLIC_URL", "")
    if url and not (_PUBLIC_URL.fullmatch(url) and _has_usable_port(url)):
        # The value is not shown: it may hold a password.
        yield Problem(
            "RIGHTS_LINE_PUBLIC_URL",
            "must be an http(s) URL without trailing slash, query or credentials",
            "Write https://line.example.org",
        )


def twilio_tokens(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the auth tokens: two while the token is rotated, of which the first is current."""
    return split_list(environ, "TWILIO_AUTH_TOKEN")


def twilio_faults(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a fault for each variable of the Twilio account that is set and malformed."""
    remedy = "Copy it from the first page of Twilio's console"
    if environ.get("TWILIO_AUTH_TOKEN") and not twilio_tokens(environ):
        yield Problem("TWILIO_AUTH_TOKEN", "must hold a token, got only commas and spaces", remedy)
    sid = environ.get("TWILIO_ACCOUNT_SID", "")
    if sid and not _ACCOUNT_SID.fullmatch(sid):
        # The value is not shown: it may be the token, in the wrong variable.
        yield Problem("TWILIO_ACCOUNT_SID", "must be AC followed by 32 hex digits", remedy)


def _has_usable_port(url: str) -> bool:
    """Whether a URL has no port, or one that can be connected to."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


# PORT is gunicorn's, and too short to tell from others' names.
KNOWN = (
    *("AFRICASTALKING_CODES", "AFRICASTALKING_TOKEN", "CHANNELS", "KANNEL_TOKEN"),
    *("REDIS_DOCTOR_URL", "REDIS_URL"),
    *("RIGHTS_LINE_AUDIO_URL", "RIGHTS_LINE_DAILY", "RIGHTS_LINE_HOURLY", "RIGHTS_LINE_HSTS"),
    "RIGHTS_LINE_LANGUAGES",
    *("RIGHTS_LINE_NUMBER", "RIGHTS_LINE_PUBLIC_URL", "RIGHTS_LINE_SECRET", "RIGHTS_LINE_SERVE"),
    *("RIGHTS_LINE_USSD", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_VOICE_CONNECT"),
    *("WEBHOOK_TOKEN", "WEB_CONCURRENCY"),
)
_OUR_PREFIX = "RIGHTS_LINE_"
_MAX_TYPOS = 2  # in names that other programs may set, too


def variable_warnings(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each variable that the operator should rename or remove.

    The line starts all the same: a platform or an orchestrator may have set it for another program.
    """
    if environ.get(SHARED):
        yield f"{SHARED} is deprecated; set {' and '.join(CHANNEL_TOKENS)}, each to its own"
    unset = [name for name in KNOWN if not environ.get(name)]
    for name in sorted(set(environ) - set(KNOWN)):
        near = _nearest(name, unset, _MAX_TYPOS)
        if not near and name.upper().startswith(_OUR_PREFIX):
            near = _nearest(name, KNOWN)
        if near:
            yield f"{name} is not a variable of rights-line; did you mean {near}?"


def _nearest(name: str, known: Collection[str], most: int | None = None) -> str:
    """Return the known name that differs in fewest letters, and in `most` at most; or ""."""
    found = process.extractOne(name.upper(), known, scorer=OSA.distance, score_cutoff=most)
    return found[0] if found else ""
