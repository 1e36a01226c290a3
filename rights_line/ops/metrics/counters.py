"""Counters that time no message: they rise in tens, and are updated every quarter of an hour."""

import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product

from rights_line.clock import OSLO
from rights_line.core.limits import Count
from rights_line.ops.counts_file import count_in_tens
from rights_line.sessions.limits.window import window_span

PERIOD = 900  # seconds; days and hours in Norway begin with a period
BUCKETS = (0.01, 0.1, 1.0, 10.0)  # seconds
FALLBACK = "fallback"
# Outcomes in the log -> outcomes in the metrics. All others are errors or malformed messages, which
# were answered with the fallback response.
_OUTCOMES = {
    "answered": "answered",
    "answered without session": "answered",
    "short": "short",
    "short without session": "short",
    "withheld": "withheld",
    "refused": "refused",
    "broken": "refused",
    "too large": "refused",
}
OUTCOMES = (*dict.fromkeys(_OUTCOMES.values()), FALLBACK)
# Limits of all senders, as the log names them -> the counter whose window ends the alert.
LIMITS = {"hourly": Count.HOUR, "daily": Count.DAY, "reserve": Count.RESERVE_HOUR}


@dataclass(frozen=True)
class Snapshot:
    """The state at the last update."""

    messages: Mapping[tuple[str, str], int]  # (channel, outcome) -> messages, in tens
    buckets: Mapping[float, int]  # seconds -> messages of at most so long, in tens; inf: all
    has_fallback: bool  # whether a fallback response was sent since the update before
    limits: Mapping[str, bool]  # limit of all senders -> whether it is reached
    is_alive: bool  # whether a message was answered on the last whole day


class Counters:
    """The counters of one process, fed by the event log.

    Every series exists from the start, so that none appears with the first message. `wall` is the
    time of day, in seconds since 1970.
    """

    def __init__(self, channels: Collection[str], wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._lock = threading.Lock()  # guards all below
        self._messages = dict.fromkeys(product(channels, OUTCOMES), 0)
        self._buckets = dict.fromkeys((*BUCKETS, float("inf")), 0)
        self._limits_end = dict.fromkeys(LIMITS, 0.0)
        self._has_fallback = False
        self._is_alive = self._is_answered_today = True  # unknown on the day of the start
        self._period = self._wall() // PERIOD
        self._today = self._counters_date()
        self._snapshot = self._freeze_counters()

    def count_event(self, event: str, channel: str, outcome: str, milliseconds: float) -> None:
        with self._lock:
            self._update_counters()
            if event == "limit" and outcome in LIMITS:
                self._limits_end[outcome] = window_span(LIMITS[outcome], self._wall())[1]
            group = _OUTCOMES.get(outcome, FALLBACK)
            if event == "inbound" and (channel, group) in self._messages:
                self._count_message(channel, group, milliseconds / 1000)

    def counters_snapshot(self) -> Snapshot:
        """Return the state at the last update."""
        with self._lock:
            self._update_counters()
            return self._snapshot

    def _count_message(self, channel: str, group: str, seconds: float) -> None:
        self._messages[channel, group] += 1
        self._has_fallback |= group == FALLBACK
        self._is_answered_today |= group == "answered"
        if group != "refused":
            for bucket in self._buckets:
                self._buckets[bucket] += seconds <= bucket

    def _update_counters(self) -> None:
        """Show what was counted before the current period, if it has just begun.

        This runs before an event is counted, so what is shown ends with a period, not with a
        message or a scrape.
        """
        period = self._wall() // PERIOD
        if period == self._period:
            return
        self._period = period
        if (today := self._counters_date()) != self._today:
            is_next = today - self._today == timedelta(days=1)
            self._is_alive = self._is_answered_today and is_next
            self._today, self._is_answered_today = today, False
        self._snapshot = self._freeze_counters()
        self._has_fallback = False

    def _freeze_counters(self) -> Snapshot:
        now = self._period * PERIOD
        return Snapshot(
            {names: count_in_tens(count) for names, count in self._messages.items()},
            {bucket: count_in_tens(count) for bucket, count in self._buckets.items()},
            self._has_fallback,
            {limit: now < end for limit, end in self._limits_end.items()},
            self._is_alive,
        )

    def _counters_date(self) -> date:
        return datetime.fromtimestamp(self._period * PERIOD, OSLO).date()
