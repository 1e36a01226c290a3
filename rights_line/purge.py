"""Delete at Twilio what Twilio keeps of finished messages and calls, for a year or more.

No list is kept here: what there is to delete is what Twilio still lists.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rights_line.twilio_client import listed

# Seconds between looks, while something is on its way; what is still so then, the next purge finds.
PAUSES = (20.0, 40.0)
_GONE = 404
_NOT_FINISHED = 20009  # of a message that is still on its way

Wait = Callable[[float], None]


@dataclass
class Tally:
    """How many records were deleted, are not finished, and could not be deleted."""

    deleted: int = 0
    unfinished: int = 0
    failed: int = 0

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing is left that is old enough."""
        return not self.unfinished and not self.failed


def purge(client: Any, before: datetime, wait: Wait = time.sleep) -> Tally:
    """Delete messages, in both directions, and calls that are older than a moment.

    Args:
        client: of twilio_client.py, which asks again while Twilio is in trouble.
        before: aware.
        wait: sleeps for some seconds.

    Returns:
        Counts, and nothing else: no number, no text, no id.
    """
    tally = _once(client, before)
    for pause in PAUSES:
        if not tally.unfinished:
            break
        wait(pause)
        again = _once(client, before)
        tally = Tally(tally.deleted + again.deleted, again.unfinished, again.failed)
    return tally


def _once(client: Any, before: datetime) -> Tally:
    tally = Tally()
    for kind in (client.messages, client.calls):
        try:
            for record in listed(kind):
                if record.date_created is None:
                    tally.failed += 1
                elif record.date_created < before:
                    _delete(kind(record.sid), tally)
        except Exception:  # whatever a page is like: an error's text holds addresses, and so ids
            tally.failed += 1
    return tally


def _delete(record: Any, tally: Tally) -> None:
    try:
        is_deleted = record.delete() is True
    except Exception as error:  # as above
        if getattr(error, "code", None) == _NOT_FINISHED:
            tally.unfinished += 1
            return
        is_deleted = getattr(error, "status", None) == _GONE  # by another purge, or by the operator
    tally.deleted += is_deleted
    tally.failed += not is_deleted
