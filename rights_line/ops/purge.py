"""Delete at Twilio what Twilio keeps of finished messages and calls, for a year or more.

No list is kept here: what there is to delete is what Twilio still lists.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rights_line.ops.twilio_api import listed

# Seconds between looks while something is not finished; the next purge finds the rest.
PAUSES = (20.0, 40.0)
MOST_LOOKS = 20
_GONE = 404
_NOT_FINISHED = 20009  # of a message that is still on its way

Wait = Callable[[float], None]


@dataclass
class Tally:
    """Counts of a purge, without ids.

    Attributes:
        deleted: records whose deletion Twilio confirmed.
        unfinished: records of the last look that cannot be deleted yet.
        failed: records or lists of the last look that could not be deleted or read.
        is_clean: the last look found nothing that is old enough.
    """

    deleted: int = 0
    unfinished: int = 0
    failed: int = 0
    is_clean: bool = False


def purge(client: Any, before: datetime, wait: Wait = time.sleep) -> Tally:
    """Delete messages, in both directions, and calls that are older than a moment.

    It lists them again until a look finds none, since deletions may shift the pages of a list.
    It stops earlier when a look deletes nothing, or after MOST_LOOKS.

    Args:
        client: from twilio_client.py, which retries while Twilio is in trouble.
        before: aware.
        wait: sleeps for some seconds.
    """
    total, pauses = Tally(), iter(PAUSES)
    for _ in range(MOST_LOOKS):
        look = _once(client, before)
        total = replace(look, deleted=total.deleted + look.deleted, is_clean=look == Tally())
        if look.unfinished:
            if (pause := next(pauses, None)) is None:
                break
            wait(pause)
        elif not look.deleted:
            break
    return total


def _once(client: Any, before: datetime) -> Tally:
    tally = Tally()
    for kind in (client.messages, client.calls):
        try:
            for record in listed(kind):
                if record.date_created is None:
                    tally.failed += 1
                elif record.date_created < before:
                    _delete(kind(record.sid), tally)
        except Exception:  # any malformed page: the text of an error holds addresses, and so ids
            tally.failed += 1
    return tally


def _delete(record: Any, tally: Tally) -> None:
    try:
        is_deleted = record.delete() is True
    except Exception as error:  # as above
        if getattr(error, "status", None) == _GONE:  # deleted by another purge, or by the operator
            return
        if getattr(error, "code", None) == _NOT_FINISHED:
            tally.unfinished += 1
            return
        is_deleted = False
    tally.deleted += is_deleted
    tally.failed += not is_deleted
