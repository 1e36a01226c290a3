"""A client of Twilio's API that asks again while Twilio is in trouble, and writes nothing down."""

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
# Seconds between tries, while Twilio is down or has had enough of us.
PAUSES = (1.0, 2.0, 4.0, 8.0)
LONGEST = 60.0  # seconds to wait at most, whatever Twilio asks for
TIMEOUT = 10.0
FIRST_ANSWER = 2.5  # seconds for a first answer of any kind
PAGE = 100
NEEDS = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN")
_OK, _BUSY, _BROKEN = 200, 429, 500

Wait = Callable[[float], None]


def twilio_client(
    environ: Mapping[str, str], wait: Wait = time.sleep, pauses: Sequence[float] = PAUSES
) -> Any:
    """Return a client of the account in the variables; of two tokens the first is used.

    Args:
        environ: the variables.
        wait: sleeps for some seconds.
        pauses: seconds between retries; empty: no retries.

    Raises:
        Refused: with a fault for each missing or malformed variable.
    """
    remedy = "Copy it from the first page of Twilio's console: its API asks for it"
    faults = [Problem(name, "is not set", remedy) for name in NEEDS if not environ.get(name)]
    if faults := [*faults, *variable_problems(environ, *NEEDS)]:
        raise ConfigurationError(faults)
    sid, token = environ["TWILIO_ACCOUNT_SID"], twilio_tokens(environ)[0]
    return Client(sid, token, http_client=Patient(wait, pauses=pauses))


def first_status(client: Any, seconds: float = FIRST_ANSWER) -> int:
    """Return the status of a first answer of Twilio's API about the account; 0: none in time.

    The question has a thread of its own: resolving a name, and trying each address of a host in
    turn, are not bound by the timeout of `requests`.
    """
    answers: list[int] = []

    def ask() -> None:
        with suppress(requests.RequestException):
            answer = client.request("GET", f"{API}/Accounts/{client.account_sid}.json")
            answers.append(answer.status_code)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    return answers[0] if answers else 0


def listed(kind: Any) -> Iterator[Any]:
    """Yield the records of a list, page by page."""
    page = kind.page(page_size=PAGE)
    yield from list(page)
    seen: set[str] = set()  # a list that leads back to itself has an end, too
    while (address := page.next_page_url) and address not in seen:
        seen.add(address)
        page = kind.get_page(address)
        yield from list(page)


class Patient(TwilioHttpClient):  # type: ignore[misc]
    """Asks again, later and later, while it is Twilio's fault or there is no answer.

    What is still no answer of Twilio's after that is handed on as an empty one, with its status.
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
        """Write nothing: an address holds ids."""

    def log_response(self, status_code: int, response: Any) -> None:
        """Write nothing: an answer holds numbers and texts."""

    def request(self, *what: Any, **options: Any) -> Response:
        for pause in self._pauses:
            try:
                answer = super().request(*what, **options)
            except requests.RequestException:
                self._wait(pause)
                continue
            if not _is_trouble(answer):
                return answer
            self._wait(min(max(pause, _asked_for(answer)), LONGEST))
        answer = super().request(*what, **options)
        return Response(answer.status_code, "{}") if _is_trouble(answer) else answer


def _is_trouble(answer: Response) -> bool:
    if answer.status_code == _BUSY or answer.status_code >= _BROKEN:
        return True
    return answer.status_code == _OK and not _is_object(answer.text)


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _asked_for(answer: Response) -> float:
    """Return for how many seconds Twilio wants to be left alone; 0: it does not say."""
    asked = str((answer.headers or {}).get("Retry-After", ""))
    if re.fullmatch("[0-9]{1,9}", asked):
        return float(asked)
    try:
        return (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return 0.0
