"""`purge-twilio` deletes finished messages and calls, however Twilio answers."""

import socket
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler

import pytest

from rights_line.errors import ConfigurationError
from rights_line.ops.twilio_account import MAX_PASSES, PAUSES, Tally, purge, twilio_client
from tests.support import cli
from tests.support.twilio_api import (
    ACCOUNT,
    API,
    NOW,
    Failure,
    Row,
    Twilio,
    answer,
    fine,
    twilio_api,
)

HOUR_AGO = NOW - timedelta(hours=1)


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    """A Twilio account, whose client has a short timeout."""
    with twilio_api(timeout=0.5) as account:
        yield account


def test_purge_deletes_only_records_older_than_the_limit(twilio: Twilio) -> None:
    """On all pages, messages and calls."""
    twilio.add("Messages", timedelta(minutes=5))
    twilio.add("Messages", timedelta(hours=2), 4)
    twilio.add("Messages", timedelta(days=400), 4)
    twilio.add("Calls", timedelta(hours=2), count=2)
    twilio.add("Calls", timedelta(minutes=59))

    assert purge(twilio.client, HOUR_AGO) == Tally(deleted=10, is_clean=True)
    assert twilio.left() == {"Messages": 1, "Calls": 1}
    assert purge(twilio.client, HOUR_AGO) == Tally(is_clean=True)


def test_purge_list_that_never_empties_stops_after_max_passes(
    twilio: Twilio,
) -> None:
    """Twilio confirms each deletion and lists the message again."""
    twilio.add("Messages", timedelta(hours=2))
    confirmed = partial(answer, status=204)
    twilio.failures = [fine, confirmed, fine] * (2 * MAX_PASSES)

    tally = purge(twilio.client, HOUR_AGO)

    assert tally == Tally(deleted=MAX_PASSES)


@pytest.mark.parametrize(
    ("times", "tally", "waits"),
    [
        (1, Tally(deleted=2, is_clean=True), [PAUSES[0]]),
        (2, Tally(deleted=2, is_clean=True), [*PAUSES]),
        (9, Tally(deleted=1, unfinished=1), [*PAUSES]),
    ],
)
def test_purge_unfinished_message_is_retried_after_a_pause(
    times: int, tally: Tally, waits: list[float], twilio: Twilio
) -> None:
    """Twilio answers 20009 while a message is not finished."""
    twilio.add("Messages", timedelta(hours=2), count=2)
    twilio.unfinished = {twilio.kept[f"{API}/Messages"][0]["sid"]: times}
    waited: list[float] = []

    assert purge(twilio.client, HOUR_AGO, waited.append) == tally
    assert waited == waits
    twilio.unfinished.clear()
    rest = Tally(deleted=2 - tally.deleted, is_clean=True)
    assert purge(twilio.client, HOUR_AGO, waited.append) == rest


def hang(handler: BaseHTTPRequestHandler) -> bool:
    """Answer later than the timeout of the client."""
    time.sleep(0.8)
    return True


