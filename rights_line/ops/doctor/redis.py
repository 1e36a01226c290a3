"""Check Redis: no persistence, no monitoring, encrypted connections, minimal permissions.

Every command is read-only and fast, so that a live Redis can be checked.
"""

from contextlib import closing, suppress
from dataclasses import replace
from typing import Any

import redis

from rights_line.errors import ConfigurationError, Problem
from rights_line.ops.doctor.redis_server import check_server, hello
from rights_line.ops.doctor.report import Report
from rights_line.sessions.redis_client import CONNECTION_ERRORS, client_factory
from rights_line.sessions.redis_url import (
    address_problems,
    transport_problems,
    user_of,
    without_credentials,
)


def check_redis(url: str, doctor_url: str = "") -> Report:
    """Check the Redis of a deployment.

    Args:
        url: REDIS_URL.
        doctor_url: an address of the same server, for a user that may read its settings.
    """
    report = Report(problems=list(address_problems(url)))
    report.problems += [
        replace(problem, place="REDIS_DOCTOR_URL") for problem in transport_problems(doctor_url)
    ]
    try:
        with closing(_open("REDIS_URL", url)), closing(_open_doctor(url, doctor_url)) as doctor:
            report.add(_check_servers(doctor, url))
            _name_valkey_tools(report, doctor)
    except ConfigurationError as error:
        report.problems += error.problems
        return report
    report.ok.append("redis: answers")
    if not report.problems and not report.manual:
        report.ok.append("redis: persistence and monitoring are off")
    if url.startswith("redis+sentinel://"):
        report.manual.append("redis: only the current master was checked; check the replicas")
    return report


def _open(place: str, url: str) -> Any:
    """Return a client whose server has answered.

    Raises:
        ConfigurationError: the server does not answer. The address is not shown, since it may
            contain a password.
    """
    try:
        client = client_factory(url)()
        client.ping()
    except CONNECTION_ERRORS as error:
        summary = f"must lead to a Redis that answers, got {type(error).__name__}"
        fix = (
            "Start it (`systemctl start redis-server`), or correct host, user or password in the "
            "address; until then the line replies without sessions"
        )
        raise ConfigurationError([Problem(place, summary, fix)]) from None
    return client


def _open_doctor(url: str, doctor_url: str) -> Any:
    return _open("REDIS_DOCTOR_URL", doctor_url) if doctor_url else _open("REDIS_URL", url)


def _check_servers(doctor: Any, url: str) -> Report:
    report, user = Report(), user_of(url)
    is_single = not url.startswith(("redis+sentinel://", "redis+cluster://"))
    for server in _servers(doctor):
        report.add(check_server(server, user, is_single))
    if user != "default" and _allows_anonymous(url):
        summary = "the user default must be off, got one that needs no password"
        fix = "Run `redis-cli ACL SETUSER default off resetpass`, and add it to users.acl"
        report.problems.append(Problem("redis", summary, fix))
    return report


def _servers(client: Any) -> list[Any]:
    """Return a client for each server that an address leads to."""
    if isinstance(client, redis.RedisCluster):
        return [client.get_redis_connection(node) for node in client.get_nodes()]  # type: ignore[no-untyped-call]
    return [client]


def _allows_anonymous(url: str) -> bool:
    try:
        with closing(client_factory(without_credentials(url))()) as anonymous:
            return bool(anonymous.ping())
    except redis.exceptions.NoPermissionError:
        return True
    except CONNECTION_ERRORS:
        return False


def _name_valkey_tools(report: Report, client: Any) -> None:
    """Rename redis-cli and redis.conf in the report if the server is a Valkey."""
    kind = "redis"
    with suppress(redis.RedisError):  # the user may not be allowed to send HELLO
        kind = hello(_servers(client)[0]).get("server", kind)
    if kind == "valkey":
        report.manual = [_for_valkey(line) for line in report.manual]
        report.problems = [replace(row, fix=_for_valkey(row.fix)) for row in report.problems]


def _for_valkey(text: str) -> str:
    return text.replace("`redis-cli ", "`valkey-cli ").replace(" redis.conf", " valkey.conf")
