"""The environment variables of the line: read once, validated once.

The table of all variables is in `variables.py`; a channel validates the variables of its provider.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Self

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rights_line.core.model import Contact
from rights_line.core.rate_limit import DAILY, HOURLY
from rights_line.errors import ConfigurationError, Problem
from rights_line.settings.checks import parts_of
from rights_line.settings.variables import KNOWN, variable_problems

__all__ = [
    "CHANNEL_TOKENS",
    "KNOWN",
    "SHARED_TOKEN",
    "Serve",
    "Settings",
    "language_problems",
    "number_problems",
    "split_list",
    "token_variable",
    "twilio_tokens",
    "variable_problems",
    "variable_warnings",
]

Serve = Literal["approved", "drafts"]

SECRET_LENGTH = 32
# One token per channel: its holder can send as any sender, on that channel only.
CHANNEL_TOKENS = ("KANNEL_TOKEN", "AFRICASTALKING_TOKEN")
SHARED_TOKEN = "WEBHOOK_TOKEN"  # noqa: S105 - the name of a deprecated variable
OUR_PREFIX = "RIGHTS_LINE_"
_MAX_TYPOS = 2  # in names that other programs may set, too


@dataclass(frozen=True)
class Settings:
    """The operator's choices that concern all channels; `variables.py` explains each.

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
        )


def _store_problems(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each variable that REDIS_URL, set or unset, makes invalid."""
    redis_url = environ.get("REDIS_URL")
    secret = environ.get("RIGHTS_LINE_SECRET", "")
    if redis_url and (len(secret) < SECRET_LENGTH or not secret.isprintable()):
        problem = f"must have {SECRET_LENGTH} or more printable characters if REDIS_URL is set"
        fix = "Set it to the output of `openssl rand -base64 48`, and keep it nowhere else"
        yield Problem("RIGHTS_LINE_SECRET", problem, fix)
    processes = environ.get("WEB_CONCURRENCY", "1")
    if not redis_url and processes != "1":
        problem = f'must be 1 without REDIS_URL, got "{processes}": processes share no memory'
        yield Problem("WEB_CONCURRENCY", problem, "Set it to 1, or set REDIS_URL")


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
