"""Check one Redis server: permissions, persistence, monitoring and replicas.

Each fix names the line of the configuration file first, which is permanent, and then the command
that applies it at once. With deploy/redis no Redis user may run that command.
"""

from collections.abc import Iterator
from typing import Any

import redis

from rights_line.errors import Problem
from rights_line.ops.doctor.report import Report

# setting -> (the required value, the effect of any other)
SETTINGS = {
    "save": ("", "writes the data to a file"),
    "appendonly": ("no", "writes every command to a file"),
    "repl-diskless-sync": ("yes", "writes a file for each replica that connects"),
    "repl-diskless-load": ("swapdb", "writes a file when it becomes a replica"),
    "slowlog-log-slower-than": ("-1", "logs commands with their keys"),
    "hide-user-data-from-log": ("yes", "writes keys into the log"),
    "maxmemory-policy": (
        "volatile-ttl",
        "rejects tags or evicts the salt when the memory is full",
    ),
}
MAXMEMORY = ("maxmemory", "64mb")
# Commands that the line's own user must not be able to run.
FORBIDDEN = (
    *("MONITOR", "KEYS *", "SCAN 0", "CLIENT LIST", "SLOWLOG GET", "CONFIG GET save", "ACL LIST"),
    *("SAVE", "BGSAVE", "BGREWRITEAOF", "SYNC", "REPLICAOF other.example.org 6379"),
    *("CONFIG SET save 1", "ACL SETUSER x on", "DEBUG OBJECT x", "PSYNC ? -1", "RANDOMKEY"),
    "COMMANDLOG GET 1 slow",  # only in Valkey
)
FOREIGN_KEYS = ("GET other", "SET other 1")  # keys without the line's prefix
# As in deploy/redis/users.acl.
DOCTOR_USER = (
    "doctor on '>DOCTOR_PASSWORD' resetkeys resetchannels nocommands "
    "+auth +hello +ping +client|setinfo +config|get +acl|dryrun +role"
)
CREATE_DOCTOR_USER = (
    f"run `redis-cli ACL SETUSER {DOCTOR_USER}`, add it to users.acl, and set REDIS_DOCTOR_URL"
)
_LINES = [*((name, value) for name, (value, _) in SETTINGS.items()), MAXMEMORY]
MANUAL_CHECKS = {
    "permissions": "check that the line's user has only the permissions in deploy/redis/users.acl",
    "settings": "check in redis.conf: "
    + ", ".join(f"`{name} {value or chr(34) * 2}`" for name, value in _LINES),
    "replicas": "check that it has no replicas: `redis-cli INFO replication`",
}


def check_server(server: Any, user: str, is_single: bool) -> Report:
    """Check one server.

    Args:
        server: a client of the server.
        user: the user of REDIS_URL.
        is_single: whether the server must be a master without replicas.
    """
    report = Report()
    parts = {
        "permissions": _permission_problems(server, user),
        "settings": _setting_problems(server),
    }
    if is_single:
        parts["replicas"] = _replica_problems(server)
    for name, problems in parts.items():
        try:
            report.problems += problems
        except redis.RedisError as error:
            reason = f"its {name} cannot be read ({type(error).__name__})"
            check = f"Or {MANUAL_CHECKS[name]}"
            report.manual.append(f"redis: {reason}; {CREATE_DOCTOR_USER}. {check}")
    return report


def hello(server: Any) -> dict[str, Any]:
    """Return the reply to HELLO; `server` is "redis" or "valkey", `role` "master" or "replica"."""
    reply = server.execute_command("HELLO")
    if isinstance(reply, dict):
        return dict(reply)
    return dict(zip(reply[::2], reply[1::2], strict=True))  # the older protocol, RESP2


def _permission_problems(server: Any, user: str) -> Iterator[Problem]:
    """Yield a problem for each excess permission; ACL DRYRUN does not run the commands."""
    allowed = [command for command in FORBIDDEN if _may_run(server, user, command)]
    if allowed:
        names = list(dict.fromkeys(command.split()[0] for command in allowed))
        denied = " ".join(f"-{name.lower()}" for name in names)
        summary = f"its user {user} must not run {', '.join(names)}, which expose or persist data"
        fix = (
            "Use the user `line` of deploy/redis/users.acl; or, if your Redis user may run it: "
            f"`redis-cli ACL SETUSER {user} {denied}`"
        )
        yield Problem("REDIS_URL", summary, fix)
    if any(_may_run(server, user, command) for command in FOREIGN_KEYS):
        summary = f"its user {user} must not read or write keys without the line's prefix"
        fix = (
            "Use the user `line` of deploy/redis/users.acl; or, if your Redis user may run it: "
            f"`redis-cli ACL SETUSER {user} resetkeys '~{{rights-line}}:*'`"
        )
        yield Problem("REDIS_URL", summary, fix)


def _may_run(server: Any, user: str, command: str) -> bool:
    try:
        return server.acl_dryrun(user, *command.split()) in ("OK", b"OK")
    except redis.exceptions.NoPermissionError:
        raise
    except redis.ResponseError as error:
        if "not found" in str(error):  # a command that this server does not have
            return False
        raise


def _setting_problems(server: Any) -> Iterator[Problem]:
    for name, (required, effect) in SETTINGS.items():
        value = server.config_get(name).get(name, required)  # older servers lack some settings
        if value != required:
            summary = f"{name} must be {required!r}, got {value!r}, which {effect}"
            yield Problem("redis", summary, _setting_fix(name, required))
    if server.config_get("maxmemory").get("maxmemory") == "0":
        summary = "maxmemory must be set, got no limit: a flood could fill the machine's memory"
        yield Problem("redis", summary, _setting_fix(*MAXMEMORY))


def _setting_fix(name: str, value: str) -> str:
    line = f"{name} {value}" if value else f'{name} ""'
    command = f"redis-cli CONFIG SET {name} '{value}'"
    return (
        f"Write `{line}` into redis.conf and restart the server; "
        f"or, if your Redis user may run it: `{command}`"
    )


def _replica_problems(server: Any) -> Iterator[Problem]:
    if hello(server)["role"] != "master":
        fix = (
            "Use the address of the master; or remove `replicaof` from redis.conf and restart the "
            "server; or, if your Redis user may run it: `redis-cli REPLICAOF NO ONE`"
        )
        yield Problem("REDIS_URL", "must lead to a master, got a read-only replica", fix)
    elif replicas := server.role()[2]:
        fix = (
            "Remove `replicaof` from the redis.conf of each replica and restart it; "
            "or, if your Redis user may run it: `redis-cli -h REPLICA REPLICAOF NO ONE`"
        )
        yield Problem("redis", f"must have no replicas, got {len(replicas)}", fix)
