"""Metrics for Prometheus that show the state of the line, and nothing about a sender.

counters.py counts the events of the log, and exposition.py writes them together with the health
check. They are served at RIGHTS_LINE_METRICS. docs/adr/0019-counting.md says why they show
so little.
"""

import socket
import threading
from collections.abc import Collection
from wsgiref.types import WSGIApplication

from waitress import create_server

from rights_line import event_log
from rights_line.ops.metrics.counters import Counters
from rights_line.ops.metrics.exposition import metrics_app
from rights_line.web.health import HealthReport
from rights_line.web.serving.listener import bind_listener

_CONNECTIONS = 20


def start_metrics(address: str, channels: Collection[str], health: HealthReport) -> None:
    """Count events from now on, and serve the metrics at `host:port`.

    Raises:
        ConfigurationError: the address cannot be used.
    """
    listener = bind_listener(address, "RIGHTS_LINE_METRICS")
    counters = Counters(channels)
    event_log.OBSERVERS.append(counters.count_event)
    serve_metrics(listener, metrics_app(counters, health))


def serve_metrics(listener: socket.socket, app: WSGIApplication) -> None:
    """Serve an application on a bound socket, in a thread that ends with the process."""
    server = create_server(
        app,
        sockets=[listener],
        threads=1,
        ident=None,  # no `Server` header
        connection_limit=_CONNECTIONS,
        channel_timeout=10,
        clear_untrusted_proxy_headers=False,  # none is read
        asyncore_use_poll=True,  # select() fails above 1,024 file descriptors
    )
    threading.Thread(target=server.run, name="metrics", daemon=True).start()
