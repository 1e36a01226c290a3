"""States in which a Redis answers PING but cannot keep a session."""

from collections.abc import Callable

from rights_line.sessions.redis_script import SALT_KEY
from tests.support.servers import RedisServer, free_port


def fill(server: RedisServer) -> None:
    server.client.config_set("maxmemory", 1)


def fill_empty(server: RedisServer) -> None:
    server.client.flushall()
    fill(server)


def replicate(server: RedisServer) -> None:
    server.client.replicaof("127.0.0.1", free_port())


def forbid(command: str) -> Callable[[RedisServer], object]:
    """Return a change that denies one command."""
    commands = ["+@all", f"-{command}"]
    return lambda server: server.client.acl_setuser(
        "default", enabled=True, nopass=True, keys="*", commands=commands
    )


def spoil(server: RedisServer) -> None:
    server.client.delete(SALT_KEY)
    server.client.lpush(SALT_KEY, "no salt")


DEGRADED: dict[str, Callable[[RedisServer], object]] = {
    "full": fill,
    "full, without a salt": fill_empty,
    "read-only": replicate,
    "may not set": forbid("set"),
    "may not read": forbid("getex"),
    "another kind of salt": spoil,
}
