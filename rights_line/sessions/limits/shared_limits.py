"""The counters that all senders share: per hour, per day, and those of the reserve."""

from collections.abc import Callable, Sequence
from datetime import datetime

from rights_line.clock import OSLO
from rights_line.core.limits import RESERVE_DAILY, RESERVE_HOURLY, Count, Limits, number_prefix
from rights_line.sessions import COUNT_LABEL
from rights_line.sessions.limits.window import Window, window_span

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
# Counter -> the limit in the log, the sentence, the variable, and how often it is taken.
_TEXTS = {
    Count.HOUR: ("hourly", _FULL, "RIGHTS_LINE_HOURLY", 1),
    Count.DAY: ("daily", _FULL, "RIGHTS_LINE_DAILY", 1),
    Count.RESERVE_HOUR: ("reserve", _RESERVE, "RIGHTS_LINE_HOURLY", RESERVE_HOURLY),
    Count.RESERVE_DAY: ("reserve", _RESERVE, "RIGHTS_LINE_DAILY", RESERVE_DAILY),
}
_PREFIX_LABEL = "range:"  # label of the pseudonyms of number prefixes


class SharedLimits:
    """The shared counters of one process; not thread-safe, the owner holds a lock.

    All sequences are in the order of `Count`, without the counter of the sender. `wall` is the
    time of day, in seconds since 1970.
    """

    def __init__(self, limits: Limits, wall: Callable[[], float]) -> None:
        self._maxima = dict(zip(_TEXTS, limits.limit_maxima, strict=True))
        self._wall = wall
        self._windows = {counter: Window() for counter in _TEXTS}

    def shared_windows(self) -> tuple[Window, ...]:
        """Return the current window of each counter; those that have expired are replaced."""
        now = self._wall()
        for counter, window in self._windows.items():
            if not window.start <= now < window.end:
                self._windows[counter] = Window(*window_span(counter, now))
        return tuple(self._windows.values())

    def held_shared_reserves(self, channel: str, sender: str) -> tuple[int, int]:
        """Return how many replies from the reserves of hour and day the sender's prefix got.

        A sender can draw on the reserve once per hour: after that, all of it counts as held.
        """
        hour, day = self._windows[Count.RESERVE_HOUR], self._windows[Count.RESERVE_DAY]
        prefix = number_prefix(sender)
        held_hour = hour.drawn_in_window(channel, prefix, _PREFIX_LABEL)
        if hour.drawn_in_window(channel, sender, COUNT_LABEL):
            held_hour = self._maxima[Count.RESERVE_HOUR]
        return held_hour, day.drawn_in_window(channel, prefix, _PREFIX_LABEL)

    def draw_shared_reserves(self, channel: str, sender: str) -> None:
        hour, day = self._windows[Count.RESERVE_HOUR], self._windows[Count.RESERVE_DAY]
        hour.draw_in_window(channel, sender, COUNT_LABEL)
        for window in (hour, day):
            window.draw_in_window(channel, number_prefix(sender), _PREFIX_LABEL)

    def adopt_shared_counts(self, windows: Sequence[Window], counts: Sequence[int]) -> list[str]:
        """Raise the counters of given windows. Return the limits that this reaches, for the log."""
        reached = []
        for counter, window, count in zip(_TEXTS, windows, counts, strict=True):
            if window.count < self._maxima[counter] <= count:
                reached.append(_TEXTS[counter][0])
            window.count = max(window.count, count)
        return reached

    def shared_limit_problems(self) -> list[str]:
        """Return a sentence for each limit that has been reached."""
        return [
            self._shared_limit_sentence(counter, window.end)
            for counter, window in zip(_TEXTS, self.shared_windows(), strict=True)
            if window.count >= self._maxima[counter]
        ]

    def _shared_limit_sentence(self, counter: Count, end: float) -> str:
        kind, sentence, variable, factor = _TEXTS[counter]
        return f"{sentence} {_FIX}".format(
            kind=kind,
            limit=self._maxima[counter],
            variable=variable,
            factor=factor,
            end=f"{datetime.fromtimestamp(end, OSLO):%H:%M}",
        )
