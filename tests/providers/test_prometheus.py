"""deploy/prometheus and deploy/grafana against Prometheus' own programs.

Each alert fires and clears twice: in promtool, with its waiting time, and in a Prometheus that
scrapes the metrics of a fake line, without it.
"""

import json
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import urlopen

import pytest
import yaml

from tests.support.metrics import FakeLine, scrape
from tests.support.prometheus import RULES, firing, needs_prometheus, prometheus
from tests.support.servers import ROOT, free_port
from tests.support.waiting import wait_until

pytestmark = needs_prometheus

DASHBOARD = json.loads((ROOT / "deploy" / "grafana" / "rights-line.json").read_text("utf-8"))
ALERTS = {rule["alert"]: rule for rule in yaml.safe_load(RULES.read_text())["groups"][0]["rules"]}
DAY = 24 * 3600


class Fault(NamedTuple):
    """A fault that an alert must name.

    Attributes:
        alert: the alert.
        series: the series that shows it.
        good: its value without the fault.
        bad: its value with the fault.
        fires_after: minutes with the fault until the alert fires.
        clears_after: minutes without the fault until it clears.
        cause: makes a fake line show the fault.
        repair: ends the fault.
    """

    alert: str
    series: str
    good: int
    bad: int
    fires_after: int
    clears_after: int
    cause: Callable[[FakeLine], object] | None = None
    repair: Callable[[FakeLine], object] | None = None


def send_fallback(line: FakeLine) -> None:
    line.receive("answered")
    line.receive("KeyError")
    line.pass_time()


def reach_limit(line: FakeLine) -> None:
    line.counters.count_event("limit", "twilio_sms", "hourly", 0)
    line.pass_time()


def spend_days(line: FakeLine, outcome: str) -> None:
    """Let a whole day pass after the current one, with a message of that outcome on each."""
    for _ in range(2):
        line.receive(outcome)
        line.pass_time(DAY)


FAULTS = (
    Fault("RightsLineDown", 'up{job="rights-line"}', 1, 0, 2, 0),
    Fault(
        *("RightsLineFallback", "rights_line_fallback_sent", 0, 1, 0, 30),
        *(send_fallback, FakeLine.pass_time),
    ),
    Fault(
        *("RightsLineRedisDown", "rights_line_breaker_open", 0, 1, 1, 0),
        cause=lambda line: line.report.update(redis="down"),
        repair=lambda line: line.report.update(redis="up"),
    ),
    Fault(
        *("RightsLineLimitReached", 'rights_line_limit_reached{limit="hourly"}', 0, 1, 0, 0),
        *(reach_limit, lambda line: line.pass_time(3600)),
    ),
    Fault(
        *("RightsLineNotAlive", "rights_line_alive", 1, 0, 1, 0),
        *(lambda line: spend_days(line, "refused"), lambda line: spend_days(line, "answered")),
    ),
    Fault(
        *("RightsLineDegraded", "rights_line_problems", 0, 2, 10, 0),
        cause=lambda line: line.report.update(problems=["a", "b"]),
        repair=lambda line: line.report.update(problems=[]),
    ),
    Fault(
        *("RightsLineContactsOverdue", "rights_line_contacts_overdue", 0, 1, 60, 0),
        cause=lambda line: line.report.update(contacts_overdue=True),
        repair=lambda line: line.report.update(contacts_overdue=False),
    ),
)


def promtool(*arguments: str, given: bytes = b"") -> str:
    """Run promtool; return both output streams, and fail if it does."""
    done = subprocess.run(["promtool", *arguments], input=given, capture_output=True, timeout=60)
    output = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, output
    return output


def test_alerts_all_have_a_fault() -> None:
    assert [fault.alert for fault in FAULTS] == list(ALERTS)


