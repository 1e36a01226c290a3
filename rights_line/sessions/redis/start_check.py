"""Check at start-up whether Redis can be used."""

import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any

from rights_line.sessions.redis.client import UnusableRedis
from rights_line.sessions.redis.store import RedisSessionStore

_TIMEOUT = 0.5  # seconds by which the check may delay the start


def start_error(connect: Callable[[], Any]) -> str:
    """Return the class of the error with which Redis fails, or "" if it can be used.

    The check opens and closes its own connection, because the server may fork afterwards.
    """
    errors = ["TimeoutError"]
    thread = threading.Thread(target=lambda: errors.append(_error(connect)), daemon=True)
    thread.start()
    thread.join(_TIMEOUT)  # a name lookup has no timeout of its own
    return errors[-1]


def _error(connect: Callable[[], Any]) -> str:
    try:
        with closing(connect()) as client:
            RedisSessionStore(lambda: client, secret="").probe()
    except UnusableRedis as error:
        return str(error)
    except Exception as error:  # the message may quote REDIS_URL
        return type(error).__name__
    return ""
