"""The settings of the line: its environment variables, read once and validated once.

table.py explains each variable. A channel names and validates the variables of its provider.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Self

from rights_line.core.limits import DAILY, HOURLY
from rights_line.core.model import Contact
from rights_line.errors import ConfigurationError, Problem
from rights_line.settings.table import VARIABLES
from rights_line.settings.variable import OUR_PREFIX, variable_list, variable_problems

Serve = Literal["approved", "drafts"]

SECRET_LENGTH = 32
COUNTING = ("RIGHTS_LINE_METRICS", "RIGHTS_LINE_COUNTS")  # used by `rights-line serve` alone


@dataclass(frozen=True)
class Settings:
    """The operator's choices that concern all channels; table.py explains each.

    Strings are empty if the variable is unset.
    """

    redis_url: str
    secret: str
    serve: Serve
    languages: tuple[str, ...]
    hourly: int
    daily: int
    audio_url: str
    public_url: str
    operator: str
    number: str
    ussd: str
    metrics: str
    counts: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables; raise ConfigurationError with every invalid one."""
        ours = [row for row in VARIABLES.values() if row.name.startswith(OUR_PREFIX)]
        checked = [VARIABLES["REDIS_URL"], *ours]
        problems = [*variable_problems(environ, checked), *_store_setting_problems(environ)]
        if problems:
            raise ConfigurationError(problems)
        return cls(
            redis_url=environ.get("REDIS_URL", ""),
            secret=environ.get("RIGHTS_LINE_SECRET", ""),
            serve="drafts" if environ.get("RIGHTS_LINE_SERVE") == "drafts" else "approved",
            languages=variable_list(environ, "RIGHTS_LINE_LANGUAGES"),
            hourly=int(environ.get("RIGHTS_LINE_HOURLY") or HOURLY),
            daily=int(environ.get("RIGHTS_LINE_DAILY") or DAILY),
            audio_url=environ.get("RIGHTS_LINE_AUDIO_URL", ""),
            public_url=environ.get("RIGHTS_LINE_PUBLIC_URL", ""),
            operator=environ.get("RIGHTS_LINE_OPERATOR", ""),
            number=environ.get("RIGHTS_LINE_NUMBER", ""),
            ussd=environ.get("RIGHTS_LINE_USSD", ""),
            metrics=environ.get("RIGHTS_LINE_METRICS", ""),
            counts=environ.get("RIGHTS_LINE_COUNTS", ""),
        )


def _store_setting_problems(environ: Mapping[str, str]) -> Iterator[Problem]:
    secret = environ.get("RIGHTS_LINE_SECRET", "")
    if environ.get("REDIS_URL") and (len(secret) < SECRET_LENGTH or not secret.isprintable()):
        problem = f"must have {SECRET_LENGTH} or more printable characters if REDIS_URL is set"
        fix = "Set it to the output of `openssl rand -base64 48`, and keep it nowhere else"
        yield Problem("RIGHTS_LINE_SECRET", problem, fix)


def language_problems(tags: Iterable[str], known: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each tag of RIGHTS_LINE_LANGUAGES that is not one of the known tags."""
    for tag in tags:
        if tag not in known:
            fix = f"Use: {', '.join(known)}"
            yield Problem("RIGHTS_LINE_LANGUAGES", f'unknown language "{tag}"', fix)


def number_setting_problems(
    environ: Mapping[str, str], contacts: Iterable[Contact]
) -> Iterator[Problem]:
    """Yield a problem if RIGHTS_LINE_NUMBER is the number of a helpline, which pages would show."""
    number = environ.get("RIGHTS_LINE_NUMBER", "").replace(" ", "")
    for contact in contacts:
        if number and number in (contact.code, contact.e164):
            problem = f"must be the line's own number, got that of {contact.name}"
            fix = "Write the number that receives the line's SMS"
            yield Problem("RIGHTS_LINE_NUMBER", problem, fix)
