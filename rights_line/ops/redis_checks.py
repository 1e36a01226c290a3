"""Check Redis: no persistence, no monitoring, encrypted connections, minimal permissions.

Every command is read-only and fast, so that a live Redis can be checked.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import redis

from rights_line.errors import ConfigurationError, Problem
from rights_line.ops import Finding, Manual, Ok
from rights_line.sessions.redis_client import CONNECTION_ERRORS, redis_client_factory
from rights_line.settings import redis_url

# setting -> (the required value, the effect of any other)
SETTINGS = {
    "save": ("", "writes the data to a file"),
    "appendonly": ("no", "writes every command to a file"),
    "repl-diskless-sync": ("yes", "writes a file for each replica that connects"),
    "repl-diskless-load": ("swapdb", "writes a file when it becomes a replica"),
    "slowlog-log-slower-than": ("-1", "logs commands with their keys"),
    "hide-user-data-from-log": ("yes", "writes keys into the log"),
    "maxmemory-policy": ("volatile-ttl", "rejects tags or evicts the salt if the memory is full"),
    "maxmemory": ("64mb", "lets a flood fill the machine's memory"),  # or any other limit
}
# Commands that the line's own user must not be able to run: they expose or persist data.
FORBIDDEN = ("MONITOR", "SCAN 0", "SAVE", "CONFIG SET save 1")


def check_redis(url: str, doctor_url: str = "") -> Iterator[Finding]:
    """Check a Redis, if there is one; `doctor_url` is for a user that may read its settings."""
    if not url:
        yield Ok("redis: not used; sessions are in the memory of one process")
        return
    yield from redis_url.problems(url)
    if doctor_url and not redis_url.is_valid(doctor_url):
        yield Problem("REDIS_DOCTOR_URL", "must be a Redis URL", "Write it like REDIS_URL")
        return
    for problem in redis_url.transport_problems(doctor_url):
        yield replace(problem, place="REDIS_DOCTOR_URL")
    try:
        with (
            closing(_open("REDIS_URL", url)) as line,
            closing(_open("REDIS_DOCTOR_URL", doctor_url) if doctor_url else line) as client,
        ):
            yield Ok("redis: answers")
            yield from _servers(client, url)
    except ConfigurationError as error:
        yield from error.problems
    if "+sentinel://" in url:
        yield Manual("redis: only the current master was checked; check the replicas")
    if redis_url.user(url) != "default" and _allows_anonymous(url):
        summary = "the user default must be off, got one that needs no password"
        fix = "Run `redis-cli ACL SETUSER default off resetpass`, and add it to users.acl"
        yield Problem("redis", summary, fix)


def _open(place: str, url: str) -> Any:
    """Return a client whose server answers; no error shows its address, with the password."""
    try:
        client = redis_client_factory(url)()
        client.ping()
    except CONNECTION_ERRORS as error:
        summary = f"must lead to a Redis that answers, got {type(error).__name__}"
        fix = (
            "Start it (`systemctl start redis-server`), or correct host, user or password in the "
            "address; until then the line replies without sessions"
        )
        raise ConfigurationError([Problem(place, summary, fix)]) from None
    return client


def _servers(client: Any, url: str) -> Iterator[Finding]:
    checks = CHECKS.copy()
    if "+" in url.partition("://")[0]:
        del checks["replicas"]
    for part, check in checks.items():
        problems: list[Finding] = []
        try:
            problems += check(client, redis_url.user(url))
            yield from problems or [Ok(f"redis: {part}: no problem found")]
        except redis.RedisError as error:
            yield from problems
            reason = f"its {part} cannot be read ({type(error).__name__})"
            fix = "create the user `doctor` of deploy/redis/users.acl, and set REDIS_DOCTOR_URL"
            yield Manual(f"redis: {reason}; {fix}, or compare them with deploy/redis by hand")


def permissions(server: Any, user: str) -> Iterator[Problem]:
    """Yield a problem if the line's user may do too much; ACL DRYRUN does not run the commands."""
    answers = {command: server.acl_dryrun(user, *command.split()) for command in FORBIDDEN}
    if allowed := [command for command, answer in answers.items() if answer in ("OK", b"OK")]:
        summary = f"its user {user} must not run {', '.join(allowed)}: they expose or persist data"
        yield Problem("REDIS_URL", summary, "Use the user `line` of deploy/redis/users.acl")


def settings(server: Any, _: str) -> Iterator[Problem]:
    """Yield a problem for each setting that exposes, persists or loses data."""
    for name, (required, effect) in SETTINGS.items():
        value = server.config_get(name).get(name, required)  # older servers lack some settings
        if value == required or (name == "maxmemory" and value != "0"):
            continue
        line = f"{name} {required}" if required else f'{name} ""'
        yield Problem(
            "redis",
            f"{name} must be {required!r}, got {value!r}, which {effect}",
            f"Write `{line}` into redis.conf and restart the server; or, if your Redis user may "
            f"run it: `redis-cli CONFIG SET {name} '{required}'`",
        )


def replicas(server: Any, _: str) -> Iterator[Problem]:
    """Yield a problem if the data has a second copy, or the server is one."""
    role, *details = server.role()
    if role != "master":
        fix = "Use the address of the master, or remove `replicaof` from redis.conf and restart it"
        yield Problem("REDIS_URL", "must lead to a master, got a read-only replica", fix)
    elif copies := details[1]:
        fix = (
            "Remove `replicaof` from the redis.conf of each replica and restart it; "
            "or, if your Redis user may run it: `redis-cli -h REPLICA REPLICAOF NO ONE`"
        )
        yield Problem("redis", f"must have no replicas, got {len(copies)}", fix)


def _allows_anonymous(url: str) -> bool:
    try:
        with closing(redis_client_factory(redis_url.without_credentials(url))()) as anonymous:
            return bool(anonymous.ping())
    except redis.exceptions.NoPermissionError:
        return True
    except CONNECTION_ERRORS:
        return False


CHECKS: dict[str, Callable[[Any, str], Iterator[Problem]]] = {
    "permissions": permissions,
    "settings": settings,
    "replicas": replicas,
}
