"""Clients for Redis Sentinel and Redis Cluster."""

from itertools import cycle
from typing import Any
from urllib.parse import urlsplit

import redis
from redis.connection import parse_url
from redis.exceptions import AskError, MovedError
from redis.sentinel import Sentinel

_MAX_REDIRECTIONS = 3  # of one command


def open_sentinel(url: str, options: dict[str, Any]) -> Any:
    """Return a client of the master that the sentinels name.

    User and password of the URL are for the master. The sentinels get `sentinel_username` and
    `sentinel_password` of its query string; TLS is used for both or for neither.
    """
    hosts, service, given = _split_topology_url(url)
    login = {name: given.pop(f"sentinel_{name}", None) for name in ("username", "password")}
    given |= options
    sentinel = Sentinel(  # type: ignore[no-untyped-call]
        hosts, sentinel_kwargs=given | login | {"db": 0}, **given
    )
    return sentinel.master_for(service)  # type: ignore[no-untyped-call]


def open_cluster(url: str, options: dict[str, Any]) -> "SlotClient":
    """Return a client of the cluster; the URL should name every node."""
    hosts, _, given = _split_topology_url(url)
    return SlotClient(hosts, given | options)


class SlotClient(redis.Redis):
    """A client of the node that holds the line's keys, which are all in one hash slot.

    After a failure redis.RedisCluster asks every node for the topology, for one message after the
    other: with three nodes that do not answer, the last of 20 messages waited 12 s. Here a message
    waits for one node, and the next command asks another: each knows the one that holds the slot.
    """

    def __init__(self, hosts: list[tuple[str, int]], options: dict[str, Any]) -> None:
        self._options = options
        self._clients: dict[tuple[str, int], Any] = {}
        self.nodes = [self._cluster_node_client(host, port) for host, port in hosts]
        self._next = cycle(self.nodes)
        self._node = next(self._next)
        super().__init__(connection_pool=self._node.connection_pool)

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Run a command on the node that holds its keys; without keys, on the last node used."""
        for _ in range(_MAX_REDIRECTIONS):
            node = self._node
            try:
                return node.execute_command(*args, **options)
            except MovedError as error:
                self._node = self._redirection_target(node, error)
            except AskError as error:  # the slot is being moved, and these keys are gone already
                return _ask_cluster_node(self._redirection_target(node, error), *args, **options)
            except Exception:
                if self._node is node:
                    self._node = next(self._next)
                raise
        raise redis.exceptions.ClusterError("too many redirections")

    def close_idle(self) -> None:
        """Close the connections that are not in use."""
        for client in list(self._clients.values()):
            client.connection_pool.disconnect(inuse_connections=False)

    def close(self) -> None:
        for client in list(self._clients.values()):
            client.close()

    def _redirection_target(self, node: Any, error: AskError) -> Any:
        """Return the node that a redirection names; without a host, it is on the same host."""
        host = error.host or node.connection_pool.connection_kwargs["host"]
        return self._cluster_node_client(host, error.port)

    def _cluster_node_client(self, host: str, port: int) -> Any:
        if (host, port) not in self._clients:
            self._clients[host, port] = redis.Redis(host, port, **self._options)
        return self._clients[host, port]


def _ask_cluster_node(node: Any, *args: Any, **options: Any) -> Any:
    """Run a command on a node that is about to take over the slot."""
    with node.pipeline(transaction=False) as pipeline:
        pipeline.execute_command("ASKING")
        pipeline.execute_command(*args, **options)
        return pipeline.execute()[1]


def _split_topology_url(url: str) -> tuple[list[tuple[str, int]], str, dict[str, Any]]:
    """Return the hosts of a URL, its path, and the options of redis-py in it."""
    parts = urlsplit(url)
    login, at, hosts = parts.netloc.rpartition("@")
    options = parse_url(f"redis://{login}{at}?{parts.query}")  # type: ignore[no-untyped-call]
    options["ssl"] = parts.scheme.startswith("rediss")
    split = [urlsplit(f"//{host}") for host in hosts.split(",")]
    addresses = [(host.hostname or "localhost", host.port or 6379) for host in split]
    return addresses, parts.path.strip("/"), options
