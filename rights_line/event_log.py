"""Log of events: one JSON line with event, channel, outcome and milliseconds.

Nothing else may be logged. An exception is logged by its class, because its message and traceback
may contain what a person sent.

The log never delays a reply. Lines go through a bounded queue to one thread per process; while the
queue is full they are dropped and counted.
"""

import atexit
import json
import logging
import os
import sys
from logging.handlers import QueueListener
from queue import Full, Queue
from threading import Lock

CAPACITY = 4096  # lines, less than 10 MB


def log_event(name: str, channel: str, outcome: str, milliseconds: float) -> None:
    """Write one line to standard error, without waiting for it."""
    LINES.put_nowait(
        logging.makeLogRecord({"msg": _json_line(name, channel, outcome, milliseconds)})
    )


def class_name(error: BaseException) -> str:
    """Return the class of an exception, the only part of it that may be logged."""
    return type(error).__name__


def _json_line(name: str, channel: str, outcome: str, milliseconds: float) -> str:
    row = {"event": name, "channel": channel, "outcome": outcome, "ms": round(milliseconds)}
    return json.dumps(row)


class Lines(Queue[logging.LogRecord]):
    """A bounded queue of log records and the thread that writes them, one pair per process.

    The thread starts with the first record, because a forked process does not inherit it.
    """

    def __init__(self) -> None:
        self._restart()
        os.register_at_fork(after_in_child=self._restart)
        atexit.register(self.flush)

    def _restart(self) -> None:
        super().__init__(CAPACITY)
        self._lock = Lock()
        self._listener: QueueListener | None = None
        self._dropped = 0  # changed only by `put_nowait`, under the lock
        self._failed = self._reported = 0  # changed only by the thread

    def put_nowait(self, item: logging.LogRecord) -> None:
        """Add a record, or drop and count it; never wait or raise."""
        with self._lock:
            try:
                self._start_thread()
                super().put_nowait(item)
            except (Full, RuntimeError):  # the queue is full, or no thread can be started
                self._dropped += 1

    def _start_thread(self) -> None:
        if not self._listener:
            listener = _Writer(self)
            listener.start()
            self._listener = listener

    def write(self, line: str) -> None:
        """Write a line to standard error, after the number of lines lost before it."""
        try:
            if lost := self._dropped + self._failed - self._reported:
                _write(_json_line("log", "stderr", f"{lost} lines dropped", 0))
                self._reported += lost
            _write(line)
        except Exception:  # any error: the thread must continue
            self._failed += 1

    def flush(self, seconds: float = 1.0) -> None:
        """Wait until all records are written, for at most `seconds`."""
        with self.all_tasks_done:
            self.all_tasks_done.wait_for(lambda: not self.unfinished_tasks, seconds)


class _Writer(QueueListener):
    """A listener without handlers, since `logging` waits at exit for the lock of each handler."""

    queue: Lines

    def handle(self, record: logging.LogRecord) -> None:
        self.queue.write(record.getMessage())


def _write(line: str) -> None:
    # Not sys.stderr.write: Python aborts at exit while a thread hangs in it.
    data = f"{line}\n".encode(errors="backslashreplace")
    while data:
        data = data[os.write(sys.stderr.fileno(), data) :]


LINES = Lines()
