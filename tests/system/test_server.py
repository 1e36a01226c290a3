"""The server with an application whose answers are slow or large."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse

import pytest

from rights_line.web.process import LEAST_OPEN_FILES
from rights_line.web.server import THREADS
from tests.support import twilio_phone
from tests.support.servers import ROOT, free_port, listens, serve
from tests.support.slow_application import LARGE, SLOW
from tests.support.worlds import SMALL_ROOT, texts_at


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server with the slow application."""
    with slow_server() as (_, number):
        yield number


@contextmanager
def slow_server(before: str = "true") -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run the slow application after a shell command; its log waits, as under systemd."""
    number = free_port()
    program = [sys.executable, "-m", "tests.support.slow_application", f"127.0.0.1:{number}"]
    command = ["sh", "-c", f'{before} && exec "$@"', "sh", *program]
    environ = os.environ | {"JOURNAL_STREAM": "8:1"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            while not listens(number):
                time.sleep(0.05)
            yield server, number
        finally:
            server.kill()


def ask(port: int, path: str) -> HTTPResponse:
    """Send a request; the response is not read yet."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    return connection.getresponse()


def read(port: int, path: str) -> bytes:
    return ask(port, path).read()


def test_slow_answers_do_not_delay_others_and_arrive(port: int) -> None:
    """Ten at once, as when Redis or a name server does not answer."""
    with ThreadPoolExecutor(10) as pool:
        slow = [pool.submit(read, port, "/slow") for _ in range(10)]
        time.sleep(0.3)
        started = time.monotonic()
        assert read(port, "/") == b"done"
        assert time.monotonic() - started < SLOW / 2
        assert [answer.result() for answer in slow] == [b"done"] * 10


def test_sigterm_while_every_thread_hangs_ends_in_time_and_keeps_the_log() -> None:
    with slow_server() as (server, port), ThreadPoolExecutor(THREADS) as pool:
        hanging = [pool.submit(read, port, "/hang") for _ in range(THREADS)]
        time.sleep(0.5)
        started = time.monotonic()
        server.terminate()
        _, log = server.communicate(timeout=20)

        assert time.monotonic() - started < 8
        assert server.returncode == 0
        assert log.count('"outcome": "begun"') == THREADS
        assert all(answer.exception() for answer in hanging)


def test_large_answer_arrives_whole_at_a_slow_reader(port: int) -> None:
    response = ask(port, "/large")
    time.sleep(0.5)
    assert read(port, "/") == b"done"
    assert response.read() == LARGE


@pytest.mark.parametrize("limit", [64, LEAST_OPEN_FILES - 1])
def test_line_with_too_few_open_files_does_not_start(limit: int) -> None:
    """With 64 it listened, and answered nothing."""
    shell = ["sh", "-c", f'ulimit -n {limit} && exec "$@"', "sh"]
    started = subprocess.run(
        [*shell, *serve("--listen", f"127.0.0.1:{free_port()}")],
        env={"PATH": os.environ["PATH"], **texts_at(SMALL_ROOT, twilio_phone.ENVIRON)},
        stderr=subprocess.PIPE,
        text=True,
        timeout=30,
    )

    assert started.returncode == 1
    assert f"open files: the limit must be at least 256, got {limit}. Raise it: " in started.stderr
    assert "LimitNOFILE=4096" in started.stderr


def test_line_with_the_least_open_files_answers() -> None:
    with slow_server(f"ulimit -n {LEAST_OPEN_FILES}") as (_, number):
        assert read(number, "/") == b"done"
