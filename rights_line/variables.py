"""The variables that the line reads, and names that look like one of them and are none."""

from collections.abc import Collection, Iterator, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rights_line.errors import Fault

# PORT is gunicorn's, and too short to tell from others' names.
KNOWN = (
    *("AFRICASTALKING_CODES", "CHANNELS", "REDIS_DOCTOR_URL", "REDIS_URL"),
    *("RIGHTS_LINE_AUDIO_URL", "RIGHTS_LINE_HOURLY", "RIGHTS_LINE_LANGUAGES"),
    *("RIGHTS_LINE_NUMBER", "RIGHTS_LINE_PUBLIC_URL", "RIGHTS_LINE_SECRET", "RIGHTS_LINE_SERVE"),
    *("RIGHTS_LINE_USSD", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_VOICE_CONNECT"),
    *("WEBHOOK_TOKEN", "WEB_CONCURRENCY"),
)
_OURS = "RIGHTS_LINE_"
_TYPOS = 2  # letters at most, of names that others set, too


def misspelt(environ: Mapping[str, str]) -> Iterator[Fault]:
    """Yield a fault for each name that is almost that of a variable which is not set."""
    unset = [name for name in KNOWN if not environ.get(name)]
    for name in set(environ) - set(KNOWN):
        if near := _nearest(name, unset, _TYPOS):
            yield Fault(name, "is no variable of the line", f"Is it {near}? Else take it out")


def unknown(environ: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each other name that only we would give: orchestrators make some, too."""
    named = {fault.place for fault in misspelt(environ)} | set(KNOWN)
    for name in sorted(set(environ) - named):
        if name.upper().startswith(_OURS):
            near = _nearest(name, KNOWN)
            yield f"{name}: the line reads no such variable; the nearest is {near}"


def _nearest(name: str, known: Collection[str], most: int | None = None) -> str:
    """Return the known name with the fewest other letters, of at most so many; or nothing."""
    found = process.extractOne(name.upper(), known, scorer=OSA.distance, score_cutoff=most)
    return found[0] if found else ""
