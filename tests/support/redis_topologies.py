"""Redis Sentinel with TLS, passwords and the files of deploy/redis."""

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.support.servers import ROOT, free_port, redis_binary
from tests.support.tls import make_certificate
from tests.support.waiting import wait_until

SHIPPED = ROOT / "deploy/redis"
SERVICE = "rights-line"
SENTINEL, LINE = ("sentinel", "SENTINEL"), ("line", "LINE_SENTINEL")
_CERTIFICATES = {"redis.crt": "line.pem", "redis.key": "line.key", "ca.crt": "ca.pem"}


def password(name: str) -> str:
    """Return the password that replaces NAME_PASSWORD in the shipped files."""
    return f"{name.lower()}-p@ss/word"


@dataclass
class Node:
    """A Redis, Valkey or Sentinel process with the files of deploy/redis.

    Only addresses, paths and passwords differ.

    Attributes:
        folder: where it keeps its files.
        watched: for a sentinel, the port of the master that it watches.
    """

    folder: Path
    watched: int = 0
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def ca(self) -> Path:
        return self.folder.parent / "ca.pem"

    def configure(self) -> None:
        """Write the configuration."""
        self.folder.mkdir()
        for path in SHIPPED.iterdir():
            self._write(path)
        included = "" if self.watched else f"include {self.folder}/replicated.conf\n"
        with self._main.open("a") as file:
            file.write(f"\n{included}dir {self.folder}\n")

    def start(self) -> None:
        command = [redis_binary(), str(self._main)]
        if self.watched:
            command.append("--sentinel")
        with (self.folder / "out").open("ab") as out:
            self._process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        wait_until(self._answers, f"{self._main} on {self.port}")

    def kill(self) -> None:
        """Kill the process, as in a crash."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def send_signal(self, number: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(number)

    def run(self, *command: str | int) -> Any:
        """Run a command as the user of the tests."""
        user, secret = LINE if self.watched else SENTINEL
        with redis.Redis(
            "127.0.0.1",
            self.port,
            username=user,
            password=password(secret),
            ssl=True,
            ssl_ca_certs=str(self.ca),
            decode_responses=True,
            retry=Retry(NoBackoff(), 0),
        ) as client:
            return client.execute_command(*command)

    def written_files(self) -> set[str]:
        """Return the names of the files that the server has written by itself."""
        shipped = {path.name for path in SHIPPED.iterdir()}
        return {path.name for path in self.folder.iterdir()} - shipped - {"out"}

    @property
    def _main(self) -> Path:
        return self.folder / ("sentinel.conf" if self.watched else "redis.conf")

    def _answers(self) -> bool:
        try:
            return bool(self.run("PING"))
        except redis.RedisError:
            return False

    def _write(self, shipped: Path) -> None:
        rows = shipped.read_text("utf-8")
        rows = re.sub("([A-Z_]+)_PASSWORD", lambda found: password(found[1]), rows)
        rows = re.sub("(?m)^bind .*", "bind 127.0.0.1", rows)
        rows = re.sub("(?m)^tls-port .*", f"tls-port {self.port}", rows)
        for file, ours in _CERTIFICATES.items():
            rows = rows.replace(f"/etc/redis/{file}", str(self.folder.parent / ours))
        rows = rows.replace("/etc/redis/", f"{self.folder}/")
        rows = rows.replace(f"{SERVICE} 10.0.0.1 6379 ", f"{SERVICE} 127.0.0.1 {self.watched} ")
        (self.folder / shipped.name).write_text(rows, "utf-8")


@dataclass
class Topology:
    """Redis servers, and the sentinels that watch them."""

    servers: list[Node]
    sentinels: list[Node]

    def url(self, user: str = "line") -> str:
        """Return the REDIS_URL of a user."""
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.sentinels)
        login = f"{user}:{_quoted(password(user))}"
        options = f"ssl_ca_certs={self.servers[0].ca}"
        options += f"&sentinel_username=line&sentinel_password={_quoted(password(LINE[1]))}"
        return f"rediss+sentinel://{login}@{hosts}/{SERVICE}?{options}"

    def master(self) -> Node:
        """Return the server that the first sentinel names."""
        port = self.sentinels[0].run("SENTINEL MASTERS")[SERVICE]["port"]
        return next(server for server in self.servers if server.port == port)


@contextmanager
def sentinels(folder: Path) -> Iterator[Topology]:
    """Run a master, its replica and three sentinels."""
    make_certificate(folder, "IP:127.0.0.1")
    master, replica = Node(folder / "master"), Node(folder / "replica")
    watchers = [Node(folder / f"sentinel{number}", watched=master.port) for number in range(3)]
    with ExitStack() as stack:
        for node in (master, replica, *watchers):
            node.configure()
            stack.callback(node.kill)
            node.start()
        replica.run("SLAVEOF", "127.0.0.1", master.port)
        wait_until(lambda: all(_is_ready(watcher) for watcher in watchers), "the sentinels")
        yield Topology([master, replica], watchers)


def _is_ready(sentinel: Node) -> bool:
    """Whether a sentinel knows the replica and the other two sentinels."""
    row = sentinel.run("SENTINEL MASTERS")[SERVICE]
    return (row["num-slaves"], row["num-other-sentinels"]) == (1, 2)


def _quoted(text: str) -> str:
    return quote(text, safe="")
