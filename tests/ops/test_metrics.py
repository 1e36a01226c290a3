"""RIGHTS_LINE_METRICS: the state of the line, and the time of no message."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rights_line import event_log
from rights_line.core.library import Library
from rights_line.errors import ConfigurationError
from rights_line.ops.counts_file import STEP
from rights_line.ops.metrics import start_metrics
from rights_line.ops.metrics.counters import BUCKETS, OUTCOMES, PERIOD
from rights_line.sessions.memory import MemorySessionStore
from rights_line.settings import Settings
from tests.support import cli
from tests.support.metrics import CHANNELS, WELL, FakeLine, scrape
from tests.support.servers import free_port, running_line
from tests.support.sms_line import phone
from tests.support.waiting import wait_until
from tests.support.worlds import SMALL_ROOT, texts_at

SMS = 'rights_line_messages_total{channel="twilio_sms",outcome="%s"}'
DAY = 24 * 3600


@pytest.fixture
def line() -> FakeLine:
    return FakeLine()


@pytest.fixture
def observers() -> Iterator[None]:
    """Remove the observers that a test adds."""
    before = list(event_log.OBSERVERS)
    yield
    event_log.OBSERVERS[:] = before


# 1. What a scrape shows


def test_counter_rises_in_tens_after_the_period_ends(line: FakeLine) -> None:
    """Nine messages show nothing; the tenth shows only when the quarter of an hour is over."""
    line.receive("answered", 9)
    line.pass_time()
    with line.served() as address:
        assert scrape(address)[SMS % "answered"] == 0
        line.receive("answered", 1)
        assert scrape(address)[SMS % "answered"] == 0
        line.pass_time(PERIOD - 1)
        assert scrape(address)[SMS % "answered"] == 0
        line.pass_time(1)
        line.receive("answered", 15)  # belong to the next period
        assert scrape(address)[SMS % "answered"] == 10


def test_series_all_exist_before_the_first_message(line: FakeLine) -> None:
    """The set of series, and so the size of the response, never depends on a message."""
    with line.served() as address:
        before = scrape(address).keys()
        for outcome in ("answered", "short", "withheld", "refused", "malformed", "KeyError"):
            line.receive(outcome, 30)
        line.counters.count_event("limit", "twilio_sms", "daily", 0)
        line.counters.count_event("page", "web", "en 4", 1)
        line.counters.count_event("inbound", "unknown", "answered", 1)
        line.pass_time()
        after = scrape(address)
    assert after.keys() == before
    assert len([name for name in before if "messages" in name]) == len(CHANNELS) * len(OUTCOMES)
    assert after[SMS % "fallback"] == 60


@given(
    events=st.lists(
        st.tuples(
            st.sampled_from(["answered", "withheld", "refused", "ValueError"]),
            st.sampled_from(CHANNELS),
            st.floats(0, 20_000),
            st.integers(0, 1000),  # seconds until the event
        ),
        max_size=80,
    )
)
def test_samples_change_only_when_a_period_begins_and_in_tens(
    events: list[tuple[str, str, float, int]],
) -> None:
    """All scrapes of a period are equal; none tells the number or the time of messages."""
    line = FakeLine()
    seen = {line.clock.now // PERIOD: line.counters.counters_snapshot()}
    for outcome, channel, milliseconds, seconds in events:
        line.pass_time(seconds)
        line.counters.count_event("inbound", channel, outcome, milliseconds)
        snapshot = line.counters.counters_snapshot()
        assert seen.setdefault(line.clock.now // PERIOD, snapshot) == snapshot
        numbers = [*snapshot.messages.values(), *snapshot.buckets.values()]
        assert not [number for number in numbers if number % STEP]
        assert list(snapshot.buckets.values()) == sorted(snapshot.buckets.values())


def test_latency_is_counted_in_buckets_without_refused_messages(line: FakeLine) -> None:
    for milliseconds in (5.0, 50.0, 500.0, 5_000.0, 50_000.0):
        for _ in range(10):
            line.counters.count_event("inbound", "kannel_sms", "answered", milliseconds)
    line.receive("refused", 50)
    line.pass_time()
    assert [*line.counters.counters_snapshot().buckets.values()] == [10, 20, 30, 40, 50]
    with line.served() as address:
        samples = scrape(address)
    assert samples['rights_line_reply_seconds_bucket{le="+Inf"}'] == 50
    assert not [name for name in samples if name.endswith(("_sum", "_created"))]
    assert len(BUCKETS) == 4


def test_fallback_is_shown_for_the_period_after_it(line: FakeLine) -> None:
    """One message is enough, because an error must not hide among nine others."""
    line.receive("KeyError")
    assert not line.counters.counters_snapshot().has_fallback
    line.pass_time()
    assert line.counters.counters_snapshot().has_fallback
    line.pass_time()
    assert not line.counters.counters_snapshot().has_fallback


@pytest.mark.parametrize(("limit", "seconds"), [("hourly", 3600), ("daily", DAY)])
def test_limit_is_shown_until_its_window_ends(line: FakeLine, limit: str, seconds: int) -> None:
    line.counters.count_event("limit", "twilio_sms", limit, 0)
    for _ in range(seconds // PERIOD - 1):
        line.pass_time()
        assert line.counters.counters_snapshot().limits[limit]
    line.pass_time()
    assert not line.counters.counters_snapshot().limits[limit]


def test_alive_shows_whether_the_last_whole_day_had_an_answer(line: FakeLine) -> None:
    """It changes at midnight only, and is unknown, so 1, on the day of the start."""
    assert line.counters.counters_snapshot().is_alive
    line.pass_time(DAY)  # the first day had no answer, but perhaps before the start
    assert line.counters.counters_snapshot().is_alive
    line.receive("withheld")
    line.pass_time(DAY)
    assert not line.counters.counters_snapshot().is_alive
    line.receive("answered")
    assert not line.counters.counters_snapshot().is_alive
    line.pass_time(DAY)
    assert line.counters.counters_snapshot().is_alive
    line.pass_time(2 * DAY)
    assert not line.counters.counters_snapshot().is_alive


def test_health_report_is_shown_as_numbers(line: FakeLine) -> None:
    with line.served() as address:
        well = scrape(address)
        line.report.update(problems=["a sentence"] * 3, redis="down", contacts_overdue=True)
        ill = scrape(address)
    names = [f"rights_line_{name}" for name in ("problems", "breaker_open", "contacts_overdue")]
    assert [well[name] for name in names] == [0, 0, 0]
    assert [ill[name] for name in names] == [3, 1, 1]


# 2. The listener


def test_listener_answers_nothing_but_metrics(line: FakeLine) -> None:
    with line.served() as address:
        for path in ("/", "/metrics/x", "/healthz"):
            with pytest.raises(HTTPError, match="404"):
                urlopen(f"http://{address}{path}", timeout=5)


def test_failing_health_report_fails_the_scrape_alone(line: FakeLine) -> None:
    """Prometheus then shows the target as down; the next scrape works."""
    with line.served() as address:
        del line.report["redis"]
        with pytest.raises(HTTPError, match="500") as failed:
            urlopen(f"http://{address}/metrics", timeout=5)
        assert b"redis" not in failed.value.read()
        line.report.update(WELL)
        assert scrape(address)


def test_metrics_address_in_use_stops_the_start() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigurationError, match=r"RIGHTS_LINE_METRICS.*cannot listen.*9101"):
            start_metrics(f"127.0.0.1:{port}", CHANNELS, dict)


def test_observer_that_fails_breaks_no_reply(observers: None, library: Library) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    send = phone(library, MemorySessionStore())
    reply = send("POLSKI 4")
    event_log.OBSERVERS.append(fail)
    assert send("POLSKI 4") == reply


@pytest.mark.parametrize("value", ["9100", "127.0.0.1", "localhost:", ":9100", "a b:1", "[::1]:0"])
def test_metrics_address_that_is_malformed_stops_the_start(value: str) -> None:
    with pytest.raises(ConfigurationError, match="RIGHTS_LINE_METRICS: must be an address and a"):
        Settings.from_environ({"RIGHTS_LINE_METRICS": value})


@pytest.mark.parametrize("value", ["127.0.0.1:9100", "[::1]:9100", "metrics.internal:9100"])
def test_metrics_address_is_an_address_and_a_port(value: str) -> None:
    assert Settings.from_environ({"RIGHTS_LINE_METRICS": value}).metrics == value


def test_other_server_says_that_it_counts_nothing(tmp_path: Path) -> None:
    """Its workers would share one address, and a scrape would reach one of them by chance."""
    counting = {
        "RIGHTS_LINE_METRICS": f"127.0.0.1:{free_port()}",
        "RIGHTS_LINE_COUNTS": str(tmp_path / "counts.json"),
    }
    said = "RIGHTS_LINE_METRICS and RIGHTS_LINE_COUNTS: only `rights-line serve` counts anything."
    for environ, expected in ((counting, True), ({}, False)):
        code, output = cli.run_python(
            texts_at(SMALL_ROOT, {"CHANNELS": "try_it", **environ}), "-c", "import app"
        )
        assert code == 0
        assert (said in output) is expected
    assert list(tmp_path.iterdir()) == []


# 3. The whole line


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The URL of a line, and the address of its metrics."""
    metrics, output = f"127.0.0.1:{free_port()}", tmp_path_factory.mktemp("line") / "log"
    environ = {"CHANNELS": "try_it", "RIGHTS_LINE_SERVE": "drafts", "RIGHTS_LINE_METRICS": metrics}
    environ["OUTPUT"] = str(output)
    with running_line(environ) as (public, _):
        yield public, metrics


@pytest.mark.server
def test_metrics_of_served_line_are_on_their_own_address_only(served: tuple[str, str]) -> None:
    """The public address does not serve them, and their address serves nothing else."""
    public, metrics = served
    assert scrape(metrics)["rights_line_problems"] == 0
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{public}/metrics", timeout=5)


@pytest.mark.server
def test_clients_that_hang_at_the_metrics_delay_no_message(served: tuple[str, str]) -> None:
    """They use up the connections of the metrics, and none of the line's."""
    public, metrics = served
    host, port = metrics.split(":")
    with ExitStack() as stack:
        for _ in range(50):
            wire = stack.enter_context(socket.create_connection((host, int(port)), 5))
            wire.sendall(b"GET /metrics HTTP/1.1\r\nHost: ")
        started = time.monotonic()
        for _ in range(20):
            with urlopen(f"{public}/inbound/try_it", b"from=1&text=POLSKI", timeout=5) as answer:
                assert b"112" in answer.read()
        assert time.monotonic() - started < 5
    wait_until(lambda: scrape(metrics))
