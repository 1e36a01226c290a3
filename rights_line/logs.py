"""Logs are an allow-list: an event and where, how it went, how long. Nothing about a person.

An exception is named by its class: its message, and a traceback, may quote what was sent.
"""

import json
import sys
from contextlib import suppress
from typing import Any

from gunicorn.glogging import Logger


def event(name: str, channel: str, outcome: str, milliseconds: float) -> None:
    """Write one line to standard error."""
    row = {"event": name, "channel": channel, "outcome": outcome, "ms": round(milliseconds)}
    with suppress(OSError, ValueError):  # a log that cannot be written must not cost an answer
        sys.stderr.write(json.dumps(row) + "\n")
        sys.stderr.flush()


class QuietLogger(Logger):  # type: ignore[misc]
    """gunicorn's log without requests.

    gunicorn writes a malformed request with its bytes and address, and the path and query of one
    that failed. Only messages known to speak of the server itself are let through.
    """

    _OF_THE_SERVER = (
        "Starting gunicorn",
        "Listening at",
        "Using worker",
        "Booting worker",
        "Worker exiting",
        "Worker (pid:%s) was sent",
        "Worker (pid:%s) exited",
        "WORKER TIMEOUT",
        "Handling signal",
        "Shutting down",
        "Reason:",
        "Hang up",
        "%s workers",
        "Connection in use",
        "Retrying in",
        "Can't connect to",
    )

    def _say(self, level: str, message: object, arguments: tuple[Any, ...]) -> None:
        known = str(message).startswith(self._OF_THE_SERVER)
        write = getattr(self.error_log, level)
        write(message, *arguments) if known else write("gunicorn: one message withheld")

    def critical(self, msg: object, *args: Any, **kwargs: Any) -> None:
        self._say("critical", msg, args)

    def error(self, msg: object, *args: Any, **kwargs: Any) -> None:
        self._say("error", msg, args)

    def warning(self, msg: object, *args: Any, **kwargs: Any) -> None:
        self._say("warning", msg, args)

    def info(self, msg: object, *args: Any, **kwargs: Any) -> None:
        self._say("info", msg, args)

    def debug(self, msg: object, *args: Any, **kwargs: Any) -> None:
        """Write nothing: at this level gunicorn writes requests."""

    def exception(self, msg: object, *args: Any, **kwargs: Any) -> None:
        self._say("error", msg, args)

    def log(self, lvl: object, msg: object, *args: Any, **kwargs: Any) -> None:
        self._say("info", msg, args)

    def access(self, *args: Any) -> None:
        """Write nothing, whatever the settings say."""


def class_name(error: BaseException) -> str:
    """Return all that may be said of an exception."""
    return type(error).__name__
