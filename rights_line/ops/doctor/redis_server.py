"""What one server of Redis says of itself: is it a copy, who may look on, what does it write down.

Each remedy has the line of its file first, which lasts, and then the command for whoever may give
it: with deploy/redis nobody may.
"""

from collections.abc import Iterator
from typing import Any

import redis

from rights_line.errors import Problem
from rights_line.ops.doctor.report import Report

# setting -> (what it must be, why not another)
SETTINGS = {
    "save": ("", "writes what it holds to a file"),
    "appendonly": ("no", "writes every command to a file"),
    "repl-diskless-sync": ("yes", "writes a file for each server that asks for a copy"),
    "repl-diskless-load": ("swapdb", "writes a file when it is itself a copy"),
    "slowlog-log-slower-than": ("-1", "keeps commands, and so keys, in a log"),
    "hide-user-data-from-log": ("yes", "writes keys into its log"),
    "maxmemory-policy": (
        "volatile-ttl",
        "refuses tags, or drops the salt of the day, when it is full",
    ),
}
MAXMEMORY = ("maxmemory", "64mb")
# What whoever has the line's own address must not be able to do, as one would ask it.
FORBIDDEN = (
    *("MONITOR", "KEYS *", "SCAN 0", "CLIENT LIST", "SLOWLOG GET", "CONFIG GET save", "ACL LIST"),
    *("SAVE", "BGSAVE", "BGREWRITEAOF", "SYNC", "REPLICAOF other.example.org 6379"),
    *("CONFIG SET save 1", "ACL SETUSER x on", "DEBUG OBJECT x", "PSYNC ? -1", "RANDOMKEY"),
    "COMMANDLOG GET 1 slow",  # of Valkey alone
)
OTHERS = ("GET other", "SET other 1")  # keys that are not the line's
# As in deploy/redis/users.acl.
DOCTOR_USER = (
    "doctor on '>DOCTOR_PASSWORD' resetkeys resetchannels nocommands "
    "+auth +hello +ping +client|setinfo +config|get +acl|dryrun +role"
)
LET_IT_ASK = (
    f"`redis-cli ACL SETUSER {DOCTOR_USER}`, the same in users.acl, and REDIS_DOCTOR_URL for it"
)
_LINES = [*((name, wanted) for name, (wanted, _) in SETTINGS.items()), MAXMEMORY]
MANUAL_CHECKS = {
    "rights": "see that the line's user has no more rights than in deploy/redis/users.acl",
    "settings": "see in redis.conf: "
    + ", ".join(f"`{name} {wanted or chr(34) * 2}`" for name, wanted in _LINES),
    "copies": "see that no other server copies it: `redis-cli INFO replication`",
}


def check_server(server: Any, user: str, is_alone: bool) -> Report:
    """Return what is wrong with a server, and what it does not show.

    `user` is whom the line logs in; `is_alone`: there should be no copy of it, and it is none.
    """
    found = Report()
    parts = {"rights": _rights_faults(server, user), "settings": _settings_faults(server)}
    if is_alone:
        parts["copies"] = _copy_faults(server)
    for what, faults in parts.items():
        try:
            found.problems += faults
        except redis.RedisError as error:
            reason = f"are not shown ({type(error).__name__})"
            check = f"Where nobody may ask, {MANUAL_CHECKS[what]}"
            found.manual.append(f"redis: its {what} {reason}; {LET_IT_ASK}. {check}")
    return found


def hello(server: Any) -> dict[str, Any]:
    """Return what a server says to everybody: `server` is redis or valkey, `role` master or not."""
    told = server.execute_command("HELLO")
    return dict(told) if isinstance(told, dict) else dict(zip(told[::2], told[1::2], strict=True))


def _rights_faults(server: Any, user: str) -> Iterator[Problem]:
    """Yield a fault if the line's own user may do what it must not; nothing of it is done."""
    may = [row for row in FORBIDDEN if _may(server, user, row)]
    if may:
        names = list(dict.fromkeys(row.split()[0] for row in may))
        taken = " ".join(f"-{name.lower()}" for name in names)
        problem = f"its user {user} may ask {', '.join(names)}: that shows or keeps what people do"
        remedy = (
            "Use the user `line` of deploy/redis/users.acl; at once, for who may: "
            f"`redis-cli ACL SETUSER {user} {taken}`"
        )
        yield Problem("REDIS_URL", problem, remedy)
    if any(_may(server, user, row) for row in OTHERS):
        problem = f"its user {user} may read or write what is not the line's"
        remedy = (
            "Use the user `line` of deploy/redis/users.acl; at once, for who may: "
            f"`redis-cli ACL SETUSER {user} resetkeys '~{{rights-line}}:*'`"
        )
        yield Problem("REDIS_URL", problem, remedy)


def _may(server: Any, user: str, row: str) -> bool:
    try:
        return server.acl_dryrun(user, *row.split()) in ("OK", b"OK")
    except redis.exceptions.NoPermissionError:
        raise
    except redis.ResponseError as error:
        if "not found" in str(error):  # a command that this server does not have
            return False
        raise


def _settings_faults(server: Any) -> Iterator[Problem]:
    for name, (wanted, why) in SETTINGS.items():
        found = server.config_get(name).get(name, wanted)  # an older server has no such setting
        if found != wanted:
            yield Problem("redis", f"{name} is {found!r}: it {why}", _setting(name, wanted))
    if server.config_get("maxmemory").get("maxmemory") == "0":
        problem = "maxmemory is not set: whoever writes often enough fills the machine"
        yield Problem("redis", problem, _setting(*MAXMEMORY))


def _setting(name: str, wanted: str) -> str:
    line = f"{name} {wanted}" if wanted else f'{name} ""'
    command = f"redis-cli CONFIG SET {name} '{wanted}'"
    return f"Write `{line}` into redis.conf and restart it; at once, for who may: `{command}`"


def _copy_faults(server: Any) -> Iterator[Problem]:
    if hello(server)["role"] != "master":
        remedy = (
            "Name the server that it copies; or take `replicaof` out of redis.conf and restart "
            "it, at once, for who may: `redis-cli REPLICAOF NO ONE`"
        )
        yield Problem("REDIS_URL", "leads to a replica, which takes no tags", remedy)
    elif copies := server.role()[2]:
        remedy = (
            "Take `replicaof` out of the redis.conf of each and restart it; "
            "at once, for who may: `redis-cli -h COPY REPLICAOF NO ONE`"
        )
        yield Problem("redis", f"is copied to other servers ({len(copies)})", remedy)
