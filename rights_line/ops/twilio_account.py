"""The Twilio account: a client of its API, and the purge of records that Twilio keeps for a year.

The client retries, with increasing pauses, and logs nothing. The purge has no state of its own: it
deletes the records of finished messages and calls that Twilio still lists.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3 import Retry

from rights_line.channels._twilio import ACCOUNT_SID, AUTH_TOKEN
from rights_line.errors import ConfigurationError, Problem
from rights_line.settings.variable import variable_list, variable_problems

PAGE_SIZE = 100
MAX_RECORDS = 10_000  # read from one list, so that a list that links back to itself ends
REQUIRED = (ACCOUNT_SID, AUTH_TOKEN)
# Pauses of 0, 2, 4 and 8 seconds, or as long as Twilio asks for, up to a minute.
RETRIES = Retry(
    total=4,
    backoff_factor=1,
    retry_after_max=60,
    status_forcelist=(429, 500, 502, 503, 504),
    raise_on_status=False,
)
# Seconds between passes while records are unfinished; the next purge deletes the rest.
PAUSES = (20.0, 40.0)
MAX_PASSES = 20
_GONE = 404
_UNFINISHED = 20009  # error code for a message that is still being sent
# Their lines hold paths, and so the ids of messages and calls.
_LOGGERS = ("twilio.http_client", "urllib3.connectionpool", "urllib3.util.retry")


def twilio_client(
    environ: Mapping[str, str], timeout: float = 10.0, retries: Retry | int = RETRIES
) -> Any:
    """Return a client for the account in the variables; it uses the first of two tokens.

    `timeout` is in seconds, of each attempt.

    Raises:
        ConfigurationError: a variable is missing or malformed.
    """
    fix = "Copy it from the first page of Twilio's console"
    missing = [row.name for row in REQUIRED if not environ.get(row.name)]
    problems = [Problem(name, "must be set for Twilio's API", fix) for name in missing]
    if problems := [*problems, *variable_problems(environ, REQUIRED)]:
        raise ConfigurationError(problems)
    for name in _LOGGERS:
        logging.getLogger(name).disabled = True
    http_client = TwilioHttpClient(timeout=timeout, max_retries=retries)
    sid, token = environ[ACCOUNT_SID.name], variable_list(environ, AUTH_TOKEN.name)[0]
    return Client(sid, token, http_client=http_client)


def list_records(resource: Any) -> Iterator[Any]:
    """Return the records of a resource; the SDK fetches page after page."""
    records: Iterator[Any] = resource.stream(limit=MAX_RECORDS, page_size=PAGE_SIZE)
    return records


@dataclass
class Tally:
    """Counts of a purge; they contain no ids."""

    deleted: int = 0  # records whose deletion Twilio confirmed
    unfinished: int = 0  # records of the last pass that cannot be deleted yet
    failed: int = 0  # records and lists of the last pass that could not be deleted or read
    is_clean: bool = False  # whether the last pass found nothing to delete
    reason: str = field(default="", compare=False)  # the last failure


def purge(client: Any, before: datetime, wait: Callable[[float], None] = time.sleep) -> Tally:
    """Delete messages, in both directions, and calls that are older than `before`.

    It repeats until a pass finds nothing, since deletions may shift the pages of a list. It stops
    earlier after a pass that deletes nothing, or after MAX_PASSES.

    Args:
        client: one that retries.
        before: a time, aware.
        wait: sleeps for a number of seconds.
    """
    total, pauses = Tally(), iter(PAUSES)
    for _ in range(MAX_PASSES):
        result = _run_pass(client, before)
        is_clean = result == Tally()
        total = replace(result, deleted=total.deleted + result.deleted, is_clean=is_clean)
        if result.unfinished:
            if (pause := next(pauses, None)) is None:
                break
            wait(pause)
        elif not result.deleted:
            break
    return total


def _run_pass(client: Any, before: datetime) -> Tally:
    tally = Tally()
    for resource in (client.messages, client.calls):
        try:
            for record in list_records(resource):
                if record.date_created is None:
                    tally.failed += 1
                elif record.date_created < before:
                    _one_record(resource(record.sid), tally)
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
