"""Metrics for Prometheus that show the state of the line, and nothing about a sender.

counters.py counts the events of the log, exposition.py writes them together with the health check,
and listener.py serves the result at RIGHTS_LINE_METRICS. docs/metrics.md explains each metric, and
docs/adr/0019-counting.md why it shows so little.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from rights_line import event_log
from rights_line.ops.metrics.counters import Counters
from rights_line.ops.metrics.exposition import metrics_app
from rights_line.ops.metrics.metrics_server import serve_metrics
from rights_line.web.listener import bind


def start_metrics(
    address: str, channels: Collection[str], health: Callable[[], Mapping[str, Any]]
) -> None:
    """Count events from now on, and serve the metrics in a thread.

    Args:
        address: `host:port` to listen on.
        channels: the names of the channels.
        health: returns the report of /healthz.

    Raises:
        ConfigurationError: the address cannot be used.
    """
    listener = bind(address, "RIGHTS_LINE_METRICS")
    counters = Counters(channels)
    event_log.OBSERVERS.append(counters.observe)
    serve_metrics(listener, metrics_app(counters, health))
