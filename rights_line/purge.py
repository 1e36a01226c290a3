"""Delete at Twilio what Twilio keeps of finished messages and calls, for a year or more.

No list is kept here: what there is to delete is what Twilio still lists.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from rights_line.channels import missing
from rights_line.errors import Refused

PAGE = 100
# Seconds between tries, while Twilio is down or has had enough of us.
PAUSES = (1.0, 2.0, 4.0, 8.0)
TIMEOUT = 10.0
_GONE, _BUSY, _BROKEN = 404, 429, 500
_NOT_FINISHED = 20009  # of a message that is still on its way

Made = TypeVar("Made")
Wait = Callable[[float], None]


@dataclass
class Tally:
    """How many records were deleted, are not finished, and could not be deleted."""

    deleted: int = 0
    unfinished: int = 0
    failed: int = 0


def twilio_client(environ: Mapping[str, str]) -> Any:
    """Return a client of the account in the variables.

    Raises:
        Refused: one of them is not set.
    """
    names = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
    if faults := missing(environ, names, "purge-twilio"):
        raise Refused(faults)
    token = environ["TWILIO_AUTH_TOKEN"].split(",")[0].strip()
    return Client(
        environ["TWILIO_ACCOUNT_SID"], token, http_client=TwilioHttpClient(timeout=TIMEOUT)
    )


def purge(client: Any, before: datetime, wait: Wait = time.sleep) -> Tally:
    """Delete messages, in both directions, and calls that are older than a moment.

    Args:
        client: twilio's own.
        before: aware.
        wait: sleeps for some seconds.

    Returns:
        Counts, and nothing else: no number, no text, no id.
    """
    tally = Tally()
    for kind in (client.messages, client.calls):
        try:
            for record in _listed(kind, wait):
                if record.date_created and record.date_created < before:
                    _delete(kind(record.sid), tally, wait)
        except (TwilioException, requests.RequestException):
            tally.failed += 1  # a page of the list
    return tally


def _listed(kind: Any, wait: Wait) -> Iterator[Any]:
    page = _patiently(lambda: kind.page(page_size=PAGE), wait)
    yield from list(page)
    seen: set[str] = set()  # a list that leads back to itself has an end, too
    while (address := page.next_page_url) and address not in seen:
        seen.add(address)
        page = _patiently(partial(kind.get_page, address), wait)
        yield from list(page)


def _delete(record: Any, tally: Tally, wait: Wait) -> None:
    try:
        _patiently(record.delete, wait)
    except TwilioRestException as error:
        if error.code == _NOT_FINISHED:
            tally.unfinished += 1
        elif error.status == _GONE:  # by another purge, or by the operator
            tally.deleted += 1
        else:
            tally.failed += 1
    except (TwilioException, requests.RequestException):
        tally.failed += 1
    else:
        tally.deleted += 1


def _patiently(ask: Callable[[], Made], wait: Wait) -> Made:
    """Ask again, later and later, while it is Twilio's fault or there is no answer."""
    for pause in PAUSES:
        try:
            return ask()
        except TwilioRestException as error:
            if error.status != _BUSY and error.status < _BROKEN:
                raise
        except (TwilioException, requests.RequestException):
            pass
        wait(pause)
    return ask()
