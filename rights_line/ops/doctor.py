"""The doctor: checks a deployment, and names a fix for each failure.

A check is a function that yields findings. A new one goes into CHECKS, or, about one Redis server
or the Twilio account, into those of redis_checks.py or twilio_checks.py.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import combinations
from urllib.parse import unquote, urlsplit

from rights_line import clock
from rights_line.channels import SIMULATOR, all_variables, registered_channels
from rights_line.content import ContentSources
from rights_line.editorial import contacts, lint
from rights_line.errors import ConfigurationError, Problem
from rights_line.library import texts_folder
from rights_line.ops import Finding, Findings, Manual, Ok
from rights_line.ops.redis_checks import check_redis
from rights_line.ops.twilio_account import twilio_client
from rights_line.ops.twilio_checks import Account, check_twilio
from rights_line.settings import redis_url
from rights_line.settings.variable import variable_list, variable_warnings
from rights_line.web import health
from rights_line.web.app import create_app
from rights_line.web.health import PUBLISHED

TIMEOUT = 4.0  # seconds for each response of Twilio
_MIN_DISTINCT = 8  # different characters of a secret; the output of `openssl rand` has more
_UNREAD = {
    "partial": "the core is approved, other screens are not",
    "draft": "drafts, served with the helplines only",
}


@dataclass(frozen=True)
class Deployment:
    """A deployment whose line can start."""

    environ: Mapping[str, str]
    channels: Collection[str]
    sources: ContentSources
    today: date

    @property
    def languages(self) -> Collection[str]:
        """The languages that it offers."""
        return variable_list(self.environ, "RIGHTS_LINE_LANGUAGES") or self.sources.languages

    @property
    def serves_drafts(self) -> bool:
        return self.environ.get("RIGHTS_LINE_SERVE") == "drafts"

    @property
    def twilio_number(self) -> str:
        """The published number if Twilio's API can be asked for it, else ""."""
        number = self.environ.get("RIGHTS_LINE_NUMBER", "").replace(" ", "")
        can_ask = number.startswith("+") and bool(self.environ.get("TWILIO_ACCOUNT_SID"))
        configured = {*health.answering("RIGHTS_LINE_NUMBER")} & {*self.channels}
        return number if can_ask and configured == {"twilio_sms"} else ""


def run(environ: Mapping[str, str], today: date | None = None) -> Findings:
    """Check the deployment that the environment describes."""
    try:
        channels = create_app(environ).config["CHANNELS"]
    except ConfigurationError as error:
        return Findings(error.problems)
    sources = ContentSources(texts_folder(environ))
    checked = Deployment(environ, channels, sources, today or clock.today())
    return Findings(finding for check in CHECKS for finding in check(checked))


def check_servers(checked: Deployment) -> Iterator[Finding]:
    """Check Redis, and the Twilio account if a channel needs it."""
    environ = checked.environ
    yield from check_redis(environ.get("REDIS_URL", ""), environ.get("REDIS_DOCTOR_URL", ""))
    if {"twilio_sms", "twilio_voice"} & set(checked.channels):
        has_account = bool(environ.get("TWILIO_ACCOUNT_SID"))
        client = twilio_client(environ, TIMEOUT, retries=0) if has_account else None
        url, number = environ["RIGHTS_LINE_PUBLIC_URL"], checked.twilio_number
        yield from check_twilio(Account(client, url, checked.channels, datetime.now(UTC), number))


def check_variables(checked: Deployment) -> Iterator[Finding]:
    """Ask to rename or remove suspicious variables."""
    return map(Manual, variable_warnings(checked.environ, all_variables()))


def check_exposure(checked: Deployment) -> Iterator[Finding]:
    """Find channels for people without TLS, or beside the simulator."""
    real = [name for name in checked.channels if name != SIMULATOR]
    if real and checked.environ.get("RIGHTS_LINE_PUBLIC_URL", "").startswith("http://"):
        summary = "must start with https://, got http://: numbers and texts are sent unencrypted"
        fix = "Terminate TLS in front of the line, and use https://"
        yield Problem("RIGHTS_LINE_PUBLIC_URL", summary, fix)
    if real and SIMULATOR in checked.channels:
        summary = f"must not name {SIMULATOR} beside {', '.join(real)}: it checks no signature"
        yield Problem("CHANNELS", summary, f"Remove {SIMULATOR}")


def list_webhooks(checked: Deployment) -> Iterator[Finding]:
    """Name the address of each webhook, with the variable that holds its token."""
    base = checked.environ.get("RIGHTS_LINE_PUBLIC_URL") or "https://<your host>"
    for name in checked.channels:
        tokens = [row for row in registered_channels()[name].required if row.is_in_path]
        path = "".join(f"/<{token.name}>" for token in tokens)
        yield Ok(f"{name}: the webhook is {base}/inbound/{name}{path}")


