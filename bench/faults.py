"""The line while something around it fails: `python -m bench.faults [NAME]...`, by default FAULTS.

Real processes: the line, Redis, phones that send 20 texts a second, and two emergencies a second
beside them. Prints a row for each fault: how many texts got the reply that they should get, the
languages to choose from (the session was not read), another reply, and none. The clock needs
libfaketime, and is left out without it.

`make soak` runs the fault "soak": 200 texts a second for ten minutes, while Redis fails often.
It exits with 1 if a text got no reply or another one than it should get, if a key had no
TTL, or if a reply took more than two seconds while the machine was not overloaded (texts left in
time). SOAK_SECONDS and SOAK_RATE change duration and rate; a shorter soak has every failure, too.
"""

import asyncio
import faulthandler
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from rights_line.content import ContentSources
from rights_line.content.assembly.library_builder import build_library
from rights_line.core.library import Library
from tests.support import twilio_phone
from tests.support.load import LoadGenerator, Tally, post
from tests.support.redis_line import (
    go_on,
    hang,
    keys_with_wrong_ttl,
    redis_environ,
    relay_to,
)
from tests.support.servers import ROOT, RedisServer, serve

RATE, SECONDS = 20, 12
SOAK_RATE = int(os.environ.get("SOAK_RATE", "200"))
SOAK_SECONDS = float(os.environ.get("SOAK_SECONDS", "600"))
EMERGENCY = "he wants to kill me with a knife"
FAKETIME = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)
DAY, MIB = 86_400, 2**20


