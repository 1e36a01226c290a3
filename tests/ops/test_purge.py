"""What Twilio keeps of finished messages and calls is deleted, however Twilio answers."""

import io
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from twilio.rest import Client

from rights_line.cli import main
from rights_line.content.loader import ROOT
from rights_line.errors import ConfigurationError
from rights_line.ops import purge as purging
from rights_line.ops.purge import Tally, purge
from rights_line.ops.twilio_api import MAX_PAUSE, PAUSES, twilio_client
from tests.support.twilio_api import ACCOUNT, API, NOW, Failure, Twilio, answer, fine, twilio_api

HOUR_AGO = NOW - timedelta(hours=1)


@pytest.fixture
def twilio() -> Iterator[tuple[Twilio, Client]]:
    """A Twilio of the test's own, and a client for it that soon gives up."""
    with twilio_api(timeout=0.5) as made:
        yield made


def test_old_ones_go_and_young_ones_stay(twilio: tuple[Twilio, Client]) -> None:
    """Over all pages, in both directions, messages and calls; what is younger stays."""
    state, client = twilio
    state.add("Messages", timedelta(minutes=5))
    state.add("Messages", timedelta(hours=2), "inbound", 4)
    state.add("Messages", timedelta(days=400), "outbound-reply", 4)
    state.add("Calls", timedelta(hours=2), count=2)
    state.add("Calls", timedelta(minutes=59))

    assert purge(client, HOUR_AGO) == Tally(deleted=10, is_clean=True)
    assert state.left() == {"Messages": 1, "Calls": 1}
    assert purge(client, HOUR_AGO) == Tally(is_clean=True)


def test_it_looks_until_nothing_older_is_left(twilio: tuple[Twilio, Client]) -> None:
    """Where pages are counted, each deletion moves the next page up, and a look misses some."""
    state, client = twilio
    state.pages_by_number = True
    state.add("Messages", timedelta(hours=2), count=133)
    waited: list[float] = []

    tally = purge(client, HOUR_AGO, waited.append)

    assert state.left() == {"Messages": 0, "Calls": 0}
    assert tally == Tally(deleted=133, is_clean=True)
    assert waited == []


def test_a_list_that_never_empties_ends(twilio: tuple[Twilio, Client]) -> None:
    """Twilio confirms each deletion and lists the message again: the purge ends all the same."""
    state, client = twilio
    state.add("Messages", timedelta(hours=2))
    confirmed = partial(answer, status=204)
    state.failures = [fine, confirmed, fine] * (2 * purging.MAX_PASSES)

    tally = purge(client, HOUR_AGO)

    assert tally == Tally(deleted=purging.MAX_PASSES)


@pytest.mark.parametrize(
    ("times", "tally", "waits"),
    [
        (1, Tally(deleted=2, is_clean=True), [purging.PAUSES[0]]),
        (2, Tally(deleted=2, is_clean=True), [*purging.PAUSES]),
        (9, Tally(deleted=1, unfinished=1), [*purging.PAUSES]),
    ],
)
def test_what_is_on_its_way_is_waited_for(
    times: int, tally: Tally, waits: list[float], twilio: tuple[Twilio, Client]
) -> None:
    """20009: it is not finished; what Twilio lists is looked at anew, later each time."""
    state, client = twilio
    state.add("Messages", timedelta(hours=2), count=2)
    state.unfinished = {state.kept[f"{API}/Messages"][0]["sid"]: times}
    waited: list[float] = []

    assert purge(client, HOUR_AGO, waited.append) == tally
    assert waited == waits
    state.unfinished.clear()
    rest = Tally(deleted=2 - tally.deleted, is_clean=True)
    assert purge(client, HOUR_AGO, waited.append) == rest


def hang(handler: BaseHTTPRequestHandler) -> bool:
    """Say nothing for longer than anybody waits."""
    time.sleep(0.8)
    return True


