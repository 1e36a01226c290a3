"""A client of Twilio's API that retries, with increasing pauses, and logs nothing."""

import logging
from collections.abc import Iterator, Mapping
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
