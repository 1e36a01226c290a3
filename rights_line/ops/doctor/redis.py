"""Does Redis keep the promises: nothing on disk, nobody looking on, nothing in the clear?

It asks only what changes nothing and keeps nobody waiting: a live Redis may be looked at.
"""

from contextlib import closing, suppress
from dataclasses import replace
from typing import Any

import redis

from rights_line.errors import ConfigurationError, Problem
from rights_line.ops.doctor.redis_server import check_server, hello
from rights_line.ops.doctor.report import Report
from rights_line.sessions.redis_client import CONNECTION_ERRORS, client_factory
from rights_line.sessions.redis_url import address_faults, bare, transport_faults, user_of


def check_redis(url: str, doctor_url: str = "") -> Report:
    """Return what is well with a Redis, and what is not.

    `doctor_url` is an address of the same server whose user may read its settings.
    """
    found = Report(problems=list(address_faults(url)))
    found.problems += [
        replace(row, place="REDIS_DOCTOR_URL") for row in transport_faults(doctor_url)
    ]
    try:
        with closing(_open("REDIS_URL", url)), closing(_open_doctor(url, doctor_url)) as doctor:
            found.add(_examined(doctor, url))
            _call_by_name(found, doctor)
    except ConfigurationError as refused:
        found.problems += refused.problems
        return found
    found.ok.append("redis: answers")
    if not found.problems and not found.manual:
        found.ok.append("redis: keeps nothing on disk, and shows nobody what it holds")
    if url.startswith("redis+sentinel://"):
        found.manual.append("redis: only the server that sentinel names now; look at its copies")
    return found


def _open(place: str, url: str) -> Any:
    """Return a client that has had an answer.

    Raises:
        Refused: there is none; the address, which may hold a password, is not shown.
    """
    try:
        client = client_factory(url)()
        client.ping()
    except CONNECTION_ERRORS as error:
        remedy = (
            "Start it (`systemctl start redis-server`), or mend host, user or password in the "
            "address; the line answers without it, and forgets"
        )
        problem = f"does not answer ({type(error).__name__})"
        raise ConfigurationError([Problem(place, problem, remedy)]) from None
    return client


def _open_doctor(url: str, doctor_url: str) -> Any:
    return _open("REDIS_DOCTOR_URL", doctor_url) if doctor_url else _open("REDIS_URL", url)


def _examined(doctor: Any, url: str) -> Report:
    found, user = Report(), user_of(url)
    is_alone = not url.startswith(("redis+sentinel://", "redis+cluster://"))
    for server in _servers(doctor):
        found.add(check_server(server, user, is_alone))
    if user != "default" and _allows_anonymous(url):
        remedy = "`redis-cli ACL SETUSER default off resetpass`, and the same in users.acl"
        problem = "lets in anybody, with no password, as the user default"
        found.problems.append(Problem("redis", problem, remedy))
    return found


def _servers(client: Any) -> list[Any]:
    """Return a client of each server that an address leads to."""
    if isinstance(client, redis.RedisCluster):
        return [client.get_redis_connection(node) for node in client.get_nodes()]  # type: ignore[no-untyped-call]
    return [client]


def _allows_anonymous(url: str) -> bool:
    try:
        with closing(client_factory(bare(url))()) as stranger:
            return bool(stranger.ping())
    except redis.exceptions.NoPermissionError:
        return True
    except CONNECTION_ERRORS:
        return False


def _call_by_name(found: Report, client: Any) -> None:
    """Let remedies name the tools of the server that answers: Valkey's have a name of their own."""
    kind = "redis"
    with suppress(redis.RedisError):  # a user without the right to greet
        kind = hello(_servers(client)[0]).get("server", kind)
    if kind == "valkey":
        found.manual = [_of_valkey(line) for line in found.manual]
        found.problems = [replace(row, fix=_of_valkey(row.fix)) for row in found.problems]


def _of_valkey(remedy: str) -> str:
    return remedy.replace("`redis-cli ", "`valkey-cli ").replace(" redis.conf", " valkey.conf")
