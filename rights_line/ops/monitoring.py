"""Metrics for Prometheus: what is wrong, and the counts of the report. Nothing about a sender.

The counts are those of RIGHTS_LINE_COUNTS: in tens, added at midnight (docs/adr/0019-counting.md).
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from rights_line.errors import ConfigurationError, Problem
from rights_line.ops import counts
from rights_line.web.health import HealthReport


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
