"""Delete the records of finished messages and calls, which Twilio keeps for a year or more.

The purge has no state of its own: it deletes the records that Twilio still lists.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from rights_line.ops import twilio_account

# Seconds between passes while records are unfinished; the next purge deletes the rest.
PAUSES = (20.0, 40.0)
MAX_PASSES = 20
_GONE = 404
_UNFINISHED = 20009  # error code for a message that is still being sent

Wait = Callable[[float], None]
Advance = Callable[[int], object]


@dataclass
class Tally:
    """Counts of a purge; they contain no ids."""

    deleted: int = 0  # records whose deletion Twilio confirmed
    unfinished: int = 0  # records of the last pass that cannot be deleted yet
    failed: int = 0  # records and lists of the last pass that could not be deleted or read
    is_clean: bool = False  # whether the last pass found nothing to delete
    reason: str = field(default="", compare=False)  # the last failure


def records(
    client: Any, before: datetime, wait: Wait = time.sleep, advance: Advance = bool
) -> Tally:
    """Delete messages, in both directions, and calls that are older than `before`.

    It repeats until a pass finds nothing, since deletions may shift the pages of a list. It stops
    earlier after a pass that deletes nothing, or after MAX_PASSES.

    Args:
        client: from twilio_account.py, which retries.
        before: a time, aware.
        wait: sleeps for a number of seconds.
        advance: is told the number of records that were tried; the default ignores it.
    """
    total, pauses = Tally(), iter(PAUSES)
    for _ in range(MAX_PASSES):
        result = _run_pass(client, before, advance)
        is_clean = result == Tally()
        total = replace(result, deleted=total.deleted + result.deleted, is_clean=is_clean)
        if result.unfinished:
            if (pause := next(pauses, None)) is None:
                break
            wait(pause)
        elif not result.deleted:
            break
    return total


def _run_pass(client: Any, before: datetime, advance: Advance) -> Tally:
    tally = Tally()
    for resource in (client.messages, client.calls):
        try:
            for record in twilio_account.list_records(resource):
                if record.date_created is None:
                    tally.failed += 1
                elif record.date_created < before:
                    _one_record(resource(record.sid), tally)
                    advance(1)
        except Exception as error:  # any malformed page; the message of the error may hold ids
            tally.failed += 1
            tally.reason = f"a list could not be read: {_error_kind(error)}"
    return tally


def _error_kind(error: Exception) -> str:
    """Return the HTTP status of an error, else its class: "HTTP 401", "ConnectionError"."""
    responses = (part.status_code for part in error.args if hasattr(part, "status_code"))
    status = getattr(error, "status", None) or next(responses, None)
    return f"HTTP {status}" if status else type(error).__name__


def _one_record(record: Any, tally: Tally) -> None:
    try:
        is_deleted = record.delete() is True
    except Exception as error:  # as above
        if getattr(error, "status", None) == _GONE:  # deleted by another purge, or by the operator
            return
        if getattr(error, "code", None) == _UNFINISHED:
            tally.unfinished += 1
            return
        is_deleted = False
        tally.reason = f"a record could not be deleted: {_error_kind(error)}"
    tally.deleted += is_deleted
    tally.failed += not is_deleted
