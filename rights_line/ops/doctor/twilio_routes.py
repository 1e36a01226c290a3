"""The webhooks that Twilio calls for each number.

They are set on the number itself, unless a messaging service, a TwiML application or a SIP trunk
overrides them. Twilio then ignores the settings of the number, but its console still shows them.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rights_line.ops.doctor.twilio_account import Account

MESSAGE, CALL = "twilio_sms", "twilio_voice"
KINDS = {MESSAGE: "sms", CALL: "voice"}


@dataclass(frozen=True)
class Route:
    """The webhooks for messages or calls to one number.

    Attributes:
        place: the number, and the record that holds the settings; for people.
        channel: the channel that has to answer.
        url, method, fallback_url, fallback_method: as set at Twilio; empty if not set.
        callbacks: addresses that Twilio notifies of each message or call.
    """

    place: str
    channel: str
    url: str
    method: str
    fallback_url: str
    fallback_method: str
    callbacks: tuple[str, ...]


def routes(account: Account, channels: Collection[str]) -> Iterator[Route]:
    """Yield a route for each number and each channel that it supports."""
    for number in account.numbers:
        if MESSAGE in channels and supports(number, MESSAGE):
            yield _message_route(number, account.service_of.get(number.sid), account.applications)
        if CALL in channels and supports(number, CALL):
            yield _call_route(number, account.applications)


def supports(number: Any, channel: str) -> bool:
    """Whether a number can receive messages, or calls; true if Twilio does not say."""
    capabilities = number.capabilities if isinstance(number.capabilities, Mapping) else {}
    return bool(capabilities.get(KINDS[channel], True))


def _message_route(number: Any, service: Any, applications: Mapping[str, Any]) -> Route:
    if service and not service.use_inbound_webhook_on_number:
        place = f"twilio, messaging service {service.friendly_name} of {number.phone_number}"
        return _route(
            place,
            MESSAGE,
            (service.inbound_request_url, service.inbound_method),
            (service.fallback_url, service.fallback_method),
        )
    callbacks: tuple[Any, ...] = ()
    place, owner = _settings_owner(number, number.sms_application_sid, applications)
    if owner is not number:
        callbacks = (
            getattr(owner, "sms_status_callback", ""),
            getattr(owner, "message_status_callback", ""),
        )
    return _route_of(place, MESSAGE, owner, callbacks)


def _call_route(number: Any, applications: Mapping[str, Any]) -> Route:
    if number.trunk_sid:
        return _route(f"twilio, SIP trunk of {number.phone_number}", CALL, ("", ""), ("", ""))
    place, owner = _settings_owner(number, number.voice_application_sid, applications)
    callbacks = (number.status_callback, getattr(owner, "status_callback", ""))
    return _route_of(place, CALL, owner, callbacks)


def _settings_owner(
    number: Any, sid: str | None, applications: Mapping[str, Any]
) -> tuple[str, Any]:
    """Return the record that holds a number's settings; None: an application we cannot read."""
    if not sid:
        return f"twilio, {number.phone_number}", number
    application = applications.get(sid)
    name = application.friendly_name if application else "of another account"
    return f"twilio, TwiML application {name} of {number.phone_number}", application


def _route_of(place: str, channel: str, owner: Any, callbacks: tuple[Any, ...]) -> Route:
    kind = KINDS[channel]
    url, method, fallback_url, fallback_method = (
        getattr(owner, f"{kind}_{name}", "")
        for name in ("url", "method", "fallback_url", "fallback_method")
    )
    return _route(place, channel, (url, method), (fallback_url, fallback_method), callbacks)


def _route(
    place: str,
    channel: str,
    webhook: tuple[str | None, str | None],
    fallback: tuple[str | None, str | None],
    callbacks: tuple[str | None, ...] = (),
) -> Route:
    url, method, fallback_url, fallback_method = (text or "" for text in (*webhook, *fallback))
    distinct = tuple(dict.fromkeys(filter(None, callbacks)))
    return Route(place, channel, url, method, fallback_url, fallback_method, distinct)
