"""Does Redis keep the promises: nothing on disk, nobody looking on, nothing in the clear?"""

from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any
from urllib.parse import urlsplit

import redis

from rights_line.errors import Fault
from rights_line.sessions import connector

# setting -> (what it must be, why not another)
SETTINGS = {
    "save": ("", "writes what it holds to a file"),
    "appendonly": ("no", "writes every command to a file"),
    "slowlog-log-slower-than": ("-1", "keeps commands, and so keys, in a log"),
    "hide-user-data-from-log": ("yes", "writes keys into its log"),
    "maxmemory-policy": (
        "volatile-ttl",
        "refuses tags, or drops the salt of the day, when it is full",
    ),
}
# What whoever has the line's own address must not be able to do.
FORBIDDEN = {
    "MONITOR": ("MONITOR",),
    "KEYS": ("KEYS", "*"),
    "CONFIG": ("CONFIG", "GET", "save"),
    "SLOWLOG": ("SLOWLOG", "GET"),
    "SAVE": ("SAVE",),
}
HERE = ("127.0.0.1", "localhost", "::1", "")


def look(url: str, doctor_url: str = "") -> tuple[list[str], list[Fault]]:
    """Return what is well with a Redis, and what is not.

    `doctor_url` is an address of the same server whose user may read its settings.
    """
    faults = list(_address_faults(url))
    with closing(connector(url)()) as line:
        try:
            line.ping()
        except redis.RedisError as error:
            remedy = "Start it, or mend the address; the line answers without it, and forgets"
            return [], [*faults, Fault("REDIS_URL", f"does not answer ({_class(error)})", remedy)]
        faults += _rights_faults(line)
    with closing(connector(doctor_url or url)()) as doctor:
        faults += _settings_faults(doctor)
    well = ["redis: answers"]
    if not faults:
        well.append("redis: keeps nothing on disk, and shows nobody what it holds")
    return well, faults


def _address_faults(url: str) -> Iterator[Fault]:
    parts = urlsplit(url)
    secure = parts.scheme in ("rediss", "unix")
    if not secure and (parts.hostname or "") not in HERE:
        problem = "goes to another machine without TLS"
        yield Fault("REDIS_URL", problem, "Use rediss://, and tls-port on the server")
    if not parts.password and "password=" not in parts.query:
        remedy = "Use deploy/redis/users.acl, and redis://line:password@..."
        yield Fault("REDIS_URL", "has no password", remedy)


def _rights_faults(line: Any) -> Iterator[Fault]:
    """Yield a fault for each thing that the line's own user may do and must not."""
    for name, command in FORBIDDEN.items():
        with suppress(redis.RedisError):
            line.execute_command(*command)
            remedy = (
                f"redis-cli ACL SETUSER {_user(line)} -{name.lower()}; or deploy/redis/users.acl"
            )
            yield Fault("REDIS_URL", f"may ask {name}, which shows or keeps what people do", remedy)
            # After MONITOR a connection shows all that happens: it is of no more use.
            line.connection_pool.disconnect()


def _user(line: Any) -> str:
    with suppress(redis.RedisError):
        return str(line.execute_command("ACL", "WHOAMI"))
    return "line"


def _settings_faults(doctor: Any) -> Iterator[Fault]:
    for name, (wanted, why) in SETTINGS.items():
        try:
            found = doctor.config_get(name)
        except redis.RedisError as error:
            remedy = "Set it to the address of a user that may CONFIG GET (deploy/redis/users.acl)"
            problem = f"cannot read the settings of Redis ({_class(error)})"
            yield Fault("REDIS_DOCTOR_URL", problem, remedy)
            return
        if name in found and found[name] != wanted:
            remedy = f"redis-cli CONFIG SET {name} '{wanted}', and write it into redis.conf"
            yield Fault("redis", f"{name} is {found[name]!r}: it {why}", remedy)
    if doctor.config_get("maxmemory").get("maxmemory") == "0":
        remedy = "redis-cli CONFIG SET maxmemory 64mb, and write it into redis.conf"
        yield Fault(
            "redis", "maxmemory is not set: whoever writes often enough fills the machine", remedy
        )


def _class(error: Exception) -> str:
    return type(error).__name__
