"""The server with an application whose answers are slow, large or broken."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse, IncompleteRead, RemoteDisconnected

import pytest

from rights_line.web.server import THREADS
from tests.support.servers import ROOT, free_port, listens
from tests.support.slow_application import LARGE, SLOW


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server with the slow application."""
    with slow_server() as (_, number):
        yield number


@contextmanager
def slow_server() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run the slow application; its log is held back for a minute, as under systemd."""
    number = free_port()
    command = [sys.executable, "-m", "tests.support.slow_application", f"127.0.0.1:{number}"]
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


def test_response_names_its_length_and_closes(port: int) -> None:
    response = ask(port, "/")
    assert response.getheader("Content-Length") == "4"
    assert response.getheader("Connection") == "close"
    assert read(port, "/parts") == b"one two"


def test_application_that_raises_is_answered_with_an_error(port: int) -> None:
    assert ask(port, "/raises").status == 500


def test_body_that_breaks_is_not_taken_for_a_whole_one(port: int) -> None:
    with pytest.raises((IncompleteRead, RemoteDisconnected)):
        read(port, "/breaks")
    assert read(port, "/") == b"done"
