"""Logs are an allow-list: event, channel, outcome and milliseconds. Nothing about a person.

An exception is named by its class: its message, and a traceback, may quote what was sent.

A log that blocks, is full or is closed delays no reply: lines go through a bounded queue to one
thread per process, and are dropped and counted while the queue is full.
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
    LINES.put_nowait(logging.makeLogRecord({"msg": _row(name, channel, outcome, milliseconds)}))


def class_name(error: BaseException) -> str:
    """Return all that may be said of an exception."""
    return type(error).__name__


def _row(name: str, channel: str, outcome: str, milliseconds: float) -> str:
    row = {"event": name, "channel": channel, "outcome": outcome, "ms": round(milliseconds)}
    return json.dumps(row)


class Lines(Queue[logging.LogRecord]):
    """A bounded queue of log records and the thread that writes them, for each process its own.

    The thread starts with the first record: a process that is forked has none of its parent's.
    """

    def __init__(self) -> None:
        self._restart()
        os.register_at_fork(after_in_child=self._restart)
        atexit.register(self.flush)

    def _restart(self) -> None:
        super().__init__(CAPACITY)
        self._lock = Lock()
        self._listener: QueueListener | None = None
        self._dropped = 0  # changed by `put_nowait` alone, under its lock
        self._failed = self._reported = 0  # changed by the thread alone

    def put_nowait(self, item: logging.LogRecord) -> None:
        """Add a record, or drop and count it; neither wait nor raise."""
        with self._lock:
            try:
                self._listen()
                super().put_nowait(item)
            except (Full, RuntimeError):  # no room, or no thread to be had
                self._dropped += 1

    def _listen(self) -> None:
        if not self._listener:
            listener = _Writer(self)
            listener.start()
            self._listener = listener

    def write(self, line: str) -> None:
        """Write a line to standard error, and before it how many were lost."""
        try:
            if lost := self._dropped + self._failed - self._reported:
                _write(_row("log", "stderr", f"{lost} lines dropped", 0))
                self._reported += lost
            _write(line)
        except Exception:  # whatever it is, the thread must go on
            self._failed += 1

    def flush(self, seconds: float = 1.0) -> None:
        """Wait until all records are written, for at most that long."""
        with self.all_tasks_done:
            self.all_tasks_done.wait_for(lambda: not self.unfinished_tasks, seconds)


class _Writer(QueueListener):
    """A thread without handlers: the lock of one that hangs would stop the process at exit."""

    queue: Lines

    def handle(self, record: logging.LogRecord) -> None:
        self.queue.write(record.getMessage())


def _write(line: str) -> None:
    # Not with sys.stderr.write: Python aborts at exit while a thread hangs in it.
    data = f"{line}\n".encode(errors="backslashreplace")
    while data:
        data = data[os.write(sys.stderr.fileno(), data) :]


LINES = Lines()