def cut(handler: BaseHTTPRequestHandler) -> bool:
    """Close the connection in the middle."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    return True


FAILURES: Mapping[str, Failure] = {
    "too many requests": lambda handler: answer(handler, 429, {"code": 20429, "status": 429}),
    "broken": lambda handler: answer(handler, 500),
    "away": lambda handler: answer(handler, 503, "<html>Service Unavailable</html>"),
    "a page of somebody else": lambda handler: answer(handler, 200, "<html>Log in</html>"),
    "no object": lambda handler: answer(handler, 200, "[]"),
    "silent": hang,
    "cut off": cut,
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_trouble_is_waited_out(failure: Failure, twilio: tuple[Twilio, Client]) -> None:
    """Of the list and of a deletion: asked again, later each time, and done."""
    state, client = twilio
    state.add("Messages", timedelta(hours=2))
    state.failures = [failure, failure, fine, failure]

    assert purge(client, HOUR_AGO) == Tally(deleted=1, is_clean=True)
    assert state.waited == [1.0, 2.0, 1.0]
    assert state.left() == {"Messages": 0, "Calls": 0}


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("7", 7.0, 7.0),
        ("0", PAUSES[0], PAUSES[0]),
        ("86400", MAX_PAUSE, MAX_PAUSE),
        ("soon", PAUSES[0], PAUSES[0]),
        ("in a minute", 1.0, MAX_PAUSE),
    ],
)
def test_twilio_says_how_long_to_wait(
    asked: str, least: float, most: float, twilio: tuple[Twilio, Client]
) -> None:
    """Retry-After, as seconds or a moment, counts where it is longer than ours; up to a minute."""
    state, client = twilio
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    header = when if asked == "in a minute" else asked
    state.failures = [lambda handler: answer(handler, 429, Retry_After=header)]

    assert purge(client, HOUR_AGO) == Tally(is_clean=True)
    assert len(state.waited) == 1
    assert least <= state.waited[0] <= most
    assert asked != "in a minute" or state.waited[0] > PAUSES[0]


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_trouble_without_end_is_told(failure: Failure, twilio: tuple[Twilio, Client]) -> None:
    """After some tries, in each of two looks, it is counted as failed; the rest is deleted."""
    state, client = twilio
    state.add("Messages", timedelta(hours=2), count=2)
    in_vain = [failure] * (len(PAUSES) + 1)
    state.failures = [fine, *in_vain, fine, fine, fine, *in_vain]

    assert purge(client, HOUR_AGO) == Tally(deleted=1, failed=1)
    assert state.waited == [*PAUSES, *PAUSES]


ODD = {
    "no list": '{"messages": null}',
    "no rows": '{"messages": [1, "two"]}',
    "two lists": '{"messages": [], "others": []}',
    "an odd next page": '{"messages": [], "next_page_uri": 7}',
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_an_odd_answer_is_counted_as_failed(body: str, twilio: tuple[Twilio, Client]) -> None:
    """A list that is none, a record without a date: no traceback, and the calls are done."""
    state, client = twilio
    state.add("Calls", timedelta(hours=2))
    odd = partial(answer, status=200, body=body)
    state.failures = [odd, fine, fine, odd]

    assert purge(client, HOUR_AGO) == Tally(deleted=1, failed=1)


@pytest.mark.parametrize("moment", [None, "soon"])
def test_a_record_without_a_date_is_counted_as_failed(
    moment: str | None, twilio: tuple[Twilio, Client]
) -> None:
    """Nobody knows how old it is; those after it are done."""
    state, client = twilio
    state.add("Messages", timedelta(hours=2), count=2)
    state.kept[f"{API}/Messages"][0]["date_created"] = moment

    assert purge(client, HOUR_AGO) == Tally(deleted=1, failed=1)


def test_a_deletion_that_twilio_does_not_confirm_failed(twilio: tuple[Twilio, Client]) -> None:
    """Only "no content" says that it is gone."""
    state, client = twilio
    state.add("Messages", timedelta(hours=2))
    state.failures = [fine, lambda handler: answer(handler, 200, {"status": "queued"})]

    assert purge(client, HOUR_AGO) == Tally(failed=1)


def test_a_message_that_is_gone_already_is_not_counted(twilio: tuple[Twilio, Client]) -> None:
    """404: another purge was faster, or Twilio's list lags behind its deletions."""
    state, client = twilio
    state.add("Messages", timedelta(hours=2))
    state.failures = [fine, lambda handler: answer(handler, 404, {"code": 20404, "status": 404})]

    assert purge(client, HOUR_AGO) == Tally(is_clean=True)


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A standard input, which the command looks at."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))


LEFT = {
    "nothing": ([], {}, 0, "deleted 2, not finished 0, failed 0"),
    "one on its way": (
        *([], {f"SM{0:032x}": 99}, 1),
        "deleted 1, not finished 1, failed 0; older records are left",
    ),
    "all, for Twilio is away": (
        *([503] * 99, {}, 1),
        "deleted 0, not finished 0, failed 2; older records are left",
    ),
    "all, for the token is wrong": (
        *([401] * 2, {}, 1),
        "deleted 0, not finished 0, failed 2; older records are left",
    ),
}


