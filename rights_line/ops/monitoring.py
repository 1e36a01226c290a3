"""Tell the operator whether the line works: metrics for Prometheus, and a daily sign of life.

Nothing is about a sender. The counts are those of RIGHTS_LINE_COUNTS: in tens, added at midnight
(docs/design.md, D18). The sign of life is a message that the line sends itself, through its
public name. Its result has the same length every day and says nothing about other messages, so it
can be mailed or posted (SecureDrop sends its journalists such a mail).
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import urllib3
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from rights_line.channels import Channel, SignOfLife, load_channels
from rights_line.errors import ConfigurationError, Problem
from rights_line.ops import counts
from rights_line.settings.variable import variable_list
from rights_line.web.health import HealthReport

_TIMEOUT = 10.0  # seconds


class LineCollector(Collector):
    """The report of /healthz and the file of counts, if there is one, as numbers."""

    def __init__(self, health: HealthReport, file: str) -> None:
        self._health = health
        self._file = file

    def collect(self) -> Iterator[Metric]:
        report = self._health()
        yield _gauge("problems", "Problems that /healthz lists.", len(report["problems"]))
        yield _gauge("redis_down", "Redis failed and is not used.", report["redis"] == "down")
        overdue = report["contacts_overdue"]
        yield _gauge("contacts_overdue", "A helpline must be verified again.", overdue)
        labels = ["quarter", "kind", "name"]
        answers = GaugeMetricFamily("rights_line_answers", "Answers, in tens.", labels=labels)
        with suppress(OSError, ConfigurationError):  # the file is written at midnight, or damaged
            for quarter, kinds in counts.read(Path(self._file)).items():
                for kind, names in kinds.items():
                    for name, number in names.items():
                        answers.add_metric([quarter, kind, name], number)
        yield answers


def start_metrics(address: str, health: HealthReport, file: str) -> None:
    """Serve the metrics at `host:port`, in a thread that ends with the process.

    Raises:
        ConfigurationError: the address cannot be used.
    """
    registry = CollectorRegistry()
    registry.register(LineCollector(health, file))
    host, _, port = address.rpartition(":")
    try:
        start_http_server(int(port), host.strip("[]"), registry)
    except (OSError, OverflowError) as error:
        fix = "Stop the other server, or choose another port: RIGHTS_LINE_METRICS=127.0.0.1:9101"
        problem = Problem("RIGHTS_LINE_METRICS", f"cannot listen on {address}: {error}", fix)
        raise ConfigurationError([problem]) from None


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"rights_line_{name}", meaning, value=value)


def send_sign_of_life(environ: Mapping[str, str], number: str, url: str = "") -> str:
    """Send a message; return an error for the operator, empty if the line answered.

    Args:
        environ: the environment variables.
        number: a number that is in every reply.
        url: the address to send it to; empty: RIGHTS_LINE_PUBLIC_URL.

    Raises:
        ConfigurationError: a variable is invalid, or there is no channel or address.
    """
    channels = load_channels(variable_list(environ, "CHANNELS"), environ)
    found = _message(channels)
    base = url or environ.get("RIGHTS_LINE_PUBLIC_URL", "")
    if not found or not base:
        summary = "must name the line's address, and CHANNELS a channel for texts or USSD"
        fix = "Set both, or give --url"
        raise ConfigurationError([Problem("RIGHTS_LINE_PUBLIC_URL", summary, fix)])
    name, message = found
    try:
        with urllib3.PoolManager(timeout=_TIMEOUT, retries=False) as http:
            answer = http.request(
                "POST", base + message.path, headers=message.headers, body=message.body
            )
    except urllib3.exceptions.HTTPError as error:  # its message holds the path, with the token
        return f"{name}: the line did not answer, {type(error).__name__}"
    if answer.status == 200 and number.encode() in answer.data:
        return ""
    return f"{name}: the line must answer with the helplines, got status {answer.status}"


def _message(channels: Mapping[str, Channel]) -> tuple[str, SignOfLife] | None:
    """Return the first channel that can test the line, and its message: SMS before others.

    A local one comes last: the shipped proxy refuses its path from outside.
    """
    found = [
        (name, message) for name, channel in channels.items() if (message := channel.sign_of_life())
    ]
    return min(found, key=lambda row: row[1].is_local, default=None)
