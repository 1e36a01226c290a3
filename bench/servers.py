"""The servers to compare: how each is configured, started, stopped and measured."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from string import Template
from typing import NamedTuple
from urllib.request import urlopen

from tests.support import twilio_phone
from tests.support.phones import africastalking_ussd
from tests.support.servers import ROOT, free_port

BIN = str(Path(sys.executable).parent)
ENVIRON = {
    **twilio_phone.ENVIRON,  # with rate limits that the benchmark does not reach
    "CHANNELS": "twilio_sms,africastalking_ussd",
    "AFRICASTALKING_TOKEN": africastalking_ussd.TOKEN,
    "RIGHTS_LINE_SECRET": "only-for-the-benchmark-0123456789",
    "PYTHONPATH": str(ROOT),
    "PATH": os.environ["PATH"],
}

_PATIENCE = 120  # seconds until the first answer; thousands of topics take long
_TICKS = os.sysconf("SC_CLK_TCK")
_SESSION, _UTIME, _STIME = 3, 11, 12  # fields of /proc/<pid>/stat after the name


class Kind(NamedTuple):
    """A server as it is configured.

    Attributes:
        name: as in the report.
        command: it runs in an empty folder.
        is_ours: whether it runs the line, whose log lists the outcome of each message.
        environ: variables of its own.
    """

    name: str
    command: str
    is_ours: bool = True
    environ: Mapping[str, str] = {}


REFERENCE = Kind(
    "reference", "$bin/gunicorn --bind 127.0.0.1:$port bench.reference:app", is_ours=False
)
LINE = Kind("line", "$bin/rights-line serve --listen 127.0.0.1:$port")
RULES = "line, no model"


def line(name: str, root: Path) -> Kind:
    """Return the line with other texts."""
    return LINE._replace(name=name, environ={"RIGHTS_LINE_TEXTS": str(root)})


class Usage(NamedTuple):
    """Seconds of CPU time, and MiB: proportional (PSS) and resident (RSS)."""

    cpu: float
    pss: float
    rss: float


class Server:
    """A server that runs in sessions of its own, so that all its processes can be found."""

    def __init__(self, kind: Kind, redis_url: str, folder: Path) -> None:
        self.kind = kind
        self.log = folder / "log"
        self._folder = folder
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self._command = Template(kind.command).substitute(bin=BIN, port=port).split()
        self._environ = ENVIRON | {"REDIS_URL": redis_url, "PORT": str(port)} | {**kind.environ}
        self._program: subprocess.Popen[bytes] | None = None
        folder.mkdir()

    def start(self) -> float:
        """Start the server, and return the seconds until its first answer."""
        begun = time.perf_counter()
        with self.log.open("ab") as sink:
            self._program = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._environ,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while not self._answers():
            if self._program.poll() is not None or time.perf_counter() - begun > _PATIENCE:
                raise RuntimeError(f"{self.kind.name} does not start: {self.log.read_text()}")
            time.sleep(0.005)
        return time.perf_counter() - begun

    def stop(self) -> None:
        """Stop the server, and kill the processes that are left."""
        if program := self._program:
            program.terminate()
            with suppress(subprocess.TimeoutExpired):
                program.wait(timeout=10)
            with suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGKILL)
            program.wait()

    def usage(self) -> Usage:
        """Return the CPU time and the memory of all processes."""
        assert self._program
        return usage(self._program.pid)

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


def usage(wanted: int) -> Usage:
    """Return the sum of all processes in a session."""
    rows = [_usage(pid) for pid, session in _sessions() if session == wanted]
    return Usage(*map(sum, zip(*rows, strict=True)))


def _sessions() -> Iterator[tuple[Path, int]]:
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended
            yield process, int(_stat(process)[_SESSION])


def _usage(process: Path) -> Usage:
    stat = _stat(process)
    rollup = (process / "smaps_rollup").read_text()
    ticks = int(stat[_UTIME]) + int(stat[_STIME])
    return Usage(ticks / _TICKS, _mib(rollup, "Pss:"), _mib(rollup, "Rss:"))


def _stat(process: Path) -> list[str]:
    return (process / "stat").read_text().rpartition(")")[2].split()


def _mib(rollup: str, name: str) -> float:
    return int(rollup.partition(f"\n{name}")[2].split()[0]) / 1024
