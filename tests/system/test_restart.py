"""SIGTERM: accepted requests are answered, and a load balancer sees it in time.

With a socket that outlives the process, as systemd holds it, a restart loses no message.
"""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError

import pytest

from rights_line.core.library import Library
from rights_line.web.server import DRAIN_SECONDS
from tests.support import twilio_phone
from tests.support.cli import run_python
from tests.support.load import LoadGenerator
from tests.support.redis_line import redis_environ
from tests.support.servers import ROOT, LineServer, RedisServer, running_line, serve
from tests.support.waiting import wait_until

BUSY = 100  # messages a second, while a restart must lose none
RESTARTS = 3


def environ_of(redis: RedisServer) -> dict[str, str]:
    return twilio_phone.ENVIRON | redis_environ(redis.url)


@pytest.fixture
def line(redis: RedisServer) -> Iterator[LineServer]:
    """A line that the test stops."""
    with running_line(environ_of(redis)) as server:
        yield server


def health(address: str) -> tuple[int, str]:
    """Return status code and status of /healthz; (0, "") if the connection is refused."""
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=2) as answer:
            return answer.status, json.load(answer)["status"]
    except HTTPError as error:
        return error.code, json.load(error)["status"]
    except OSError:
        return 0, ""


def test_sigterm_drains_for_three_seconds_with_idle_connections(line: LineServer) -> None:
    """A load balancer sees it meanwhile. Connections without a request do not hold it up."""
    idle = [socket.create_connection(("127.0.0.1", line.port)) for _ in range(20)]
    seen: list[tuple[int, str]] = []
    begun = time.monotonic()
    line.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    line.send_signal(signal.SIGTERM)  # a second one changes nothing
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(line.wait)
        while not ended.done():
            seen.append(health(line.address))
            time.sleep(0.1)
    seconds = time.monotonic() - begun
    for wire in idle:
        wire.close()

    assert ended.result() == 0
    assert DRAIN_SECONDS <= seconds < DRAIN_SECONDS + 1
    assert seen.count((503, "draining")) > 3
    assert set(seen) <= {(200, "ok"), (503, "draining"), (0, "")}


def test_sigterm_waits_for_a_request_that_arrives_slowly(line: LineServer) -> None:
    """Its end comes after the drain, and its response too."""
    with socket.create_connection(("127.0.0.1", line.port)) as wire:
        wire.sendall(b"GET /healthz HTTP/1.1\r\n")
        line.send_signal(signal.SIGTERM)
        time.sleep(DRAIN_SECONDS + 1)
        wire.sendall(b"Host: line\r\n\r\n")

        assert wire.recv(20).startswith(b"HTTP/1.1 503 ")
    assert line.wait() == 0


def test_sigterm_answers_request_on_connection_accepted_just_before(
    redis: RedisServer, tmp_path: Path
) -> None:
    """Its request arrives after the drain, when no connection is accepted any more."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = listener.getsockname()
        with activated(listener, environ_of(redis), tmp_path / "output") as process:
            wait_until(lambda: health("http://{}:{}".format(*address)) == (200, "ok"))
            os.kill(process, signal.SIGTERM)
            time.sleep(DRAIN_SECONDS - 0.2)
            with socket.create_connection(address, timeout=5) as wire:
                time.sleep(0.6)
                wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: line\r\n\r\n")

                assert wire.recv(20).startswith(b"HTTP/1.1 503 ")


# --- Sockets that outlive the process ------------------------------------------------------------

# systemd passes the socket as file descriptor 3, and names the process that may use it.
ACTIVATED = ["sh", "-c", 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"', "sh", *serve()]


@contextmanager
def activated(listener: socket.socket, environ: dict[str, str], output: Path) -> Iterator[int]:
    """Run the line on a socket of this process, until SIGTERM."""
    with output.open("ab") as sink:
        process = subprocess.Popen(
            ACTIVATED,
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], **environ},
            stdout=sink,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: os.dup2(listener.fileno(), 3),
            close_fds=False,
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        assert process.wait(timeout=15) == 0


def test_restart_with_inherited_socket_loses_no_message(
    redis: RedisServer, tmp_path: Path, library: Library
) -> None:
    """Connections wait in the queue of the socket until the next process has started."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        address = "http://{}:{}".format(*listener.getsockname())
        load = LoadGenerator(lambda: address, library)
        environ = environ_of(redis)
        with ThreadPoolExecutor(1) as pool:
            talks = None
            for _ in range(RESTARTS):
                with activated(listener, environ, tmp_path / "output"):
                    wait_until(lambda: health(address) == (200, "ok"))
                    talks = talks or pool.submit(load.text, BUSY, 100.0)
                    time.sleep(1)
            with activated(listener, environ, tmp_path / "output"):
                wait_until(lambda: health(address) == (200, "ok"))
                load.over.set()
                assert talks
                tally = talks.result()

    assert tally.outcomes.keys() == {"full"}, tally.outcomes
    assert tally.right > RESTARTS * BUSY


@pytest.mark.parametrize("address", ["127.0.0.1:99999", "nosuch", "203.0.113.1:8000"])
def test_serve_unusable_address_exits_with_fix(address: str) -> None:
    code, said = run_python({"CHANNELS": "try_it"}, *serve("--listen", address))
    assert code == 1
    assert f"cannot listen on {address}" in said
    assert "Traceback" not in said
