"""Check the Twilio account: webhooks, fallbacks, callbacks and retained records."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from rights_line.errors import Problem
from rights_line.ops import Finding, Manual, Ok, twilio_account

KINDS = {"twilio_sms": "sms", "twilio_voice": "voice"}
# Settings that Twilio's API does not return.
MANUAL_CHECKS = (
    "twilio, Messaging > Settings: message redaction is on, and logs have the shortest retention",
    "twilio, Messaging service > Opt-out: the reply to STOP does not name the line",
    "twilio, WhatsApp senders: webhook, fallback and status callback are as for a number",
    "twilio, Voice > Settings: recording and transcription are off",
    "twilio, Usage triggers: one is set, to notice loops and fraud",
    "twilio: each fallback address returns the output of `rights-line fallback`",
    "twilio, Monitor > Errors: fix each error; Twilio keeps its request, with number and text",
)
# Settings of numbers and messaging services that must be off, and why.
OFF = {
    "voice_caller_id_lookup": "Caller Name Lookup must be off: it sends the number to others",
    "smart_encoding": "Smart Encoding must be off: it changes the line's texts",
    "status_callback": "the status callback must be empty: it receives numbers of people",
}
RETENTION = timedelta(days=2)  # some lists of Twilio filter by day only
OFFLINE = Problem(
    "twilio",
    "the API must answer, got no answer; not everything was checked",
    "Check network, DNS, firewall and HTTPS_PROXY, and run doctor again",
)


@dataclass(frozen=True)
class Account:
    """A Twilio account, and the line that it belongs to; records are those of Twilio's SDK.

    `client` is None without TWILIO_ACCOUNT_SID. `published_number` is that on web pages and cards,
    if it must belong to the account.
    """

    client: Any
    public_url: str
    channels: Collection[str]
    now: datetime
    published_number: str = ""

    @cached_property
    def numbers(self) -> list[Any]:
        return list(twilio_account.list_records(self.client.incoming_phone_numbers))

    @cached_property
    def services(self) -> list[Any]:
        return list(twilio_account.list_records(self.client.messaging.v1.services))


def check_twilio(account: Account) -> Iterator[Finding]:
    """Check an account, whatever Twilio answers."""
    yield from map(Manual, MANUAL_CHECKS)
    if not account.client:
        yield Manual("twilio: not checked, because TWILIO_ACCOUNT_SID is not set")
        summary = "must be set: without it the line answers any account that signs with the token"
        fix = "Set it to the Account SID (AC and 32 digits) on the first page of Twilio's console"
        yield Problem("TWILIO_ACCOUNT_SID", summary, fix)
        return
    try:
        account.client.api.account.fetch()
        for check in CHECKS:
            yield from check(account)
    except OSError:
        yield OFFLINE
    except Exception as error:  # any malformed response; the message of the error may hold ids
        yield _unreadable(error)


def _unreadable(error: Exception) -> Problem:
    status = getattr(error, "status", None)
    if status in (401, 403):
        summary = f"must be the token of TWILIO_ACCOUNT_SID, Twilio's API answered {status}"
        return Problem("TWILIO_AUTH_TOKEN", summary, "Copy both from Twilio's console")
    got = f"status {status}" if status else type(error).__name__
    summary = f"the API must answer as documented, got {got}; not everything was checked"
    return Problem("twilio", summary, "Run doctor again later; see https://status.twilio.com")


def _number_supports(number: Any, channel: str) -> bool:
    # True if Twilio does not say.
    return bool((number.capabilities or {}).get(KINDS[channel], True))


def webhooks(account: Account) -> Iterator[Finding]:
    """Find webhooks that do not reach the line, and fallbacks that would fail with it."""
    service_of = {
        number.sid: service
        for service in account.services
        for number in twilio_account.list_records(service.phone_numbers)
    }
    checked = [
        (number, channel)
        for number in account.numbers
        for channel in KINDS
        if channel in account.channels and _number_supports(number, channel)
    ]
    for number, channel in checked:
        yield from _webhook(account, number, channel, service_of.get(number.sid))
    if not checked:
        yield Problem("twilio", "the account must have a number for the line", "Buy one")
    yield Ok(f"twilio: {len(checked)} webhooks checked")


def _webhook(account: Account, number: Any, channel: str, service: Any) -> Iterator[Finding]:
    kind, expected = KINDS[channel], f"{account.public_url}/inbound/{channel}"
    place, *found = _webhook_settings(number, kind, service)
    if not found:
        yield Manual(f"{place}: its {kind} webhook and fallback must be set as for a number")
        return
    url, method, fallback_url, fallback_method = found
    if (url, method) != (expected, "POST"):
        summary = f"the {kind} webhook must be the line's, by POST, got another or none"
        yield Problem(place, summary, f"Set it to {expected} with HTTP POST, or release the number")
    hosts = [urlsplit(address or "").hostname for address in (fallback_url, account.public_url)]
    if not hosts[0] or hosts[0] == hosts[1] or fallback_method != "POST":
        summary = f"the {kind} fallback must be on another host, by POST, got another or none"
        option = " --voice" if kind == "voice" else ""
        fix = f"Put the output of `rights-line fallback{option}` into a TwiML Bin, and set it"
        yield Problem(place, summary, f"{fix} with HTTP POST")


def _webhook_settings(number: Any, kind: str, service: Any) -> list[str]:
    """Return the place of the settings that Twilio uses, and the settings if they can be read.

    Twilio's console shows those of the number even where others override them.
    """
    names = ("url", "method", "fallback_url", "fallback_method")
    if kind == "sms" and service and not service.use_inbound_webhook_on_number:
        place = f"twilio, messaging service {service.friendly_name} of {number.phone_number}"
        prefixed = ("inbound_request_url", "inbound_method", *names[2:])
        return [place, *(getattr(service, name) for name in prefixed)]
    if getattr(number, f"{kind}_application_sid") or (kind == "voice" and number.trunk_sid):
        return [f"twilio, TwiML application or SIP trunk of {number.phone_number}"]
    found = (getattr(number, f"{kind}_{name}") for name in names)
    return [f"twilio, {number.phone_number}", *found]


def published_number(account: Account) -> Iterator[Finding]:
    """Find a number on cards that does not belong to the account or receives no SMS."""
    usable = [row.phone_number for row in account.numbers if _number_supports(row, "twilio_sms")]
    if account.published_number and account.published_number not in usable:
        summary = "is printed on cards, and must be a number of the account that can receive SMS"
        numbers = " or ".join(usable) or "such a number"
        yield Problem("RIGHTS_LINE_NUMBER", summary, f"Set it to {numbers}")


def settings(account: Account) -> Iterator[Finding]:
    """Find settings that send numbers to others, or change the line's texts."""
    for record in (*account.numbers, *account.services):
        for name, summary in OFF.items():
            if getattr(record, name, None):
                place = getattr(record, "phone_number", f"messaging service {record.friendly_name}")
                yield Problem(f"twilio, {place}", summary, "Turn it off, or empty it")


def retention(account: Account) -> Iterator[Finding]:
    """Find records that `purge-twilio` should have deleted, and recordings."""
    client, before = account.client, account.now - RETENTION
    fix = "Run `rights-line purge-twilio --older-than 30`, and schedule it (see Procfile)"
    messages = client.messages.list(date_sent_before=before, limit=1)
    if messages or client.calls.list(start_time_before=before, limit=1):
        yield Problem("twilio", "must not keep messages or calls older than two days", fix)
    if client.recordings.list(limit=1):
        summary = "must not keep recordings of calls, which the line never makes"
        yield Problem("twilio", summary, "Find out who makes them, and delete them")


CHECKS = (webhooks, published_number, settings, retention)
