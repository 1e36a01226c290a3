"""Does Redis keep the promises: nothing on disk, nobody looking on, nothing in the clear?

It asks only what changes nothing and keeps nobody waiting: a live Redis may be looked at.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import redis

from rights_line.doctor_address import address_faults, bare, user_of
from rights_line.errors import Fault, Refused
from rights_line.findings import Findings
from rights_line.sessions import UNREACHABLE, connector

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
# What whoever has the line's own address must not be able to do, as one would ask it.
FORBIDDEN = (
    *("MONITOR", "KEYS *", "SCAN 0", "CLIENT LIST", "SLOWLOG GET", "CONFIG GET save", "ACL LIST"),
    *("SAVE", "BGSAVE", "BGREWRITEAOF", "SYNC", "REPLICAOF other.example.org 6379"),
)
NO_RIGHT_TO_ASK = "set REDIS_DOCTOR_URL to a user that may CONFIG GET and ACL DRYRUN"


def look(url: str, doctor_url: str = "") -> Findings:
    """Return what is well with a Redis, and what is not.

    `doctor_url` is an address of the same server whose user may read its settings.
    """
    found = Findings(faults=list(address_faults(url)))
    try:
        with closing(_open("REDIS_URL", url)), closing(_open_doctor(url, doctor_url)) as doctor:
            found.add(_examined(doctor, url))
    except Refused as refused:
        found.faults += refused.faults
        return found
    found.well.append("redis: answers")
    if not found.faults and not found.look_at:
        found.well.append("redis: keeps nothing on disk, and shows nobody what it holds")
    if url.startswith("redis+sentinel://"):
        found.look_at.append("redis: only the server that sentinel names now; look at its copies")
    return found


def _open(place: str, url: str) -> Any:
    """Return a client that has had an answer.

    Raises:
        Refused: there is none; the address, which may hold a password, is not shown.
    """
    try:
        client = connector(url)()
        client.ping()
    except UNREACHABLE as error:
        remedy = "Start it, or mend the address; the line answers without it, and forgets"
        problem = f"does not answer ({type(error).__name__})"
        raise Refused([Fault(place, problem, remedy)]) from None
    return client


def _open_doctor(url: str, doctor_url: str) -> Any:
    return _open("REDIS_DOCTOR_URL", doctor_url) if doctor_url else _open("REDIS_URL", url)


def _examined(doctor: Any, url: str) -> Findings:
    found = Findings()
    for server in _servers(doctor):
        rights, settings = _rights_faults(server, user_of(url)), _settings_faults(server)
        for what, faults in (("rights", rights), ("settings", settings)):
            try:
                found.faults += faults
            except redis.RedisError as error:
                reason = f"are not shown ({type(error).__name__})"
                found.look_at.append(f"redis: its {what} {reason}; {NO_RIGHT_TO_ASK}")
    if user_of(url) != "default" and _lets_in_anybody(url):
        remedy = "`redis-cli ACL SETUSER default off resetpass`, and write it into users.acl"
        problem = "lets in anybody, with no password, as the user default"
        found.faults.append(Fault("redis", problem, remedy))
    return found


def _servers(client: Any) -> list[Any]:
    """Return a client of each server that an address leads to."""
    if isinstance(client, redis.RedisCluster):
        return [client.get_redis_connection(node) for node in client.get_nodes()]  # type: ignore[no-untyped-call]
    return [client]


def _rights_faults(server: Any, user: str) -> Iterator[Fault]:
    """Yield a fault if the line's own user may do what it must not; nothing of it is done."""
    may = [row for row in FORBIDDEN if server.acl_dryrun(user, *row.split()) in ("OK", b"OK")]
    if may:
        names = list(dict.fromkeys(row.split()[0] for row in may))
        taken = " ".join(f"-{name.lower()}" for name in names)
        problem = f"its user {user} may ask {', '.join(names)}: that shows or keeps what people do"
        remedy = f"`redis-cli ACL SETUSER {user} {taken}`; better, deploy/redis/users.acl"
        yield Fault("REDIS_URL", problem, remedy)


def _lets_in_anybody(url: str) -> bool:
    try:
        with closing(connector(bare(url))()) as stranger:
            return bool(stranger.ping())
    except redis.exceptions.NoPermissionError:
        return True
    except UNREACHABLE:
        return False


def _settings_faults(server: Any) -> Iterator[Fault]:
    for name, (wanted, why) in SETTINGS.items():
        found = server.config_get(name).get(name, wanted)  # an older server has no such setting
        if found != wanted:
            remedy = f"`redis-cli CONFIG SET {name} '{wanted}'`, and write it into redis.conf"
            yield Fault("redis", f"{name} is {found!r}: it {why}", remedy)
    if server.config_get("maxmemory").get("maxmemory") == "0":
        remedy = "`redis-cli CONFIG SET maxmemory 64mb`, and write it into redis.conf"
        problem = "maxmemory is not set: whoever writes often enough fills the machine"
        yield Fault("redis", problem, remedy)
