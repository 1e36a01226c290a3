"""Where Twilio sends what comes to a number: whose settings count, and what they are.

They are the number's own, unless a messaging service, a TwiML application or a SIP trunk overrides
them; Twilio then ignores the number's, and its console still shows them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rights_line.ops.doctor.twilio_account import Account

MESSAGE, CALL = "twilio_sms", "twilio_voice"
KINDS = {MESSAGE: "sms", CALL: "voice"}


@dataclass(frozen=True)
class Route:
    """Who is asked when a message or a call comes to a number.

    Attributes:
        place: where that is set, for people; it names the line's own number.
        gateway: which of ours has to be asked.
        url, method, fallback_url, fallback_method: as set there; empty: nobody is asked.
        callbacks: addresses that are told of each message or call.
    """

    place: str
    gateway: str
    url: str
    method: str
    fallback_url: str
    fallback_method: str
    callbacks: tuple[str, ...]


def routes(account: Account, gateways: Collection[str]) -> Iterator[Route]:
    """Yield a route for each number and each gateway that it can feed."""
    for number in account.numbers:
        if MESSAGE in gateways and supports(number, MESSAGE):
            yield _of_messages(number, account.service_of.get(number.sid), account.applications)
        if CALL in gateways and supports(number, CALL):
            yield _of_calls(number, account.applications)


def supports(number: Any, gateway: str) -> bool:
    """Tell whether messages, or calls, can come to a number, as far as Twilio says."""
    able = number.capabilities if isinstance(number.capabilities, Mapping) else {}
    return bool(able.get(KINDS[gateway], True))


def _of_messages(number: Any, service: Any, applications: Mapping[str, Any]) -> Route:
    if service and not service.use_inbound_webhook_on_number:
        place = f"twilio, messaging service {service.friendly_name} of {number.phone_number}"
        return _route(
            place,
            MESSAGE,
            (service.inbound_request_url, service.inbound_method),
            (service.fallback_url, service.fallback_method),
        )
    callbacks: tuple[Any, ...] = ()
    place, holder = _settings_owner(number, number.sms_application_sid, applications)
    if holder is not number:
        callbacks = (
            getattr(holder, "sms_status_callback", ""),
            getattr(holder, "message_status_callback", ""),
        )
    return _route_of(place, MESSAGE, holder, callbacks)


def _of_calls(number: Any, applications: Mapping[str, Any]) -> Route:
    if number.trunk_sid:
        return _route(f"twilio, SIP trunk of {number.phone_number}", CALL, ("", ""), ("", ""))
    place, holder = _settings_owner(number, number.voice_application_sid, applications)
    told = (number.status_callback, getattr(holder, "status_callback", ""))
    return _route_of(place, CALL, holder, told)


def _settings_owner(
    number: Any, sid: str | None, applications: Mapping[str, Any]
) -> tuple[str, Any]:
    """Return what holds a number's settings; None: an application that is not this account's."""
    if not sid:
        return f"twilio, {number.phone_number}", number
    found = applications.get(sid)
    name = found.friendly_name if found else "of another account"
    return f"twilio, TwiML application {name} of {number.phone_number}", found


def _route_of(place: str, gateway: str, holder: Any, callbacks: tuple[Any, ...]) -> Route:
    kind = KINDS[gateway]
    url, method, fallback_url, fallback_method = (
        getattr(holder, f"{kind}_{name}", "")
        for name in ("url", "method", "fallback_url", "fallback_method")
    )
    return _route(place, gateway, (url, method), (fallback_url, fallback_method), callbacks)


def _route(
    place: str,
    gateway: str,
    asked: tuple[str | None, str | None],
    fallback: tuple[str | None, str | None],
    callbacks: tuple[str | None, ...] = (),
) -> Route:
    told = tuple(dict.fromkeys(filter(None, callbacks)))
    url, method, fallback_url, fallback_method = (text or "" for text in (*asked, *fallback))
    return Route(place, gateway, url, method, fallback_url, fallback_method, told)
