"""Does a deployment keep the promises?"""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rights_line.content.loader import ContentSources
from rights_line.core.opening_hours import OSLO
from rights_line.errors import ConfigurationError, Problem
from rights_line.ops.doctor import channels, contacts, redis_settings, twilio_settings
from rights_line.ops.doctor.published_numbers import check_published_numbers
from rights_line.ops.doctor.report import Report
from rights_line.ops.doctor.weak_secrets import secret_faults
from rights_line.ops.twilio_api import twilio_client
from rights_line.sessions.memory import MemorySessionStore
from rights_line.settings import split_list, variable_warnings
from rights_line.web.app import create_app
from rights_line.web.health import Facts, Health

TWILIO = ("twilio_sms", "twilio_voice")
NO_ACCOUNT = Problem(
    "TWILIO_ACCOUNT_SID",
    "is not set: whatever account signs with the token is answered, and nothing can be purged",
    "Set it to the Account SID, AC and 32 digits, on the first page of Twilio's console",
)


def run_checks(environ: Mapping[str, str], root: Path, today: date | None = None) -> Report:
    """Check a deployment: what is well, what to look at by hand, and what to fix.

    `today` is the date in Norway, for tests; None: by the clock.
    """
    try:
        names = create_app(environ, root).config["CHANNELS"]
    except ConfigurationError as refused:
        return Report(problems=refused.problems)
    found = channels.look(environ, names)
    sources = ContentSources(root)
    found.add(contacts.look(sources, today or datetime.now(OSLO).date()))
    health = Health(Facts.from_sources(sources), MemorySessionStore()).report()
    texts = _texts(health, environ.get("RIGHTS_LINE_SERVE") == "drafts")
    found.manual += variable_warnings(environ)
    found.problems += secret_faults(environ)
    found.add(check_published_numbers(environ, names, bool(_number_of_twilio(environ, names))))
    approvals = _approvals(sources, split_list(environ, "RIGHTS_LINE_LANGUAGES"))
    for part in (_redis(environ), _twilio(environ, names), texts, approvals):
        found.add(part)
    return found


def _redis(environ: Mapping[str, str]) -> Report:
    if url := environ.get("REDIS_URL"):
        return redis_settings.check_redis(url, environ.get("REDIS_DOCTOR_URL", ""))
    return Report(["redis: none; tags are in the memory of one process"])


def _twilio(environ: Mapping[str, str], names: list[str]) -> Report:
    if not set(names) & set(TWILIO):
        return Report()
    if not environ.get("TWILIO_ACCOUNT_SID"):
        line = "twilio: not looked at, for want of TWILIO_ACCOUNT_SID"
        return Report(manual=[line, *twilio_settings.MANUAL_CHECKS], problems=[NO_ACCOUNT])
    client = twilio_client(environ, pauses=())
    public_url = environ["RIGHTS_LINE_PUBLIC_URL"]
    number, now = _number_of_twilio(environ, names), datetime.now(UTC)
    return twilio_settings.check_twilio(client, public_url, names, now, number)


def _number_of_twilio(environ: Mapping[str, str], names: list[str]) -> str:
    """Return the number that people are told to text, if Twilio can be asked for it; or nothing."""
    number = environ.get("RIGHTS_LINE_NUMBER", "").replace(" ", "")
    can_ask = number.startswith("+") and bool(environ.get("TWILIO_ACCOUNT_SID"))
    return number if can_ask and "twilio_sms" in names and "kannel_sms" not in names else ""


def _texts(state: Mapping[str, Any], serves_drafts: bool) -> Report:
    drafts = [tag for tag, review in state["languages"].items() if review == "draft"]
    found = Report()
    if drafts:
        served = "languages: drafts, of which only the numbers are served"
        if serves_drafts:
            served = "RIGHTS_LINE_SERVE: people get drafts, which nobody has read"
        found.manual.append(f"{served}: {', '.join(drafts)}")
    return found


def _approvals(sources: ContentSources, offered: Collection[str]) -> Report:
    """Return a fault for each language that was approved and is not any more; none offered: all."""
    return Report(problems=sources.lost_approvals(offered or sources.languages))
