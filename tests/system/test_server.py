"""The server with an application whose answers are slow, large or broken."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse, IncompleteRead, RemoteDisconnected

import pytest

from rights_line.web.serving.relay import LONG
from tests.support.servers import ROOT, free_port, listens
from tests.support.slow_application import LARGE, SLOW


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server with the slow application."""
    with slow_server(LONG) as number:
        yield number


@contextmanager
def slow_server(long: float) -> Iterator[int]:
    number = free_port()
    program = [sys.executable, "-m", "tests.support.slow_application"]
    command = [*program, f"127.0.0.1:{number}", str(long)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as server:
        try:
            while not listens(number):
                time.sleep(0.05)
            yield number
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


def test_run_of_the_model_delays_nobody() -> None:
    """The loop is handed over at once: here no thread would lose its turn later."""
    with slow_server(60) as port, ThreadPoolExecutor(1) as pool:
        slow = pool.submit(read, port, "/model")
        time.sleep(0.3)
        started = time.monotonic()
        assert read(port, "/") == b"done"
        assert time.monotonic() - started < SLOW / 2
        assert slow.result() == b"done"


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