def check_numbers(checked: Deployment) -> Iterator[Finding]:
    """Find published numbers that no channel answers, and those to try by hand.

    Twilio's numbers are compared in twilio_checks.py. Other providers cannot be asked.
    """
    yield from health.unanswered(checked.environ, checked.channels)
    for name, (verb, trial) in PUBLISHED.items():
        configured = [row for row in health.answering(name) if row in checked.channels]
        if not configured or (name == "RIGHTS_LINE_NUMBER" and checked.twilio_number):
            continue
        if checked.environ.get(name):
            yield Manual(f"{name}: {trial}; {' and '.join(configured)} cannot be asked for it")
        else:
            yield Manual(f"{name}: not set; web pages and cards do not say what to {verb}")


def check_contacts(checked: Deployment) -> Iterator[Finding]:
    """Find overdue contacts, and a clock that is before the last verification."""
    rows, today = checked.sources.content.contacts.values(), checked.today
    yield from lint.overdue_contacts(checked.sources, today)
    for contact in rows:
        if contact.moved:
            yield Manual(f"contact {contact.id}: {contacts.move(contact)}")
    dates = [contact.verified_on for contact in rows]
    if max(dates) > today:
        summary = f"must not be before {max(dates)}, when contacts were verified, got {today}"
        fix = "Set it (`timedatectl set-ntp true`), or correct verified_on in contacts.yaml"
        yield Problem("The clock", summary, fix)
    else:
        yield Ok(f"contacts: verified {(today - min(dates)).days} days ago")


def check_languages(checked: Deployment) -> Iterator[Finding]:
    """Find languages that are drafts or approved in part, and approvals that were lost."""
    yield from checked.sources.lost_approvals(checked.languages)
    states = checked.sources.states
    unread = [tag for tag, state in states.items() if state != "approved"]
    if unread and checked.serves_drafts:
        yield Manual(f"RIGHTS_LINE_SERVE: unapproved texts are served: {', '.join(unread)}")
        return
    for state, meaning in _UNREAD.items():
        if tags := [tag for tag in unread if states[tag] == state]:
            yield Manual(f"languages: {meaning}: {', '.join(tags)}")


def check_translations(checked: Deployment) -> Iterator[Finding]:
    """Name the languages in service of which a translation waits: that delays no upgrade."""
    sources = checked.sources
    for tag in checked.languages:
        is_served = sources.approvals[tag].is_offered or checked.serves_drafts
        if not (sources.languages[tag].has_texts and is_served):
            continue
        if found := [*lint.waiting_translations(sources, tag)]:
            count = f"{len(found)} translations wait, and English is sent"
            yield Manual(f"language {tag}: {count}: {found[0].summary}; run rights-line check")


def check_secrets(checked: Deployment) -> Iterator[Finding]:
    """Find weak and reused secrets, without showing them."""
    rows = sorted(all_variables(), key=lambda row: row.name == "RIGHTS_LINE_SECRET")
    # The secrets that the operator chooses.
    fixes = {row.name: f"Set it to the output of `{row.generate}`" for row in rows if row.generate}
    secrets = list(_secrets(checked.environ, fixes))
    for name, secret in secrets:
        if name in fixes and len(set(secret)) < _MIN_DISTINCT:
            summary = f"must have high entropy, got fewer than {_MIN_DISTINCT} different characters"
            yield Problem(name, summary, fixes[name])
    for (name, secret), (other, same) in combinations(secrets, 2):
        if name in fixes and name != other and secret == same:
            summary = f"must be a secret of its own, got the same one as in {other}"
            yield Problem(name, summary, fixes[name])


def _secrets(environ: Mapping[str, str], chosen: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each variable with each secret in it, the chosen ones first."""
    for name in (*chosen, "TWILIO_AUTH_TOKEN"):
        value = environ.get(name, "")
        parts = [value] if name == "RIGHTS_LINE_SECRET" else value.split(",")
        yield from ((name, part.strip()) for part in parts if part.strip())
    for name in ("REDIS_URL", "REDIS_DOCTOR_URL"):
        if redis_url.is_valid(url := environ.get(name, "")) and urlsplit(url).password:
            yield name, unquote(urlsplit(url).password or "")


CHECKS = (
    check_variables,
    check_exposure,
    list_webhooks,
    check_numbers,
    check_contacts,
    check_languages,
    check_translations,
    check_secrets,
    check_servers,
)
