"""A client of Twilio's API that retries, with increasing pauses, and logs nothing."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from rights_line.errors import ConfigurationError, Problem
from rights_line.settings import twilio_tokens, variable_problems

API = "https://api.twilio.com/2010-04-01"
# Seconds between attempts, while Twilio is down or limits the rate.
PAUSES = (1.0, 2.0, 4.0, 8.0)
MAX_PAUSE = 60.0  # seconds, even if Twilio asks for more
TIMEOUT = 10.0  # seconds
FIRST_ANSWER = 2.5  # seconds until the first response of any kind
PAGE_SIZE = 100
REQUIRED = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
_OK, _TOO_MANY_REQUESTS, _SERVER_ERROR = 200, 429, 500

Wait = Callable[[float], None]


def twilio_client(
    environ: Mapping[str, str], wait: Wait = time.sleep, pauses: Sequence[float] = PAUSES
) -> Any:
    """Return a client for the account in the variables; it uses the first of two tokens.

    Args:
        environ: the environment variables.
        wait: sleeps for a number of seconds.
        pauses: seconds between retries; empty: no retries.

    Raises:
        ConfigurationError: a variable is missing or malformed.
    """
    fix = "Copy it from the first page of Twilio's console"
    missing = [name for name in REQUIRED if not environ.get(name)]
    problems = [Problem(name, "must be set for Twilio's API", fix) for name in missing]
    if problems := [*problems, *variable_problems(environ, *REQUIRED)]:
        raise ConfigurationError(problems)
    sid, token = environ["TWILIO_ACCOUNT_SID"], twilio_tokens(environ)[0]
    return Client(sid, token, http_client=RetryingHttpClient(wait, pauses=pauses))


def first_status(client: Any, seconds: float = FIRST_ANSWER) -> int:
    """Return the status of a request for the account; 0 if there is no response in time.

    The request has a thread of its own, because the timeout of `requests` limits neither the name
    lookup nor the attempts at each address of a host.
    """
    statuses: list[int] = []

    def request() -> None:
        with suppress(requests.RequestException):
            response = client.request("GET", f"{API}/Accounts/{client.account_sid}.json")
            statuses.append(response.status_code)

    thread = threading.Thread(target=request, daemon=True)
    thread.start()
    thread.join(seconds)
    return statuses[0] if statuses else 0


def list_records(resource: Any) -> Iterator[Any]:
    """Yield all records of a resource, page by page."""
    page = resource.page(page_size=PAGE_SIZE)
    yield from list(page)
    seen: set[str] = set()  # stop if a page leads back to an earlier one
    while (address := page.next_page_url) and address not in seen:
        seen.add(address)
        page = resource.get_page(address)
        yield from list(page)


class RetryingHttpClient(TwilioHttpClient):  # type: ignore[misc]
    """An HTTP client that retries after server errors, rate limits and lost connections.

    If the last attempt fails too, it returns an empty response with the status of that attempt.

    Args:
        wait: sleeps for a number of seconds.
        timeout: in seconds.
        pauses: seconds between retries.
    """

    def __init__(
        self,
        wait: Wait = time.sleep,
        timeout: float = TIMEOUT,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        super().__init__(timeout=timeout)
        self._wait = wait
        self._pauses = pauses

    def log_request(self, kwargs: Any) -> None:
        """Log nothing: the address contains ids."""

    def log_response(self, status_code: int, response: Any) -> None:
        """Log nothing: the response contains numbers and texts."""

    def request(self, *args: Any, **options: Any) -> Response:
        for pause in self._pauses:
            try:
                response = super().request(*args, **options)
            except requests.RequestException:
                self._wait(pause)
                continue
            if not _is_retryable(response):
                return response
            self._wait(min(max(pause, _retry_after(response)), MAX_PAUSE))
        response = super().request(*args, **options)
        return Response(response.status_code, "{}") if _is_retryable(response) else response


def _is_retryable(response: Response) -> bool:
    if response.status_code == _TOO_MANY_REQUESTS or response.status_code >= _SERVER_ERROR:
        return True
    return response.status_code == _OK and not _is_object(response.text)


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _retry_after(response: Response) -> float:
    """Return the Retry-After header in seconds; 0 if it is missing or malformed."""
    value = str((response.headers or {}).get("Retry-After", ""))
    if re.fullmatch("[0-9]{1,9}", value):
        return float(value)
    try:
        return (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return 0.0
