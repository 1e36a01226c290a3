"""Check the Twilio account: webhooks, fallbacks, callbacks and retained records."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from rights_line.errors import Problem
from rights_line.ops.doctor.published_numbers import number_problems
from rights_line.ops.doctor.report import Report
from rights_line.ops.doctor.twilio_account import Account, read_account
from rights_line.ops.doctor.twilio_routes import CALL, KINDS, MESSAGE, Route, routes, supports
from rights_line.ops.twilio_api import FIRST_ANSWER, first_status

# Settings that Twilio's API does not return.
MANUAL_CHECKS = (
    "twilio, Messaging > Settings: message redaction is on, and logs have the shortest retention",
    "twilio, Messaging service > Opt-out: the reply to STOP does not name the line",
    "twilio, WhatsApp senders: webhook, fallback and status callback are as for a number",
    "twilio, Voice > Settings: recording and transcription are off",
    "twilio: each fallback address returns the output of `rights-line fallback`",
    "twilio, Monitor > Errors: fix each error; Twilio keeps its request, with number and text",
)
RETENTION = timedelta(days=2)  # some lists of Twilio filter by day only
_PURGE = "Run `rights-line purge-twilio --older-than 30`, and schedule it (see Procfile)"
# kind of record -> (the records that must not be retained, the fix)
RETAINED = {
    "messages": ("messages older than two days", _PURGE),
    "calls": ("calls older than two days", _PURGE),
    "recordings": (
        "recordings of calls, which the line never makes",
        "Find out who makes them, and delete them",
    ),
}
OFFLINE = Problem(
    "twilio",
    f"the API must answer within {FIRST_ANSWER} s, got no answer; nothing was checked",
    "Check network, DNS, firewall and HTTPS_PROXY of this machine, and run doctor again",
)
_REFUSED, _SERVER_ERROR = (401, 403), 500


def check_twilio(
    client: Any,
    public_url: str,
    channels: Collection[str],
    now: datetime,
    published_number: str = "",
) -> Report:
    """Check the account of a Twilio client.

    Args:
        client: from twilio_api.py.
        public_url: RIGHTS_LINE_PUBLIC_URL.
        channels: the names of the configured channels.
        now: the current time, aware.
        published_number: the number on web pages and cards, if it must belong to the account.
    """
    report = Report(manual=[*MANUAL_CHECKS])
    if problem := _status_problem(first_status(client)):
        report.problems.append(problem)
        return report
    try:
        account = read_account(client, now - RETENTION)
    except Exception as error:  # any malformed response; the message of the error may hold ids
        report.problems.append(_malformed(type(error).__name__))
        return report
    found = list(routes(account, channels))
    report.problems += [
        problem for route in found for problem in _route_problems(route, public_url)
    ]
    report.problems += _account_problems(account)
    if published_number:
        numbers = {number.phone_number: supports(number, MESSAGE) for number in account.numbers}
        report.problems += number_problems(published_number, numbers)
    if not found:
        summary = "the account must have a number for the line, got none"
        report.problems.append(Problem("twilio", summary, "Buy one, or use another account"))
    if not report.problems:
        line = f"twilio: {len(found)} webhooks reach the line and have a fallback; no old records"
        report.ok.append(line)
    if account.has_usage_trigger:
        report.ok.append("twilio: a usage trigger is set")
    else:
        report.manual.append("twilio, Usage triggers: set one, to notice loops and fraud")
    return report


def _status_problem(status: int) -> Problem | None:
    """Return the problem of the first response; only Twilio itself can reject the token."""
    if not status:
        return OFFLINE
    if status in _REFUSED:
        summary = f"must be the token of TWILIO_ACCOUNT_SID, Twilio's API answered {status}"
        fix = "Copy both from the first page of Twilio's console"
        return Problem("TWILIO_AUTH_TOKEN", summary, fix)
    return _malformed(f"status {status}") if status >= _SERVER_ERROR else None


def _malformed(got: str) -> Problem:
    summary = f"the API must answer as documented, got {got}; not everything was checked"
    return Problem("twilio", summary, "Run doctor again later; see https://status.twilio.com")


def _route_problems(route: Route, public_url: str) -> Iterator[Problem]:
    kind, place = KINDS[route.channel], route.place
    expected = f"{public_url}/inbound/{route.channel}"
    if route.url != expected:
        summary = f"the {kind} webhook must be the line's, got another address or none"
        yield Problem(place, summary, f"Set it to {expected}, or release the number")
    elif route.method != "POST":
        summary = f"the {kind} webhook must use POST, got {route.method or 'no method'}"
        yield Problem(place, summary, "Set it to HTTP POST")
    yield from _fallback_problems(route, public_url)
    if route.callbacks:
        yield _callback_problem(place, f"{kind} status callback")


def _fallback_problems(route: Route, public_url: str) -> Iterator[Problem]:
    name = f"the {KINDS[route.channel]} fallback"
    if not route.fallback_url:
        summary = f"{name} must be set, got none"
    elif urlsplit(route.fallback_url).hostname == urlsplit(public_url).hostname:
        summary = f"{name} must be on another host, got the line's own, which fails with it"
    elif route.fallback_method != "POST":
        summary = f"{name} must use POST: another method puts number and text into logs"
    else:
        return
    option = " --voice" if route.channel == CALL else ""
    fix = f"Put the output of `rights-line fallback{option}` into a TwiML Bin, and set it with POST"
    yield Problem(route.place, summary, fix)


def _callback_problem(place: str, name: str) -> Problem:
    summary = f"the {name} must be empty: it receives the number of each sender or caller"
    return Problem(place, summary, "Empty it")


def _account_problems(account: Account) -> Iterator[Problem]:
    for number in account.numbers:
        if number.voice_caller_id_lookup:
            summary = "Caller Name Lookup must be off: it sends the caller's number to others"
            yield Problem(f"twilio, {number.phone_number}", summary, "Turn it off")
    for service in account.services:
        place = f"twilio, messaging service {service.friendly_name}"
        if service.smart_encoding:
            summary = "Smart Encoding must be off: it changes the line's texts"
            yield Problem(place, summary, "Turn it off")
        if service.status_callback:
            yield _callback_problem(place, "status callback")
    for kind in account.retained:
        records, fix = RETAINED[kind]
        yield Problem("twilio", f"must not keep {records}", fix)
