"""The tag and the counts of each sender, under a keyed pseudonym: in Redis, or in memory.

A Redis that fails costs the session, never the reply; any other exception is raised.
"""

from rights_line.sessions.kept import FORGETFUL, PREFIX, Session, Sessions, daily_secret, pseudonym
from rights_line.sessions.memory import MemorySessions
from rights_line.sessions.redis_client import UNREACHABLE, connector
from rights_line.sessions.redis_store import SALT_KEY, WINDOW_KEYS, RedisSessions
from rights_line.sessions.start_check import start_error

__all__ = [
    "FORGETFUL",
    "PREFIX",
    "SALT_KEY",
    "UNREACHABLE",
    "WINDOW_KEYS",
    "MemorySessions",
    "RedisSessions",
    "Session",
    "Sessions",
    "connector",
    "daily_secret",
    "pseudonym",
    "start_error",
]
