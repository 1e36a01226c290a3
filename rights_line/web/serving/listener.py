"""The socket to listen on, and how many connections it may have."""

import os
import resource
import select
import socket
from collections.abc import Mapping

from rights_line.errors import ConfigurationError, Problem

LEAST_OPEN_FILES = 256  # with fewer, a few silent clients would keep everybody out


def inherited_socket(environ: Mapping[str, str]) -> socket.socket | None:
    """Return the socket that systemd passed, if any (sd_listen_fds(3)).

    Raises:
        ConfigurationError: it passed several.
    """
    if environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    if environ.get("LISTEN_FDS") != "1":
        fix = "Keep one ListenStream= in the socket unit"
        raise ConfigurationError([Problem("LISTEN_FDS", "must be 1", fix)])
    return socket.socket(fileno=3)  # SD_LISTEN_FDS_START


def bind_listener(address: str) -> socket.socket:
    """Return a socket that is bound to `host:port` and does not listen yet.

    Raises:
        ConfigurationError: the address is invalid or in use.
    """
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, int(port)))
        return listener
    except (OSError, ValueError, OverflowError) as error:
        listener.close()
        problem = f"cannot listen on {address}: {error}"
        fix = "Stop the other server, or choose another port: PORT=9000"
        raise ConfigurationError([Problem("PORT", problem, fix)]) from None


def allow_open_files(number: int) -> int:
    """Allow so many open files if the hard limit does; return how many are allowed, at most.

    Raises:
        ConfigurationError: they are fewer than LEAST_OPEN_FILES.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = number if hard == resource.RLIM_INFINITY else min(number, hard)
    if allowed < LEAST_OPEN_FILES:
        summary = f"the limit must be at least {LEAST_OPEN_FILES}, got {allowed}"
        fix = "Raise it: LimitNOFILE=4096 in the unit of systemd, or `ulimit -Hn 4096`"
        raise ConfigurationError([Problem("open files", summary, fix)])
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed


def is_socket_readable(listener: socket.socket) -> bool:
    """Return whether a connection waits at a listening socket, or data at another."""
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    return bool(poll.poll(0))
