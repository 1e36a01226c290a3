"""Log of events: one JSON line with event, channel, outcome and milliseconds.

Nothing else may be logged. An exception is logged by its class, because its message and traceback
may contain what a person sent.

The log never delays a reply. Lines wait in memory for one thread per process, which writes them
together every 50 ms; while too many wait, lines are dropped and counted. The journal of systemd
adds the time to each line, so there they are written at each full minute: no line tells the second
in which somebody wrote.

Not `logging.handlers.QueueHandler`: it takes as many lines and twice the CPU, and at exit
`logging.shutdown` waits for the lock of a handler that hangs in a full pipe.
"""

import atexit
import json
import os
import sys
import threading
import time

CAPACITY = 4096  # lines, less than 1 MB
_PAUSE = 0.05  # seconds; waking the thread per line took 10 % of the CPU of a message
_MINUTE = 60.0  # seconds


def pause(now: float, in_journal: bool) -> float:
    """Return how long the lines wait, in seconds; `now` are seconds since the epoch."""
    return _MINUTE - now % _MINUTE if in_journal else _PAUSE


def log_event(name: str, channel: str, outcome: str, milliseconds: float) -> None:
    """Write one line to standard error, without waiting for it."""
    LINES.add_line(_line(name, channel, outcome, milliseconds))


def logged_error_class(error: BaseException) -> str:
    """Return the class of an exception, the only part of it that may be logged."""
    return type(error).__name__


def _line(name: str, channel: str, outcome: str, milliseconds: float) -> str:
    row = {"event": name, "channel": channel, "outcome": outcome, "ms": round(milliseconds)}
    return json.dumps(row)


class Lines:
    """The lines that wait, and the thread that writes them, one pair per process.

    The thread starts with the first line, because a forked process does not inherit it.
    """

    def __init__(self) -> None:
        self._restart()
        os.register_at_fork(after_in_child=self._restart)
        atexit.register(self.flush)

    def _restart(self) -> None:
        self._changed = threading.Condition()  # guards the attributes below
        self._waiting: list[str] = []
        self._lost = 0  # lines not written, and not reported yet
        self._is_writing = False
        self._has_thread = self._is_urgent = False

    def add_line(self, line: str) -> None:
        """Add a line, or drop and count it; never wait for the writing or raise."""
        with self._changed:
            if len(self._waiting) >= CAPACITY or not self._start_thread():
                self._lost += 1
                return
            self._waiting.append(line)
            if len(self._waiting) in (1, CAPACITY // 2 + 1):
                self._changed.notify_all()

    def flush(self, seconds: float = 1.0) -> None:
        """Wait until all lines are written, for at most `seconds`."""
        with self._changed:
            self._is_urgent = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._waiting and not self._is_writing, seconds)
            self._is_urgent = False

    def _start_thread(self) -> bool:
        if not self._has_thread:
            try:
                threading.Thread(target=self._run, daemon=True).start()
            except RuntimeError:  # no thread can be started
                return False
            self._has_thread = True
        return True

    def _must_write(self) -> bool:
        """Whether somebody waits for the lines, or so many wait that none tells of one message."""
        return self._is_urgent or len(self._waiting) > CAPACITY // 2

    def _run(self) -> None:
        in_journal = "JOURNAL_STREAM" in os.environ  # set by systemd: systemd.exec(5)
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                self._changed.wait_for(self._must_write, pause(time.time(), in_journal))
                lines, self._waiting, self._is_writing = self._waiting, [], True
                lost, self._lost = self._lost, 0
            if lost:
                lines.insert(0, _line("log", "stderr", f"{lost} lines dropped", 0))
            is_written = _write_lines(lines)
            with self._changed:
                self._is_writing = False
                if not is_written:
                    self._lost += lost + len(lines) - bool(lost)
                self._changed.notify_all()


def _write_lines(lines: list[str]) -> bool:
    """Write lines to standard error; return whether that worked."""
    # Not sys.stderr.write: Python aborts at exit while a thread hangs in it.
    data = "".join(f"{line}\n" for line in lines).encode(errors="backslashreplace")
    try:
        while data:
            data = data[os.write(sys.stderr.fileno(), data) :]
    except Exception:  # any error: the thread must continue
        return False
    return True


LINES = Lines()
