"""The doctor: checks a deployment, and names a fix for each failure."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from rights_line.content.loader import ContentSources
from rights_line.core.opening_hours import OSLO
from rights_line.errors import ConfigurationError, Problem
from rights_line.ops.doctor.channels import check_channels
from rights_line.ops.doctor.contacts import check_contacts
from rights_line.ops.doctor.published_numbers import check_published_numbers
from rights_line.ops.doctor.redis import check_redis
from rights_line.ops.doctor.report import Report
from rights_line.ops.doctor.twilio import MANUAL_CHECKS, check_twilio
from rights_line.ops.doctor.weak_secrets import secret_problems
from rights_line.ops.twilio_api import twilio_client
from rights_line.settings import split_list, variable_warnings
from rights_line.web.app import create_app
from rights_line.web.health import Facts

TWILIO_CHANNELS = {"twilio_sms", "twilio_voice"}
MISSING_ACCOUNT = Problem(
    "TWILIO_ACCOUNT_SID",
    "must be set: without it the line answers any account that signs with the token, and "
    "`rights-line purge-twilio` cannot run",
    "Set it to the Account SID (AC and 32 digits) on the first page of Twilio's console",
)


def run_checks(environ: Mapping[str, str], root: Path, today: date | None = None) -> Report:
    """Check the deployment that the environment describes.

    Args:
        environ: the environment variables.
        root: the folder that contains content/ and locales/.
        today: the date in Norway; None: today.
    """
    try:
        names = create_app(environ, root).config["CHANNELS"]
    except ConfigurationError as error:
        return Report(problems=error.problems)
    sources = ContentSources(root)
    number = _number_at_twilio(environ, names)
    report = Report(manual=[*variable_warnings(environ)], problems=[*secret_problems(environ)])
    for part in (
        check_channels(environ, names),
        check_contacts(sources, today or datetime.now(OSLO).date()),
        check_published_numbers(environ, names, is_compared=bool(number)),
        _check_redis(environ),
        _check_twilio(environ, names, number),
        _check_languages(sources, environ),
    ):
        report.add(part)
    return report


def _check_redis(environ: Mapping[str, str]) -> Report:
    if url := environ.get("REDIS_URL"):
        return check_redis(url, environ.get("REDIS_DOCTOR_URL", ""))
    return Report(["redis: not used; sessions are in the memory of one process"])


def _check_twilio(environ: Mapping[str, str], names: Collection[str], number: str) -> Report:
    if not TWILIO_CHANNELS & set(names):
        return Report()
    if not environ.get("TWILIO_ACCOUNT_SID"):
        line = "twilio: not checked, because TWILIO_ACCOUNT_SID is not set"
        return Report(manual=[line, *MANUAL_CHECKS], problems=[MISSING_ACCOUNT])
    client = twilio_client(environ, pauses=())
    return check_twilio(client, environ["RIGHTS_LINE_PUBLIC_URL"], names, datetime.now(UTC), number)


def _number_at_twilio(environ: Mapping[str, str], names: Collection[str]) -> str:
    """Return the published number if Twilio's API can be asked for it, else ""."""
    number = environ.get("RIGHTS_LINE_NUMBER", "").replace(" ", "")
    can_ask = number.startswith("+") and bool(environ.get("TWILIO_ACCOUNT_SID"))
    return number if can_ask and "twilio_sms" in names and "kannel_sms" not in names else ""


def _check_languages(sources: ContentSources, environ: Mapping[str, str]) -> Report:
    """Report languages that are drafts, and languages that lost their approval."""
    offered = split_list(environ, "RIGHTS_LINE_LANGUAGES") or sources.languages
    report = Report(problems=sources.lost_approvals(offered))
    states = Facts.from_sources(sources).languages
    drafts = ", ".join(tag for tag, state in states.items() if state == "draft")
    if drafts and environ.get("RIGHTS_LINE_SERVE") == "drafts":
        report.manual.append(f"RIGHTS_LINE_SERVE: unapproved texts are served: {drafts}")
    elif drafts:
        report.manual.append(f"languages: drafts, served with the helplines only: {drafts}")
    return report
