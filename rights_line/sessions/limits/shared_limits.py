"""The counters that all senders share: per hour, per day, and those of the reserve."""

from collections.abc import Callable, Sequence
from datetime import datetime
from math import ceil

from rights_line.clock import OSLO
from rights_line.core.limits import RESERVE_DAILY, RESERVE_HOURLY, Count, Limits, number_prefix
from rights_line.sessions import COUNT_LABEL
from rights_line.sessions.limits.window import Window, end_of, is_current

_OUTCOMES = {
    Count.HOUR: "hourly",
    Count.DAY: "daily",
    Count.RESERVE_HOUR: "reserve",
    Count.RESERVE_DAY: "reserve",
}
_FULL = (
    "The {kind} limit of {limit} full replies ({variable}) has been reached. Until {end}"
    " senders get only the short reply with the helplines."
)
_RESERVE = (
    "The reserve of {limit} short replies ({factor} times {variable}) has been used up. Until"
    " {end} new senders get no reply, except in an emergency."
)
_FIX = (
    "Check the provider's usage statistics for a flood. Raise {variable} only if the messages come"
    " from real people."
)
_SENTENCES = {
    Count.HOUR: (_FULL, "RIGHTS_LINE_HOURLY", 1),
    Count.DAY: (_FULL, "RIGHTS_LINE_DAILY", 1),
    Count.RESERVE_HOUR: (_RESERVE, "RIGHTS_LINE_HOURLY", RESERVE_HOURLY),
    Count.RESERVE_DAY: (_RESERVE, "RIGHTS_LINE_DAILY", RESERVE_DAILY),
}
_PREFIX_LABEL = "range:"  # label of the pseudonyms of number prefixes


class SharedLimits:
    """The shared counters of one process; not thread-safe, the owner holds a lock.

    All sequences are in the order of `Count`, without the counter of the sender.

    Args:
        limits: the limits of all senders.
        wall: the time of day, in seconds since 1970.
    """

    def __init__(self, limits: Limits, wall: Callable[[], float]) -> None:
        self._limits = limits
        self._maxima = {counter: limits.limit_for(counter) for counter in _OUTCOMES}
        self._wall = wall
        self._windows = {counter: Window() for counter in _OUTCOMES}

    def evict_expired(self) -> None:
        """Replace expired windows."""
        now = self._wall()
        for counter, window in self._windows.items():
            if not is_current(counter, window.end, now):
                self._windows[counter] = Window(end_of(counter, now))

    def counts(self) -> tuple[int, ...]:
        """Return the value of each counter."""
        return tuple(window.count for window in self._windows.values())

    def ends(self) -> tuple[float, ...]:
        """Return the end of each counter's window, in seconds since 1970."""
        return tuple(window.end for window in self._windows.values())

    def ttls(self) -> tuple[int, ...]:
        """Return the seconds until the end of each window, rounded up."""
        now = self._wall()
        return tuple(max(1, ceil(end - now)) for end in self.ends())

    def held(self, channel: str, sender: str) -> tuple[int, int]:
        """Return how many replies from the reserves of hour and day the sender's prefix got.

        A sender can draw on the reserve once per hour: after that, all of it counts as held.
        """
        hour, day = self._windows[Count.RESERVE_HOUR], self._windows[Count.RESERVE_DAY]
        prefix = number_prefix(sender)
        held_hour = hour.drawn(channel, prefix, _PREFIX_LABEL)
        if hour.drawn(channel, sender, COUNT_LABEL):
            held_hour = self._maxima[Count.RESERVE_HOUR]
        return held_hour, day.drawn(channel, prefix, _PREFIX_LABEL)

    def charge(self, amounts: Sequence[int], channel: str, sender: str) -> None:
        """Add amounts to the counters."""
        for window, amount in zip(self._windows.values(), amounts, strict=True):
            window.count += amount
        if amounts[-1]:
            hour, day = self._windows[Count.RESERVE_HOUR], self._windows[Count.RESERVE_DAY]
            hour.draw(channel, sender, COUNT_LABEL)
            hour.draw(channel, number_prefix(sender), _PREFIX_LABEL)
            day.draw(channel, number_prefix(sender), _PREFIX_LABEL)

    def adopt(self, ends: Sequence[float], counts: Sequence[int]) -> None:
        """Raise the counters to those of Redis, unless their window has expired."""
        for window, end, count in zip(self._windows.values(), ends, counts, strict=True):
            if window.end == end:
                window.count = max(window.count, count)

    def newly_reached(self) -> list[str]:
        """Return the limits that have just been reached, each once per window, for the log."""
        reached = [counter for counter in self._reached() if not self._windows[counter].is_reported]
        for counter in reached:
            self._windows[counter].is_reported = True
        return [_OUTCOMES[counter] for counter in reached]

    def problems(self) -> list[str]:
        """Return a sentence for each limit that has been reached."""
        return [self._sentence(counter) for counter in self._reached()]

    def _reached(self) -> list[Count]:
        return [
            counter
            for counter, maximum in self._maxima.items()
            if self._windows[counter].count >= maximum
        ]

    def _sentence(self, counter: Count) -> str:
        sentence, variable, factor = _SENTENCES[counter]
        end = datetime.fromtimestamp(self._windows[counter].end, OSLO)
        return f"{sentence} {_FIX}".format(
            kind=_OUTCOMES[counter],
            limit=self._maxima[counter],
            variable=variable,
            factor=factor,
            end=f"{end:%H:%M}",
        )
