"""Prometheus metrics of a line that does not run, served by the real listener."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.request import urlopen

from rights_line.ops.metrics import serve_metrics
from rights_line.ops.metrics.counters import PERIOD, Counters
from rights_line.ops.metrics.exposition import metrics_app
from tests.support.clock import MIDNIGHT, Clock

CHANNELS = ("twilio_sms", "kannel_sms")
WELL: dict[str, Any] = {"problems": [], "redis": "up", "contacts_overdue": False}


@dataclass(eq=False)
class FakeLine:
    """The counters and the health report of a line, set by a test.

    Attributes:
        clock: the time of day.
        report: the report of /healthz.
    """

    clock: Clock = field(default_factory=lambda: Clock(MIDNIGHT))
    report: dict[str, Any] = field(default_factory=lambda: dict(WELL))

    def __post_init__(self) -> None:
        self.counters = Counters(CHANNELS, self.clock)

    def receive(self, outcome: str, number: int = 1, channel: str = "twilio_sms") -> None:
        """Count messages."""
        for _ in range(number):
            self.counters.count_event("inbound", channel, outcome, 4)

    def pass_time(self, seconds: float = PERIOD) -> None:
        self.clock.now += seconds

    @contextmanager
    def served(self, port: int = 0) -> Iterator[str]:
        """Serve the metrics; yield their address, `host:port`."""
        listener = socket.socket()
        listener.bind(("127.0.0.1", port))
        serve_metrics(listener, metrics_app(self.counters, lambda: self.report))
        yield f"127.0.0.1:{listener.getsockname()[1]}"


def scrape(address: str) -> dict[str, float]:
    """Return each sample by its name and labels."""
    with urlopen(f"http://{address}/metrics", timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    rows = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in rows}