@pytest.mark.usefixtures("keyboard")
@pytest.mark.parametrize("quiet", [[], ["--quiet"]], ids=["", "quiet"])
@pytest.mark.parametrize(("statuses", "unfinished", "code", "counts"), LEFT.values(), ids=LEFT)
def test_it_says_only_counts_and_whether_something_is_left(
    quiet: list[str],
    statuses: list[int],
    unfinished: dict[str, int],
    code: int,
    counts: str,
    twilio: tuple[Twilio, Client],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The command prints counts, no id, and logs nothing; --quiet prints them on failure alone."""
    state, client = twilio
    state.add("Messages", timedelta(days=4000), count=2)
    state.unfinished = unfinished
    refusals: list[Failure] = [
        lambda handler, status=status: answer(handler, status)  # type: ignore[misc]
        for status in statuses
    ]
    state.failures = refusals
    monkeypatch.setattr("rights_line.cli.ops.twilio_client", lambda environ: client)
    monkeypatch.setattr("rights_line.ops.purge.PAUSES", (0.0, 0.0))

    with caplog.at_level("DEBUG", logger="twilio"):
        assert main(["purge-twilio", "--older-than", "30", *quiet]) == code

    printed = "" if quiet and code == 0 else f"{counts}\n"
    assert capfd.readouterr() == (printed, "")
    assert not [record for record in caplog.records if record.name.startswith("twilio")]


@pytest.mark.usefixtures("keyboard")
@pytest.mark.parametrize("given", ["-1", "soon", "99999999999999999999", "1e3", "5256001"])
def test_an_age_that_is_none_is_refused(given: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing is asked of Twilio, and nothing raised."""
    with pytest.raises(SystemExit) as ended:
        main(["purge-twilio", "--older-than", given])

    assert ended.value.code == 2
    assert (
        f'must be a whole number of minutes, at most 5256000, got "{given}"'
        in capfd.readouterr().err
    )


ACCOUNTS = {
    "none": ({}, "TWILIO_AUTH_TOKEN: must be set"),
    "half": ({"TWILIO_ACCOUNT_SID": ACCOUNT}, "TWILIO_AUTH_TOKEN: must be set"),
    "no token": (
        {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": " , "},
        "TWILIO_AUTH_TOKEN: must hold a token",
    ),
    "another's": (
        {"TWILIO_ACCOUNT_SID": "SK123", "TWILIO_AUTH_TOKEN": "t"},
        "TWILIO_ACCOUNT_SID: must be AC followed by 32 hex digits",
    ),
}


@pytest.mark.usefixtures("keyboard")
@pytest.mark.parametrize(("environ", "named"), ACCOUNTS.values(), ids=ACCOUNTS)
def test_without_an_account_it_says_what_to_set(
    environ: dict[str, str],
    named: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Whoever runs it without the variables reads which, and no traceback."""
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    assert main(["purge-twilio", "--older-than", "30"]) == 1
    assert named in capfd.readouterr().err
    with pytest.raises(ConfigurationError):
        twilio_client(environ)


def test_the_procfile_purges_again_and_again(tmp_path: Path) -> None:
    """Its line goes on after a purge that left something, and asks each time for half an hour."""
    (line,) = [
        row.removeprefix("purge: ")
        for row in (ROOT / "Procfile").read_text("utf-8").splitlines()
        if row.startswith("purge: ")
    ]
    calls = tmp_path / "calls"
    for name, does in (
        ("rights-line", f'echo "$@" >> {calls}; exit 1'),
        ("sleep", f'echo sleep "$@" >> {calls}; [ $(wc -l < {calls}) -lt 4 ] || kill $PPID'),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"

    subprocess.run(["/bin/sh", "-c", line], env={"PATH": path}, timeout=60, check=False)

    once = ["purge-twilio --older-than 30", "sleep 900"]
    assert calls.read_text().splitlines() == once * 2


def test_every_request_is_one_that_twilio_describes(described: tuple[Client, Path]) -> None:
    """List, page, delete, messages and calls: a mock of Twilio's own description takes it all."""
    client, log = described

    tally = purge(client, datetime.now(UTC), print)

    requests = log.read_text(errors="replace").casefold()
    # The description's own example of a second page of calls has dates that it does not allow.
    assert {url.partition("?")[2].partition("&To=")[0] for url in client.http_client.refused} <= {
        "Status=completed"
    }
    assert (tally.failed, tally.unfinished) == (bool(client.http_client.refused), 0)
    assert tally.deleted >= 4
    for kind in ("messages", "calls"):
        assert f"get /2010-04-01/accounts/{ACCOUNT}/{kind}.json".casefold() in requests
        assert f"delete /2010-04-01/accounts/{ACCOUNT}/{kind}/".casefold() in requests
