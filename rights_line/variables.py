"""The environment variables that the line reads, and warnings about names that look like them."""

from collections.abc import Collection, Iterator, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rights_line.formats import CHANNEL_TOKENS, SHARED

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
