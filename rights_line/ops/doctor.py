"""The doctor: checks a deployment, and names a fix for each failure.

A check is a function that yields findings. A new one goes into CHECKS: in deployment.py, in
redis_checks.py for each Redis server, or in twilio_checks.py for the Twilio account.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from rights_line import clock
from rights_line.content.loader import ContentSources
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.texts_folder import texts_folder
from rights_line.ops import deployment_checks as deployment
from rights_line.ops.deployment_checks import Deployment
from rights_line.ops.findings import Finding, Findings, Manual, Ok
from rights_line.ops.redis_checks import check_redis
from rights_line.ops.twilio_account import twilio_client
from rights_line.ops.twilio_checks import MANUAL_CHECKS, Account, check_twilio
from rights_line.web.app import create_app

TIMEOUT = 4.0  # seconds for each response of Twilio
MISSING_ACCOUNT = Problem(
    "TWILIO_ACCOUNT_SID",
    "must be set: without it the line answers any account that signs with the token, and "
    "`rights-line purge-twilio` cannot run",
    "Set it to the Account SID (AC and 32 digits) on the first page of Twilio's console",
)


def run(environ: Mapping[str, str], today: date | None = None) -> Findings:
    """Check the deployment that the environment describes."""
    try:
        channels = create_app(environ).config["CHANNELS"]
    except ConfigurationError as error:
        return Findings(error.problems)
    today = today or clock.today()
    checked = Deployment(environ, channels, ContentSources(texts_folder(environ)), today)
    return Findings(finding for check in CHECKS for finding in check(checked))


def _redis(checked: Deployment) -> Iterator[Finding]:
    if url := checked.environ.get("REDIS_URL"):
        return check_redis(url, checked.environ.get("REDIS_DOCTOR_URL", ""))
    return iter([Ok("redis: not used; sessions are in the memory of one process")])


def _twilio(checked: Deployment) -> Iterator[Finding]:
    if not {"twilio_sms", "twilio_voice"} & set(checked.channels):
        return
    if not checked.environ.get("TWILIO_ACCOUNT_SID"):
        yield Manual("twilio: not checked, because TWILIO_ACCOUNT_SID is not set")
        yield from map(Manual, MANUAL_CHECKS)
        yield MISSING_ACCOUNT
        return
    client = twilio_client(checked.environ, TIMEOUT, retries=0)
    url, number = checked.environ["RIGHTS_LINE_PUBLIC_URL"], checked.twilio_number
    yield from check_twilio(Account(client, url, checked.channels, datetime.now(UTC), number))


CHECKS = (*deployment.CHECKS, _redis, _twilio)
