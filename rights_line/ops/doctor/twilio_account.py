"""What Twilio's API tells of an account, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rights_line.ops.twilio_api import listed


@dataclass(frozen=True)
class Account:
    """Records as twilio's own client makes them.

    Attributes:
        numbers: phone numbers.
        services: messaging services.
        service_of: a number's id -> the messaging service that it is in.
        applications: TwiML applications by their id.
        keeps: what it still holds that it should not: messages, calls, recordings.
        has_alarm: there is a usage trigger.
    """

    numbers: tuple[Any, ...]
    services: tuple[Any, ...]
    service_of: Mapping[str, Any]
    applications: Mapping[str, Any]
    retained: tuple[str, ...]
    has_usage_trigger: bool


def read(client: Any, before: datetime) -> Account:
    """Ask for everything; what is older than `before`, which is aware, should have been purged."""
    api = client.messaging.v1
    services = tuple(listed(api.services))
    kept = {
        "messages": client.messages.list(date_sent_before=before, limit=1),
        "calls": client.calls.list(start_time_before=before, limit=1),
        "recordings": client.recordings.list(limit=1),
    }
    return Account(
        numbers=tuple(listed(client.incoming_phone_numbers)),
        services=services,
        service_of={
            number.sid: service
            for service in services
            for number in listed(api.services(service.sid).phone_numbers)
        },
        applications={row.sid: row for row in listed(client.applications)},
        retained=tuple(name for name, rows in kept.items() if rows),
        has_usage_trigger=bool(client.usage.triggers.list(limit=1)),
    )
