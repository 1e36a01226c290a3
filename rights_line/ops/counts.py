"""Answers by language, by topic and by helpline, counted in whole tens per quarter.

The file is written at midnight and at the end of the process, also if nothing changed, so that
neither its time nor its size tells when somebody wrote. It holds no count below ten. What is
missing to the next ten exists only in memory: it is lost with the process, and with the quarter.
docs/design.md, D18, has the reasons.
"""

import atexit
import fcntl
import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import msgspec

from rights_line import clock, event_log
from rights_line.channels import SIMULATOR
from rights_line.clock import OSLO
from rights_line.core import ScreenId
from rights_line.core.library import Library
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.file import replace_files

STEP = 10
LANGUAGES, TOPICS, HELPLINES = "languages", "topics", "helplines"
LIST_FOLLOWED = "list_followed"  # a topic: a number of a list was sent in the next text
Tens = Annotated[int, msgspec.Meta(multiple_of=STEP)]
Counts = dict[str, dict[str, dict[str, Tens]]]  # quarter -> kind -> name -> answers


def start(file: Path, library: Library) -> Callable[[str, ScreenId, bool], None]:
    """Return the function that counts an answer; save each midnight and when the process ends.

    Raises:
        ConfigurationError: the file cannot be read or written.
    """
    counts = QuarterCounts(file, library, clock.now)
    try:
        counts.save()
    except OSError as error:
        raise _unusable(file, f"must be writable, got {error.strerror}") from None
    atexit.register(counts.save_or_log)
    threading.Thread(target=counts.save_at_midnight, name="counts", daemon=True).start()
    return counts.count


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

    def count(self, channel: str, screen: ScreenId, follows_list: bool = False) -> None:
        """Count an answer, and a number of a list that led there, unless it is to the simulator."""
        if channel == SIMULATOR:
            return
        cells = _cells(screen, self._library)
        cells += [(TOPICS, LIST_FOLLOWED)] * follows_list
        with self._lock:
            quarter = quarter_of(self._now().astimezone(OSLO).date())
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
            add(self._file, steps)
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
            wait(seconds_to_midnight(self._now()))
            self.save_or_log()


def _cells(screen: ScreenId, library: Library) -> list[tuple[str, str]]:
    """Return the language of a screen, and its topic or helpline if it is in one language."""
    cells = [(LANGUAGES, screen.language)]
    if edition := library.editions.get(screen.language):
        kind = HELPLINES if screen.code in library.contact_codes else TOPICS
        shown = edition.screens.get(screen.code)  # none for a list and for an acknowledgement
        cells.append((kind, shown.topic if shown else screen.code))
    return cells


def seconds_to_midnight(now: datetime) -> float:
    """Return the seconds until the next day in Norway begins."""
    return clock.day_span(now.timestamp())[1] - now.timestamp()


def quarter_of(day: date) -> str:
    """Return the quarter of a day, such as `2026-Q4`."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def in_tens(count: int) -> int:
    """Return a count rounded down to a whole ten."""
    return count - count % STEP


def add(file: Path, steps: Mapping[tuple[str, str, str], int]) -> None:
    """Add (quarter, kind, name) -> tens to a file; several processes may share it.

    The file is replaced even if there is nothing to add.

    Raises:
        OSError: it cannot be read or written.
        ConfigurationError: its content is malformed.
    """
    # Another file is locked, because this one is replaced.
    with file.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        counts = read(file) if file.exists() else {}
        for (quarter, kind, name), number in steps.items():
            cells = counts.setdefault(quarter, {}).setdefault(kind, {})
            cells[name] = cells.get(name, 0) + number
        replace_files({file: (json.dumps(counts, indent=1, sort_keys=True) + "\n").encode()})


def read(file: Path) -> Counts:
    """Return the content of a file; it raises what `add` does."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Counts)
    except ValueError:  # of msgspec
        raise _unusable(file, "must hold counts in tens, got something else") from None


def _unusable(file: Path, summary: str) -> ConfigurationError:
    fix = f"Set it to a file in a folder of the line's own, or repair or remove {file}"
    return ConfigurationError([Problem("RIGHTS_LINE_COUNTS", summary, fix)])
