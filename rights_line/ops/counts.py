"""Answers by language, by topic and by helpline, counted in whole tens per quarter.

The file is written at midnight and at the end of the process, also if nothing changed, so that
neither its time nor its size tells when somebody wrote. It holds no count below ten. What is
missing to the next ten exists only in memory: it is lost with the process, and with the quarter.
docs/adr/0019-counting.md has the reasons.
"""

import atexit
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from rights_line import clock, event_log
from rights_line.channels import SIMULATOR
from rights_line.clock import OSLO
from rights_line.core.library import Library
from rights_line.core.messages import ScreenId
from rights_line.errors import ConfigurationError
from rights_line.ops import counts_file
from rights_line.ops.counts_file import (
    HELPLINES,
    LANGUAGES,
    LIST_FOLLOWED,
    STEP,
    TOPICS,
    counts_file_quarter,
)


def start_counts(file: Path, library: Library) -> Callable[[str, ScreenId, bool], None]:
    """Return the function that counts an answer; save each midnight and when the process ends.

    Raises:
        ConfigurationError: the file cannot be read or written.
    """
    counts = QuarterCounts(file, library, clock.now)
    try:
        counts.save()
    except OSError as error:
        raise counts_file.unusable(file, f"must be writable, got {error.strerror}") from None
    atexit.register(counts.save_or_log)
    threading.Thread(target=counts.save_at_midnight, name="counts", daemon=True).start()
    return counts.count_answer


class QuarterCounts:
    """The counts of one process, which it adds to a file."""

    def __init__(self, file: Path, library: Library, now: Callable[[], datetime]) -> None:
        self._file = file
        self._library = library
        self._now = now
        self._lock = threading.Lock()  # guards the attributes below
        self._quarter = ""
        self._rest: Counter[tuple[str, str]] = Counter()  # (kind, name) -> answers, below ten
        self._steps: Counter[tuple[str, str, str]] = Counter()  # tens that are not saved yet
        self._file_lock = threading.Lock()

    def count_answer(self, channel: str, screen: ScreenId, follows_list: bool = False) -> None:
        """Count an answer, and a number of a list that led there, unless it is to the simulator."""
        if channel == SIMULATOR:
            return
        cells = count_cells(screen, self._library)
        cells += [(TOPICS, LIST_FOLLOWED)] * follows_list
        with self._lock:
            quarter = counts_file_quarter(self._now().astimezone(OSLO).date())
            if quarter != self._quarter:
                self._quarter = quarter
                self._rest.clear()
            for cell in cells:
                self._rest[cell] += 1
                if self._rest[cell] == STEP:
                    self._rest[cell] = 0
                    self._steps[quarter, *cell] += STEP

    def save(self) -> None:
        """Add the tens that are not saved yet to the file; no reply waits for that.

        It raises what `add` does.
        """
        with self._file_lock:
            with self._lock:
                steps = self._steps.copy()
            counts_file.add(self._file, steps)
            with self._lock:
                self._steps -= steps

    def save_or_log(self) -> None:
        """Save; log an error by its class, and keep the tens for the next time."""
        try:
            self.save()
        except (OSError, ConfigurationError) as error:
            event_log.log_event("counts", "", event_log.logged_error_class(error), 0)

    def save_at_midnight(self) -> None:
        """Save at the beginning of each day in Norway, without end."""
        wait = threading.Event().wait
        while True:
            wait(seconds_to_save_counts(self._now()))
            self.save_or_log()


def count_cells(screen: ScreenId, library: Library) -> list[tuple[str, str]]:
    """Return the language of a screen, and its topic or helpline if it is in one language."""
    cells = [(LANGUAGES, screen.language)]
    if edition := library.editions.get(screen.language):
        kind = HELPLINES if screen.code in library.contact_codes else TOPICS
        shown = edition.screens.get(screen.code)  # none for a list and for an acknowledgement
        cells.append((kind, shown.topic if shown else screen.code))
    return cells


def seconds_to_save_counts(now: datetime) -> float:
    """Return the seconds until the next day in Norway begins."""
    return clock.day_span(now.timestamp())[1] - now.timestamp()
