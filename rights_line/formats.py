"""Rules about environment variables that more than one module reads."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from rights_line.errors import Fault

# A token per channel: its holder can ask in the name of any sender, on that channel alone.
CHANNEL_TOKENS = ("KANNEL_TOKEN", "AFRICASTALKING_TOKEN")
SHARED = "WEBHOOK_TOKEN"  # deprecated

# Without credentials: the address is printed on cards.
_PUBLIC_URL = re.compile(r"https?://[^/?#\s@]+(?:/[^?#\s]*[^/?#\s])?")
_ACCOUNT_SID = re.compile(r"AC[0-9a-f]{32}")


def listed(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the parts of a comma-separated variable."""
    return tuple(part.strip() for part in environ.get(name, "").split(",") if part.strip())


def token_variable(name: str, environ: Mapping[str, str]) -> str:
    """Return the variable to read for `name`: WEBHOOK_TOKEN if a channel has no own token."""
    is_shared = name in CHANNEL_TOKENS and not environ.get(name) and environ.get(SHARED)
    return SHARED if is_shared else name


def public_url_faults(environ: Mapping[str, str]) -> Iterator[Fault]:
    """Yield a fault if RIGHTS_LINE_PUBLIC_URL is set, and no path can be appended to it."""
    url = environ.get("RIGHTS_LINE_PUBLIC_URL", "")
    if url and not (_PUBLIC_URL.fullmatch(url) and _has_usable_port(url)):
        # The value is not shown: it may hold a password.
        yield Fault(
            "RIGHTS_LINE_PUBLIC_URL",
            "must be an http(s) URL without trailing slash, query or credentials",
            "Write https://line.example.org",
        )


def twilio_tokens(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the auth tokens: two while the token is rotated, of which the first is current."""
    return listed(environ, "TWILIO_AUTH_TOKEN")


def twilio_faults(environ: Mapping[str, str]) -> Iterator[Fault]:
    """Yield a fault for each variable of the Twilio account that is set and malformed."""
    remedy = "Copy it from the first page of Twilio's console"
    if environ.get("TWILIO_AUTH_TOKEN") and not twilio_tokens(environ):
        yield Fault("TWILIO_AUTH_TOKEN", "must hold a token, got only commas and spaces", remedy)
    sid = environ.get("TWILIO_ACCOUNT_SID", "")
    if sid and not _ACCOUNT_SID.fullmatch(sid):
        # The value is not shown: it may be the token, in the wrong variable.
        yield Fault("TWILIO_ACCOUNT_SID", "must be AC followed by 32 hex digits", remedy)


def _has_usable_port(url: str) -> bool:
    """Whether a URL has no port, or one that can be connected to."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
