"""Whether Redis can be used when the line starts."""

import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any

from rights_line.sessions.redis_client import UnusableRedis
from rights_line.sessions.redis_store import RedisSessionStore

_PATIENCE = 0.5  # seconds by which a start may be delayed


def start_error(connect: Callable[[], Any]) -> str:
    """Return the class of the error with which Redis fails, or nothing if it can be used.

    A connection of its own is used, and closed: a server may fork after this.
    """
    found = ["TimeoutError"]
    thread = threading.Thread(target=lambda: found.append(_error(connect)), daemon=True)
    thread.start()
    thread.join(_PATIENCE)  # a name lookup has no timeout of its own
    return found[-1]


def _error(connect: Callable[[], Any]) -> str:
    try:
        with closing(connect()) as client:
            RedisSessionStore(lambda: client, secret="").probe()
    except UnusableRedis as error:
        return str(error)
    except Exception as error:  # its text may quote REDIS_URL
        return type(error).__name__
    return ""