def check_alert(
    alert: str, series: Mapping[str, Iterable[int]], expected: Mapping[int, int], folder: Path
) -> None:
    """Let promtool check at which minutes an alert fires.

    Args:
        alert: the alert.
        series: series -> its value in each minute.
        expected: minute -> 1 if the alert must fire, 0 if it must not.
        folder: a folder for the test's file.
    """
    query = f'count(ALERTS{{alertname="{alert}",alertstate="firing"}}) or vector(0)'
    rows = {'up{job="rights-line"}': [1] * 200, **series}
    test = {
        "interval": "1m",
        "input_series": [
            {"series": name, "values": " ".join(map(str, values))} for name, values in rows.items()
        ],
        "promql_expr_test": [
            {"expr": query, "eval_time": f"{minute}m", "exp_samples": [{"value": count}]}
            for minute, count in expected.items()
        ],
    }
    tests = {"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": [test]}
    (folder / "test.yml").write_text(json.dumps(tests))
    assert "SUCCESS" in promtool("test", "rules", str(folder / "test.yml"))


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.alert for fault in FAULTS])
def test_alert_fires_after_its_time_and_clears(fault: Fault, tmp_path: Path) -> None:
    """The fault lasts from minute 5 on, for two hours; a minute before, nothing fires."""
    begins, ends = 5, 125
    values = [fault.bad if begins <= minute < ends else fault.good for minute in range(200)]
    fires, clears = begins + fault.fires_after, ends + fault.clears_after
    # Prometheus 3 leaves the first moment out of a range: it clears a minute earlier.
    expected = {fires - 1: 0, fires: 1, clears - 2: 1, clears: 0}
    check_alert(fault.alert, {fault.series: values}, expected, tmp_path)


def test_alive_is_the_sign_of_life_of_one_of_several_instances(tmp_path: Path) -> None:
    """A proxy gives it to one of them; the alert fires only if none was answered by any."""
    series = {
        'rights_line_alive{instance="one"}': [0] * 200,
        'rights_line_alive{instance="other"}': [1] * 100 + [0] * 100,
    }
    check_alert("RightsLineNotAlive", series, {99: 0, 101: 1}, tmp_path)


def test_line_that_is_not_watched_is_down(tmp_path: Path) -> None:
    """The job was removed or renamed, so there is no series at all."""
    series = {'up{job="rights-line"}': [1], 'up{job="rights_line"}': [1] * 200}
    check_alert("RightsLineDown", series, {5: 0, 30: 1}, tmp_path)


def test_alert_fires_and_clears_in_prometheus_that_scrapes_a_line(tmp_path: Path) -> None:
    """Each alert, and no other: first there is no line, then a line with one fault at a time."""
    line, port = FakeLine(), free_port()
    with prometheus(tmp_path, f"127.0.0.1:{port}") as url:
        wait_for_alerts(url, "RightsLineDown")
        with line.served(port):
            wait_for_alerts(url)
            for fault in FAULTS:
                if fault.cause and fault.repair:
                    fault.cause(line)
                    wait_for_alerts(url, fault.alert)
                    fault.repair(line)
                    wait_for_alerts(url)


def wait_for_alerts(url: str, *names: str) -> None:
    """Wait until these alerts fire, and no others."""
    wait_until(lambda: firing(url) == {*names}, f"the alerts {names}")


def test_shipped_configuration_and_rules_are_valid() -> None:
    checked = promtool("check", "config", str(RULES.with_name("prometheus.yml")))
    assert f"{len(ALERTS)} rules found" in checked


def test_metrics_are_accepted_without_a_remark() -> None:
    with FakeLine().served() as address, urlopen(f"http://{address}/metrics") as answer:
        assert promtool("check", "metrics", given=answer.read()) == ""


@pytest.mark.parametrize("alert", ALERTS)
def test_alert_has_action_and_section_in_the_documents(alert: str) -> None:
    annotations = ALERTS[alert]["annotations"]
    document, _, anchor = annotations["runbook_url"].partition("#")
    headings = re.findall("(?m)^#+ (.+)$", (ROOT / document).read_text("utf-8"))
    assert anchor in [heading.lower().replace(" ", "-") for heading in headings]
    assert annotations["summary"]
    assert annotations["action"]


def panels(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the panels of the dashboard that draw something."""
    yield from (panel for panel in rows if panel["type"] not in ("row", "text"))


QUERIES = [
    (panel["title"], target["expr"])
    for panel in panels(DASHBOARD["panels"])
    for target in panel["targets"]
]


@pytest.mark.parametrize(("title", "query"), QUERIES)
def test_panel_query_is_valid_and_names_metrics_of_the_line(title: str, query: str) -> None:
    with FakeLine().served() as address:
        names = {name.partition("{")[0] for name in scrape(address)} | {"up"}
    promtool("promql", "format", query.replace("$__range", "1h"), "--experimental")
    named = set(re.findall(r"\b(?:rights_line_\w+|up)\b", query))
    assert named, title
    assert named <= names


def test_dashboard_panels_are_complete_and_do_not_overlap() -> None:
    shown = DASHBOARD["panels"]
    cells = [
        (x, y)
        for panel in shown
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len({panel["id"] for panel in shown}) == len(shown) > 5
    assert all(panel["title"] and panel["description"] for panel in panels(shown))
    assert all(0 <= x < 24 for x, _ in cells)
    assert len(cells) == len(set(cells))
