"""The configuration of a Twilio account, read from its API."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rights_line.ops.twilio_api import list_records


@dataclass(frozen=True)
class Account:
    """Records of the account, as the classes of Twilio's SDK.

    Attributes:
        numbers: the phone numbers.
        services: the messaging services.
        service_of: the id of a number -> its messaging service.
        applications: the TwiML applications by id.
        retained: kinds of records that should have been deleted: `messages`, `calls`, `recordings`.
        has_usage_trigger: whether a usage trigger exists.
    """

    numbers: tuple[Any, ...]
    services: tuple[Any, ...]
    service_of: Mapping[str, Any]
    applications: Mapping[str, Any]
    retained: tuple[str, ...]
    has_usage_trigger: bool


def read_account(client: Any, before: datetime) -> Account:
    """Read the account; records older than `before` (aware) should have been deleted."""
    api = client.messaging.v1
    services = tuple(list_records(api.services))
    old = {
        "messages": client.messages.list(date_sent_before=before, limit=1),
        "calls": client.calls.list(start_time_before=before, limit=1),
        "recordings": client.recordings.list(limit=1),
    }
    return Account(
        numbers=tuple(list_records(client.incoming_phone_numbers)),
        services=services,
        service_of={
            number.sid: service
            for service in services
            for number in list_records(api.services(service.sid).phone_numbers)
        },
        applications={row.sid: row for row in list_records(client.applications)},
        retained=tuple(name for name, rows in old.items() if rows),
        has_usage_trigger=bool(client.usage.triggers.list(limit=1)),
    )