@dataclass
class Scene:
    """A line on a socket that outlives it, with its Redis and its files."""

    folder: Path
    redis: RedisServer
    listener: socket.socket
    environ: dict[str, str] = field(default_factory=dict)
    output: int | None = None  # the file descriptor that the line writes to, or its file
    process: "subprocess.Popen[bytes] | None" = None
    remark: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return "http://{}:{}".format(*self.listener.getsockname())

    def start(self) -> None:
        """Start the line as systemd does, on the socket."""
        environ = twilio_phone.ENVIRON | redis_environ(self.redis.url) | self.environ
        sink = self.output or os.open(
            self.folder / "output", os.O_CREAT | os.O_APPEND | os.O_WRONLY
        )
        self.process = subprocess.Popen(
            ["sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "sh", *serve()],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "RIGHTS_LINE_COUNTS": str(self.counts), **environ},
            stdout=sink,
            stderr=sink,
            preexec_fn=lambda: os.dup2(self.listener.fileno(), 3),
            close_fds=False,
        )
        self.text("hi")  # is answered when the line has started

    def text(self, text: str) -> str:
        form = twilio_phone.fields(text, f"+4792{time.monotonic_ns() % 1_000_000:06d}")
        _, body = asyncio.run(post(self.address, form))
        return twilio_phone.reply_text(body)

    @property
    def counts(self) -> Path:
        return self.folder / "counts.json"

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def end(self, number: int = signal.SIGTERM) -> None:
        assert self.process
        self.process.send_signal(number)
        self.process.wait(20)


# Prepares the environment, yields before the line starts, and then once more before the fault.
Fault = Callable[[Scene, ExitStack], Iterator[None]]


def no_fault(scene: Scene, stack: ExitStack) -> Iterator[None]:
    yield
    yield


def answer_after(seconds: float) -> Callable[[socket.socket, socket.socket, bytes], None]:
    def pass_on(_: socket.socket, redis: socket.socket, asked: bytes) -> None:
        time.sleep(seconds)
        redis.sendall(asked)

    return pass_on


def slow_redis(milliseconds: int) -> Fault:
    def fault(scene: Scene, stack: ExitStack) -> Iterator[None]:
        relay = stack.enter_context(relay_to(scene.redis.port))
        relay.fault = answer_after(milliseconds / 1000)
        scene.environ["REDIS_URL"] = relay.url
        yield
        yield

    return fault


def clock_jump(days: int) -> Fault:
    def fault(scene: Scene, stack: ExitStack) -> Iterator[None]:
        shift = scene.folder / "shift"
        shift.write_text("+0")
        scene.environ |= {
            **{"LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(shift)},
            **{"FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"},
        }
        yield
        yield
        shift.write_text(f"{days * DAY:+d}")

    return fault


def full_disk(scene: Scene, stack: ExitStack) -> Iterator[None]:
    """No file grows any more: neither the log nor the counts."""
    yield
    yield
    resource.prlimit(scene.pid, resource.RLIMIT_FSIZE, (0, 0))


def log_reader_that_stops(scene: Scene, stack: ExitStack) -> Iterator[None]:
    reader, scene.output = os.pipe()
    stack.callback(os.close, reader)
    stack.callback(os.close, scene.output)
    yield
    yield


def idle_connections(scene: Scene, stack: ExitStack) -> Iterator[None]:
    yield
    yield
    for _ in range(500):
        stack.enter_context(socket.create_connection(scene.listener.getsockname()))


def killed(number: int) -> Fault:
    def fault(scene: Scene, stack: ExitStack) -> Iterator[None]:
        yield
        yield
        begun = time.monotonic()
        scene.end(number)
        scene.start()
        scene.remark = f"answers again after {time.monotonic() - begun:.1f} s"

    return fault


def little_memory(scene: Scene, stack: ExitStack) -> Iterator[None]:
    yield
    resource.prlimit(scene.pid, resource.RLIMIT_DATA, (400 * MIB, 400 * MIB))
    yield
    time.sleep(SECONDS / 2)
    scene.remark = f"at most {mib(scene.pid, 'VmHWM')} MiB resident"


def mib(process: int, name: str) -> int:
    """Return a figure of the memory of a process."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition(f"{name}:")[2].split()[0]) // 1024


def pause(server: RedisServer) -> None:
    """Delay every command by two seconds."""
    server.client.client_pause(2000)


# Seconds of each minute. A Redis that is stopped loses all its data.
MINUTE: list[tuple[int, Callable[[RedisServer], None]]] = [
    *((5, RedisServer.stop), (8, RedisServer.start), (15, hang), (20, go_on), (27, pause)),
    *((32, pause), (37, RedisServer.stop), (38, RedisServer.start), (45, hang), (46, go_on)),
    *((50, RedisServer.stop), (55, RedisServer.start)),
]


def failing_redis(scene: Scene, stack: ExitStack) -> Iterator[None]:
    yield
    begun, before, undying = time.monotonic(), mib(scene.pid, "VmRSS"), 0
    yield
    for minute in range(max(1, int(SOAK_SECONDS // 60))):
        for at, act in MINUTE:
            due = begun + 60 * minute + at * min(1.0, SOAK_SECONDS / 60)
            time.sleep(max(0.0, due - time.monotonic()))
            if act in (RedisServer.stop, hang):
                undying += len(keys_with_wrong_ttl(scene.redis))
            act(scene.redis)
    after = mib(scene.pid, "VmRSS")
    scene.remark = f"{before} MiB resident at the start, {after} at the end"
    if undying:
        scene.problems.append("a key had no TTL, or a wrong one")


FAULTS: dict[str, tuple[Fault, int]] = {
    "none": (no_fault, RATE),
    **{f"Redis {ms} ms away": (slow_redis(ms), RATE) for ms in (1, 5, 50, 500)},
    "clock +3 days": (clock_jump(3), RATE),
    "clock -20,000 days": (clock_jump(-20_000), RATE),
    "full disk": (full_disk, RATE),
    "log reader stops": (log_reader_that_stops, RATE),
    "500 idle connections": (idle_connections, RATE),
    "SIGTERM, restart": (killed(signal.SIGTERM), 50),
    "SIGKILL, restart": (killed(signal.SIGKILL), 50),
    "crash (SIGABRT), restart": (killed(signal.SIGABRT), 50),
    "400 MiB of memory": (little_memory, RATE),
}
SOAK = "soak"


@contextmanager
def scene_of(stack: ExitStack) -> Iterator[Scene]:
    folder = Path(stack.enter_context(TemporaryDirectory()))
    redis = RedisServer(folder)
    redis.start()
    stack.callback(redis.stop)
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        scene = Scene(folder, redis, listener)
        try:
            yield scene
        finally:
            scene.end(signal.SIGKILL)


def emergencies(scene: Scene, danger: str, over: Callable[[], bool]) -> Counter[str]:
    """Send an emergency each half second; return how many replies were right, wrong or missing."""
    found: Counter[str] = Counter()
    while not over():
        begun = time.monotonic()
        try:
            reply = scene.text(EMERGENCY)
            found["right" if danger in reply and "112" in reply[:60] else "wrong"] += 1
        except (OSError, EOFError):
            found["lost"] += 1
        time.sleep(max(0.0, 0.5 - (time.monotonic() - begun)))
    return found


def run_fault(name: str, library: Library) -> list[str]:
    """Print the row of a fault; return what a sender should never have seen."""
    fault, rate = FAULTS.get(name, (failing_redis, SOAK_RATE))
    seconds = SOAK_SECONDS if name == SOAK else SECONDS
    with ExitStack() as stack, scene_of(stack) as scene:
        steps = fault(scene, stack)
        next(steps)
        scene.start()
        next(steps)
        load = LoadGenerator(lambda: scene.address, library)
        danger = library.editions["en"].screens["1"].body.split(". ")[1]
        with ThreadPoolExecutor(2) as pool:
            texts = pool.submit(load.text, rate, seconds)
            urgent = pool.submit(emergencies, scene, danger, texts.done)
            time.sleep(3)
            next(steps, None)
            tally, found = texts.result(), urgent.result()
        output = scene.folder / "output"
        written = output.read_bytes() if output.exists() else b""
        leaked = " LEAK" if EMERGENCY.encode() in written or b"+479" in written else ""
    outcomes = tally.outcomes
    kinds = {name: outcomes[name] for name in outcomes.keys() - {"full", "menu", "wrong"}}
    lost = f"{sum(kinds.values())} {', '.join(kinds)}".strip()
    print(
        f"| {name} | {outcomes.total()} | {outcomes['full']} | {outcomes['menu']} | "
        f"{outcomes['wrong']} | {lost} | {found['right']} of {found.total()} | "
        f"{1000 * tally.percentile(50):.0f} / {1000 * tally.percentile(99):.0f} / "
        f"{1000 * max(tally.seconds):.0f} | {scene.remark}{leaked} |",
        flush=True,
    )
    return [*scene.problems, *problems(tally, found), *filter(None, [leaked])]


def problems(tally: Tally, emergencies: Counter[str]) -> Iterator[str]:
    if tally.right != tally.outcomes.total() or emergencies["right"] != emergencies.total():
        yield "not every message got the correct reply"
    if tally.late_while_idle:
        yield "replies were late while the machine was not overloaded"


def main(names: list[str]) -> int:
    """Print a row for each fault; return how many requirements the soak does not meet."""
    library = build_library(ContentSources(ROOT), "drafts")
    print("| fault | texts | right | languages | other | lost | emergencies | p50/p99/max ms | |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    found: list[str] = []
    for name in names or FAULTS:
        if name == SOAK:
            faulthandler.dump_traceback_later(SOAK_SECONDS + 180, exit=True)  # after a deadlock
            found = run_fault(name, library)
        elif FAKETIME or "clock" not in name:
            run_fault(name, library)
    for problem in found:
        print(problem)
    return len(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
