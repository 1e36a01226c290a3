"""The environment, read once: each variable is described where it is declared."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Self
from urllib.parse import urlsplit

from rights_line.core.budget import HOURLY
from rights_line.core.library import Contact
from rights_line.errors import Fault, Refused

Serve = Literal["approved", "drafts"]

# Schemes that redis-py and sessions/addresses.py open.
REDIS_SCHEMES = ("redis://", "rediss://", "unix://", "redis+sentinel://", "redis+cluster://")
SECRET_LENGTH = 32
_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
# With the code of the country, since a SIM card may be foreign; or a short code.
_CALLED = re.compile(r"\+[1-9](?: ?[0-9]){6,14}|[1-9][0-9]{3,5}")
_DIALLED = re.compile(r"(?=.{3,16}$)[*#]{1,2}[0-9]{1,8}(?:\*[0-9]{1,8}){0,4}#")
_AUDIO = re.compile(r"https://[^/?#\s]+(?:/[^?#\s]*[^/?#\s])?")
# With no password in it: it is printed.
_URL = re.compile(r"https?://[^/?#\s@]+(?:/[^?#\s]*[^/?#\s])?")


@dataclass(frozen=True)
class Settings:
    """What the operator chose.

    Attributes:
        channels: CHANNELS, gateways by module name; unset: each whose own variables are set.
        redis_url: REDIS_URL; unset: memory, for one process.
        secret: RIGHTS_LINE_SECRET, at least 32 characters; required with REDIS_URL.
        serve: RIGHTS_LINE_SERVE, `approved` or `drafts`.
        languages: RIGHTS_LINE_LANGUAGES, tags to offer; unset: all.
        hourly: RIGHTS_LINE_HOURLY, full answers an hour to all together.
        audio_url: RIGHTS_LINE_AUDIO_URL, where recordings are; unset: there are none.
        public_url: RIGHTS_LINE_PUBLIC_URL, the address of the line; unset: nobody knows it.
        number: RIGHTS_LINE_NUMBER, where the line gets SMS; unset: pages offer none.
        ussd: RIGHTS_LINE_USSD, the code to dial; unset: there is none.
    """

    channels: tuple[str, ...]
    redis_url: str
    secret: str
    serve: Serve
    languages: tuple[str, ...]
    hourly: int
    audio_url: str
    public_url: str
    number: str
    ussd: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables.

        Raises:
            Refused: with every variable that is wrong.
        """
        if faults := list(_faults(environ)):
            raise Refused(faults)
        return cls(
            channels=listed(environ, "CHANNELS"),
            redis_url=environ.get("REDIS_URL", ""),
            secret=environ.get("RIGHTS_LINE_SECRET", ""),
            serve="drafts" if environ.get("RIGHTS_LINE_SERVE") == "drafts" else "approved",
            languages=listed(environ, "RIGHTS_LINE_LANGUAGES"),
            hourly=int(environ.get("RIGHTS_LINE_HOURLY") or HOURLY),
            audio_url=environ.get("RIGHTS_LINE_AUDIO_URL", ""),
            public_url=environ.get("RIGHTS_LINE_PUBLIC_URL", ""),
            number=environ.get("RIGHTS_LINE_NUMBER", ""),
            ussd=environ.get("RIGHTS_LINE_USSD", ""),
        )


def language_faults(environ: Mapping[str, str], known: Collection[str]) -> Iterator[Fault]:
    """Yield a fault for each language of RIGHTS_LINE_LANGUAGES that is not spoken."""
    for tag in listed(environ, "RIGHTS_LINE_LANGUAGES"):
        if tag not in known:
            remedy = f"Use: {', '.join(known)}"
            yield Fault("RIGHTS_LINE_LANGUAGES", f"{tag} is no language", remedy)


def number_faults(environ: Mapping[str, str], contacts: Iterable[Contact]) -> Iterator[Fault]:
    """Yield a fault where the line's number is a helpline's: pages would say to text it."""
    number = environ.get("RIGHTS_LINE_NUMBER", "").replace(" ", "")
    for contact in contacts:
        if number and number in (contact.code, contact.e164):
            remedy = "Write the number that the line's own SMS come to"
            yield Fault("RIGHTS_LINE_NUMBER", f"is that of {contact.name}", remedy)


def _is_address(url: str) -> bool:
    """Tell whether a client can be made for an address; nothing is connected to."""
    if not url.startswith(REDIS_SCHEMES):
        return False
    try:
        parts = urlsplit(url)
        hosts = parts.netloc.rpartition("@")[2].split(",")
        if url.startswith("redis+sentinel://"):
            return bool(parts.path.strip("/")) and all(urlsplit(f"//{host}").port for host in hosts)
        return parts.port != 0
    except ValueError:
        return False


def listed(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return a comma-separated variable as its parts."""
    return tuple(part.strip() for part in environ.get(name, "").split(",") if part.strip())


def _faults(environ: Mapping[str, str]) -> Iterator[Fault]:
    redis_url = environ.get("REDIS_URL", "")
    if redis_url and not _is_address(redis_url):
        # The value is not shown: it may hold a password.
        remedy = f"Write {'host:port or '.join(REDIS_SCHEMES)}host:port/service"
        yield Fault("REDIS_URL", "is no Redis address", remedy)
    secret = environ.get("RIGHTS_LINE_SECRET", "")
    if redis_url and (len(secret) < SECRET_LENGTH or not secret.isprintable()):
        yield Fault(
            "RIGHTS_LINE_SECRET",
            f"is not text of at least {SECRET_LENGTH} characters, and REDIS_URL is set",
            "Set it to what `openssl rand -base64 48` prints, and keep it nowhere else",
        )
    if not redis_url and environ.get("WEB_CONCURRENCY", "1") != "1":
        yield Fault(
            "WEB_CONCURRENCY",
            "asks for several processes, which do not share a memory",
            "Set it to 1, or set REDIS_URL",
        )
    if not _NUMBER.fullmatch(environ.get("RIGHTS_LINE_HOURLY") or str(HOURLY)):
        remedy = f"Write how many answers an hour you would pay for, such as {HOURLY}"
        yield Fault("RIGHTS_LINE_HOURLY", "is no whole number from 1 to 9999999", remedy)
    audio_url = environ.get("RIGHTS_LINE_AUDIO_URL", "")
    if audio_url and not _AUDIO.fullmatch(audio_url):
        remedy = "Write https://host/path, with no slash at the end"
        yield Fault("RIGHTS_LINE_AUDIO_URL", "is no address to build on", remedy)
    if (public_url := environ.get("RIGHTS_LINE_PUBLIC_URL")) and not _URL.fullmatch(public_url):
        remedy = "Write https://line.example.org, with no slash at the end"
        yield Fault("RIGHTS_LINE_PUBLIC_URL", "is no address to build on", remedy)
    if (number := environ.get("RIGHTS_LINE_NUMBER")) and not _CALLED.fullmatch(number):
        remedy = "Write it with the code of the country, +47 ..., or a short code of 4 to 6 digits"
        yield Fault("RIGHTS_LINE_NUMBER", "is no number to write to", remedy)
    if (ussd := environ.get("RIGHTS_LINE_USSD")) and not _DIALLED.fullmatch(ussd):
        yield Fault("RIGHTS_LINE_USSD", "is no code to dial", "Write it as it is dialled: *123#")
    if environ.get("RIGHTS_LINE_SERVE", "approved") not in ("", "approved", "drafts"):
        yield Fault("RIGHTS_LINE_SERVE", "is neither", "Set it to approved or drafts")
