"""gunicorn's own log, through the queue of `event_log` and without any part of a request."""

import logging
import os
from logging.handlers import QueueHandler
from typing import Any

from gunicorn.glogging import Logger

from rights_line import event_log


class ServerLog(Logger):  # type: ignore[misc]
    """gunicorn's log on standard error; its options for files and syslog are ignored."""

    def setup(self, cfg: Any) -> None:
        self.cfg = cfg
        handler = QueueHandler(event_log.LINES)
        handler.setFormatter(TemplateOnly(self.error_fmt, self.datefmt))
        level = self.LOG_LEVELS.get(cfg.loglevel.lower(), logging.INFO)
        # Some gunicorn modules do not get this object, and log to the parent logger.
        for log in (self.error_log, logging.getLogger("gunicorn")):
            log.setLevel(max(level, logging.INFO))  # at DEBUG gunicorn logs requests
            log.handlers = [handler]

    def access(self, *args: Any) -> None:
        """Write no access log, whatever the settings."""


class TemplateOnly(logging.Formatter):
    """Format the constant text and the integers of a message; never other arguments.

    The process that created this object serves no requests. Its messages are written in full: they
    say why the line does not start.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._arbiter = os.getpid()

    def format(self, record: logging.LogRecord) -> str:
        if record.process != self._arbiter:
            changed = {"msg": _template(record), "args": None, "exc_info": None, "exc_text": None}
            record = logging.makeLogRecord({**vars(record), **changed})
        return super().format(record)


def _template(record: logging.LogRecord) -> str:
    if not isinstance(record.msg, str):  # an exception
        return type(record.msg).__name__
    if not record.args:  # it may already be formatted: "Invalid request from ip=..."
        text = _beginning(record.msg)
    elif all(isinstance(argument, int) for argument in record.args):
        text = record.getMessage()
    else:
        text = record.msg
    error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    return f"{text} {error}".rstrip()


def _beginning(text: str) -> str:
    words = text.split()
    return " ".join(words[:3]) + ("..." if words[3:] else "")
