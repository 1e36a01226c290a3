"""Redis at a distance: `python -m bench.distance PORT REDIS_PORT MILLISECONDS`.

Each answer arrives later by so many milliseconds. It is a process of its own, so that its work
counts for no server.
"""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.support.servers import ROOT, free_port, listens
from tests.support.waiting import wait_until


@contextmanager
def distant(redis_port: int, milliseconds: int) -> Iterator[int]:
    """Run the proxy, and yield its port."""
    port = free_port()
    arguments = map(str, (port, redis_port, milliseconds))
    command = [sys.executable, "-m", "bench.distance", *arguments]
    with subprocess.Popen(command, cwd=ROOT) as proxy:
        try:
            wait_until(lambda: listens(port), "the proxy of Redis")
            yield port
        finally:
            proxy.terminate()


def main(port: str, redis_port: str, milliseconds: str) -> None:
    """Pass on requests at once, and answers later, until the process is ended."""
    with socket.create_server(("127.0.0.1", int(port)), backlog=128) as listener:
        while True:
            client, _ = listener.accept()
            redis = socket.create_connection(("127.0.0.1", int(redis_port)))
            for ends in ((client, redis, 0.0), (redis, client, float(milliseconds) / 1000)):
                ends[0].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=_pass_on, args=ends, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket, seconds: float) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            time.sleep(seconds)
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    main(*sys.argv[1:])
