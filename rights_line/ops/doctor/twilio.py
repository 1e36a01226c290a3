"""Does Twilio's account do what the line needs: webhooks, fallbacks, nothing kept or changed?"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from rights_line.errors import Problem
from rights_line.ops.doctor.published_numbers import number_faults
from rights_line.ops.doctor.report import Report
from rights_line.ops.doctor.twilio_account import Account, read
from rights_line.ops.doctor.twilio_routes import CALL, KINDS, MESSAGE, Route, routes, supports
from rights_line.ops.twilio_api import FIRST_ANSWER, first_status

# What Twilio's API does not tell, and somebody has to look at.
MANUAL_CHECKS = (
    "twilio, Messaging > Settings: message redaction on; shortest retention of logs",
    "twilio, Messaging service > Opt-out: STOP answers nothing that names the line",
    "twilio, WhatsApp senders: webhook, fallback and status callback, as with a number",
    "twilio, Voice > Settings: no recording, no transcription",
    "twilio: open each fallback address; it must say what `rights-line fallback` prints",
    "twilio, Monitor > Errors: each error keeps the request, with number and text; mend and wait",
)
_PURGE = "Run `rights-line purge-twilio --older-than 30`, and see that it runs again (Procfile)"
MAX_RETENTION = {
    "messages": (" that are older than two days", _PURGE),
    "calls": (" that are older than two days", _PURGE),
    "recordings": (" of calls, which the line never makes", "Find out who does, and delete them"),
}
OFFLINE = Problem(
    "twilio",
    f"the API must answer in {FIRST_ANSWER} s, it could not be reached, and nothing was checked",
    "Check network, DNS, firewall and HTTPS_PROXY of this machine; then run doctor again",
)
_REFUSED, _BROKEN = (401, 403), 500
RETAINED = timedelta(
    days=2
)  # what is older should have been purged many times; some lists know days


def check_twilio(
    client: Any, public_url: str, gateways: Collection[str], now: datetime, shown: str = ""
) -> Report:
    """Return what is well with the account, what to look at by hand, and what to mend.

    `now` is aware; `shown` is the number that people are told to text, if it has to be Twilio's.
    """
    found = Report(manual=[*MANUAL_CHECKS])
    if fault := _answer_fault(first_status(client)):
        found.problems.append(fault)
        return found
    try:
        account = read(client, now - RETAINED)
    except Exception as error:  # any malformed answer; the text of an error may hold ids
        found.problems.append(_malformed(type(error).__name__))
        return found
    ways = list(routes(account, gateways))
    found.problems += [fault for route in ways for fault in _route_faults(route, public_url)]
    found.problems += _account_faults(account)
    if shown:
        own = {number.phone_number: supports(number, MESSAGE) for number in account.numbers}
        found.problems += number_faults(shown, own)
    if not ways:
        remedy = "Buy one, or use another account"
        found.problems.append(Problem("twilio", "the account has no number for the line", remedy))
    if not found.problems:
        found.ok.append(f"twilio: {len(ways)} ways lead here, with a fallback; nothing old is kept")
    if account.has_usage_trigger:
        found.ok.append("twilio: there is a usage trigger")
    else:
        found.manual.append("twilio, Usage triggers: none; a spend alarm ends loops and fraud")
    return found


def _answer_fault(status: int) -> Problem | None:
    """Return what is wrong with a first answer; only Twilio itself can refuse the token."""
    if not status:
        return OFFLINE
    if status in _REFUSED:
        problem = f"must be the token of TWILIO_ACCOUNT_SID, Twilio's API answered {status}"
        remedy = "Copy both from the first page of Twilio's console"
        return Problem("TWILIO_AUTH_TOKEN", problem, remedy)
    return _malformed(f"status {status}") if status >= _BROKEN else None


def _malformed(got: str) -> Problem:
    problem = f"the API must answer as documented, got {got}, and not everything was checked"
    return Problem("twilio", problem, "Run doctor again later; see https://status.twilio.com")


def _route_faults(route: Route, public_url: str) -> Iterator[Problem]:
    kind, place = KINDS[route.gateway], route.place
    wanted = f"{public_url}/inbound/{route.gateway}"
    if route.url != wanted:
        yield Problem(
            place, f"its {kind} webhook is not ours", f"Set it to {wanted}, or take it away"
        )
    elif route.method != "POST":
        yield Problem(place, f"its {kind} webhook is not POST", "Set it to HTTP POST")
    option = " --voice" if route.gateway == CALL else ""
    remedy = (
        f"Put what `rights-line fallback{option}` prints into a TwiML Bin, and set that, by POST"
    )
    if not route.fallback_url:
        yield Problem(place, f"it has no {kind} fallback", remedy)
    elif urlsplit(route.fallback_url).hostname == urlsplit(public_url).hostname:
        yield Problem(place, f"its {kind} fallback is the line itself, and down with it", remedy)
    elif route.fallback_method != "POST":
        yield Problem(
            place, f"its {kind} fallback is not POST: number and text are in logs", remedy
        )
    if route.callbacks:
        yield _callback_problem(place, f"{kind} status callback")


def _callback_problem(place: str, what: str) -> Problem:
    return Problem(
        place, f"it has a {what}, which is told who wrote or called, and when", "Empty it"
    )


def _account_faults(account: Account) -> Iterator[Problem]:
    for number in account.numbers:
        if number.voice_caller_id_lookup:
            problem = "Caller Name Lookup is on: it asks others who calls"
            yield Problem(f"twilio, {number.phone_number}", problem, "Turn it off")
    for service in account.services:
        place = f"twilio, messaging service {service.friendly_name}"
        if service.smart_encoding:
            yield Problem(place, "Smart Encoding is on: it changes our texts", "Turn it off")
        if service.status_callback:
            yield _callback_problem(place, "status callback")
    for what in account.retained:
        yield Problem("twilio", f"keeps {what}{MAX_RETENTION[what][0]}", MAX_RETENTION[what][1])
