"""Start and stop servers, and measure their processes."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from string import Template
from urllib.request import urlopen

from bench import processes
from bench.kinds import BIN, ENVIRON, Kind
from tests.support.servers import ROOT, free_port

_PATIENCE = 120  # seconds until the first answer; thousands of topics take long


class Server:
    """A server that runs in sessions of its own, so that all its processes can be found."""

    def __init__(self, kind: Kind, redis_url: str, folder: Path) -> None:
        self.kind = kind
        self.log = folder / "log"
        self._folder = folder
        port, upstream = free_port(), free_port()
        self.address = f"http://127.0.0.1:{port}"
        self._fields = {"bin": BIN, "folder": folder, "port": port, "upstream": upstream}
        self._environ = ENVIRON | {"REDIS_URL": redis_url, "PORT": str(port)} | {**kind.environ}
        self._programs: list[subprocess.Popen[bytes]] = []
        folder.mkdir()
        (folder / "nginx.conf").write_text(self._filled((ROOT / "bench/nginx.conf").read_text()))

    def start(self) -> float:
        """Start the server, and return the seconds until its first answer."""
        begun = time.perf_counter()
        with self.log.open("ab") as sink:
            self._programs = [self._start(command, sink.fileno()) for command in self.kind.commands]
        while not self._answers():
            ended = [program for program in self._programs if program.poll() is not None]
            if ended or time.perf_counter() - begun > _PATIENCE:
                raise RuntimeError(f"{self.kind.name} does not start: {self.log.read_text()}")
            time.sleep(0.005)
        return time.perf_counter() - begun

    def stop(self) -> None:
        """Stop every program, and kill the processes that are left."""
        for program in self._programs:
            program.terminate()
        for program in self._programs:
            with suppress(subprocess.TimeoutExpired):
                program.wait(timeout=10)
            with suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
            program.wait()

    def usage(self) -> processes.Usage:
        """Return the CPU time and the memory of all processes."""
        return processes.usage(program.pid for program in self._programs)

    def _start(self, command: tuple[str, ...], sink: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [self._filled(part) for part in command],
            cwd=self._folder,
            env=self._environ,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _filled(self, template: str) -> str:
        return Template(template).safe_substitute(self._fields)

    def _answers(self) -> bool:
        with suppress(OSError), urlopen(f"{self.address}/healthz", timeout=10) as response:
            return bool(response.status == 200)
        return False


@contextmanager
def running(servers: list[Server]) -> Iterator[None]:
    """Run servers at the same time."""
    with ExitStack() as stack:
        for server in servers:
            stack.callback(server.stop)
            server.start()
        yield