def cut(handler: BaseHTTPRequestHandler) -> bool:
    """Close the connection without an answer."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    return True


FAILURES: Mapping[str, Failure] = {
    "too many requests": lambda handler: answer(handler, 429, {"code": 20429, "status": 429}),
    "internal error": lambda handler: answer(handler, 500),
    "unavailable": lambda handler: answer(handler, 503, "<html>Service Unavailable</html>"),
    "connection closed": cut,
}
# The client waits for its timeout.
ALL_FAILURES = [
    *(pytest.param(failure, id=name) for name, failure in FAILURES.items()),
    pytest.param(hang, id="timeout", marks=pytest.mark.slow),
]


@pytest.mark.parametrize("failure", ALL_FAILURES)
def test_purge_temporary_failure_is_retried(failure: Failure, twilio: Twilio) -> None:
    """Both of a list and of a deletion, with growing pauses."""
    twilio.add("Messages", timedelta(hours=2))
    twilio.failures = [failure, failure, fine, failure]

    assert purge(twilio.client, HOUR_AGO) == Tally(deleted=1, is_clean=True)
    assert twilio.waited == [2]
    assert twilio.left() == {"Messages": 0, "Calls": 0}


@pytest.mark.parametrize("failure", ALL_FAILURES)
def test_purge_permanent_failure_is_counted_as_failed(failure: Failure, twilio: Twilio) -> None:
    """In each of two passes; the other message is deleted."""
    twilio.add("Messages", timedelta(hours=2), count=2)
    all_tries = [failure] * 5
    twilio.failures = [fine, *all_tries, fine, fine, fine, *all_tries]

    assert purge(twilio.client, HOUR_AGO) == Tally(deleted=1, failed=1)
    assert twilio.waited == [2, 4, 8] * 2


MALFORMED = {
    "login page": "<html>Log in</html>",
    "not an object": "[]",
    "null for a list": '{"messages": null}',
    "malformed next page": '{"messages": [], "next_page_uri": 7}',
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_purge_malformed_answer_is_counted_as_failed(body: str, twilio: Twilio) -> None:
    """No traceback, and the calls are still deleted."""
    twilio.add("Calls", timedelta(hours=2))
    malformed = partial(answer, status=200, body=body)
    twilio.failures = [malformed, fine, fine, malformed]

    assert purge(twilio.client, HOUR_AGO) == Tally(deleted=1, failed=1)


@pytest.mark.parametrize("moment", [None, "soon"], ids=["no date", "not a date"])
def test_purge_record_without_date_is_counted_as_failed(moment: str | None, twilio: Twilio) -> None:
    """Its age is unknown; the records after it are deleted."""
    twilio.add("Messages", timedelta(hours=2), count=2)
    twilio.kept[f"{API}/Messages"][0]["date_created"] = moment

    assert purge(twilio.client, HOUR_AGO) == Tally(deleted=1, failed=1)


@pytest.mark.parametrize(
    ("status", "body", "tally"),
    [
        # Only status 204 confirms a deletion.
        (200, {"status": "queued"}, Tally(failed=1)),
        # Another purge was faster, or Twilio's list lags behind its deletions.
        (404, {"code": 20404, "status": 404}, Tally(is_clean=True)),
    ],
    ids=["unconfirmed", "already deleted"],
)
def test_purge_counts_a_deletion_by_its_answer(
    status: int, body: Row, tally: Tally, twilio: Twilio
) -> None:
    twilio.add("Messages", timedelta(hours=2))
    twilio.failures = [fine, lambda handler: answer(handler, status, body)]

    assert purge(twilio.client, HOUR_AGO) == tally


OUTCOMES = {
    "nothing left": ([], {}, 0, "deleted 2, not finished 0, failed 0"),
    "one unfinished": (
        *([], {f"SM{0:032x}": 99}, 1),
        "deleted 1, not finished 1, failed 0; older records are left",
    ),
    "all left, Twilio unavailable": (
        *([FAILURES["unavailable"]] * 99, {}, 1),
        (
            "deleted 0, not finished 0, failed 2; older records are left. "
            "The last failure: a list could not be read: HTTP 503"
        ),
    ),
    "all left, wrong token": (
        *([partial(answer, status=401)] * 2, {}, 1),
        (
            "deleted 0, not finished 0, failed 2; older records are left. "
            "The last failure: a list could not be read: HTTP 401"
        ),
    ),
}


@pytest.mark.parametrize("quiet", [[], ["--quiet"]], ids=["default", "quiet"])
@pytest.mark.parametrize(
    ("failures", "unfinished", "code", "counts"), OUTCOMES.values(), ids=OUTCOMES
)
def test_purge_command_prints_only_counts(
    quiet: list[str],
    failures: list[Failure],
    unfinished: dict[str, int],
    code: int,
    counts: str,
    twilio: Twilio,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No SID, and nothing in the log; --quiet prints the counts on failure only."""
    twilio.add("Messages", timedelta(days=4000), count=2)
    twilio.unfinished = unfinished
    twilio.failures = list(failures)
    monkeypatch.setattr(
        "rights_line.ops.twilio_account.twilio_client", lambda environ: twilio.client
    )
    monkeypatch.setattr("rights_line.ops.twilio_account.PAUSES", (0.0, 0.0))

    with caplog.at_level("DEBUG"):
        done = cli.run("purge-twilio", "--older-than", "30", *quiet)

    printed = "" if quiet and code == 0 else f"{counts}\n"
    assert (done.returncode, done.stdout, done.stderr) == (code, printed, "")
    assert caplog.records == []


ACCOUNTS = {
    "no account": ({}, "TWILIO_AUTH_TOKEN: must be set"),
    "empty tokens": (
        {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": " , "},
        "TWILIO_AUTH_TOKEN: must contain a token",
    ),
    "SID of an API key": (
        {"TWILIO_ACCOUNT_SID": "SK123", "TWILIO_AUTH_TOKEN": "t"},
        "TWILIO_ACCOUNT_SID: must be AC followed by 32 hex digits",
    ),
}


@pytest.mark.parametrize(("environ", "named"), ACCOUNTS.values(), ids=ACCOUNTS)
def test_purge_without_account_names_the_variable(environ: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigurationError, match=named):
        twilio_client(environ)
