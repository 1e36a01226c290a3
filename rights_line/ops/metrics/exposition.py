"""The metrics in Prometheus' text format."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client.core import (
    CollectorRegistry,
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from rights_line.ops.metrics.counters import Counters, Snapshot
from rights_line.web.health import HealthReport

PATH = "/metrics"


class LineCollector(Collector):
    """The metrics of one process: what was counted, and the report of /healthz."""

    def __init__(self, counters: Counters, health: HealthReport) -> None:
        self._counters = counters
        self._health = health

    def collect(self) -> Iterator[Metric]:
        yield from _counted_metrics(self._counters.counters_snapshot())
        yield from _health_metrics(self._health())


def metrics_app(counters: Counters, health: HealthReport) -> WSGIApplication:
    """Return the WSGI application that answers GET /metrics."""
    registry = CollectorRegistry()
    registry.register(LineCollector(counters, health))

    def metrics_application(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "GET":
            start_response("404 Not Found", [("Content-Length", "0")])
            return []
        body = generate_latest(registry)
        headers = [("Content-Type", CONTENT_TYPE_LATEST), ("Content-Length", str(len(body)))]
        start_response("200 OK", headers)
        return [body]

    return metrics_application


def _counted_metrics(snapshot: Snapshot) -> Iterator[Metric]:
    messages = CounterMetricFamily(
        "rights_line_messages",
        "Messages in tens, updated every quarter of an hour.",
        labels=["channel", "outcome"],
    )
    for names, count in snapshot.messages.items():
        messages.add_metric(names, count)
    yield messages
    buckets = [
        (_metrics_bucket_bound(bound), float(count)) for bound, count in snapshot.buckets.items()
    ]
    seconds = HistogramMetricFamily(
        "rights_line_reply_seconds", "Time to compute a reply; each bucket counts in tens."
    )
    seconds.add_metric([], buckets, sum_value=None)  # a sum would time each message
    yield seconds
    yield _metrics_gauge(
        "fallback_sent", "A fallback was sent in the last period.", snapshot.has_fallback
    )
    limits = GaugeMetricFamily(
        "rights_line_limit_reached", "A limit of all senders is reached.", labels=["limit"]
    )
    for limit, is_reached in snapshot.limits.items():
        limits.add_metric([limit], is_reached)
    yield limits
    yield _metrics_gauge(
        "alive", "A message was answered on the last whole day.", snapshot.is_alive
    )


def _health_metrics(report: Mapping[str, Any]) -> Iterator[Metric]:
    yield _metrics_gauge("problems", "Problems that /healthz lists.", len(report["problems"]))
    yield _metrics_gauge("breaker_open", "Redis failed and is not used.", report["redis"] == "down")
    overdue = report["contacts_overdue"]
    yield _metrics_gauge("contacts_overdue", "A helpline's number must be verified again.", overdue)


def _metrics_gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"rights_line_{name}", meaning, value=value)


def _metrics_bucket_bound(seconds: float) -> str:
    return "+Inf" if seconds == float("inf") else str(seconds)
