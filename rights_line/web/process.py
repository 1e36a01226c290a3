"""The process of a command or the server: core dumps, standard streams, open files, sockets."""

import ctypes
import gc
import os
import resource
import select
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rights_line.errors import ConfigurationError, Problem

# Key in the WSGI environment: whether the process is about to stop.
DRAINING = "rights_line.web.draining"
_PR_SET_DUMPABLE = 4  # <linux/prctl.h>
_M_ARENA_MAX = -8  # <malloc.h>
LEAST_OPEN_FILES = 256  # with fewer, a few silent clients would keep everybody out


def prepare() -> None:
    """Prepare this process before it handles any number or text; forked processes inherit it."""
    forbid_core_dumps()
    open_missing_streams()
    share_free_memory()


def forbid_core_dumps() -> None:
    """Keep memory out of core dumps, and /proc files from other processes of the same user.

    RLIMIT_CORE alone is not enough: if core_pattern is a pipe (systemd-coredump, apport), Linux
    ignores the limit and checks only the "dumpable" flag. Other systems have no such flag.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if prctl := getattr(ctypes.CDLL(None), "prctl", None):
        prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def share_free_memory() -> None:
    """Let the threads share two pools of free memory: six MiB less, after sentences.

    glibc gives each of sixteen threads one of its own; another C library has no such option.
    """
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(_M_ARENA_MAX, 2)


@contextmanager
def without_collector() -> Iterator[None]:
    """Switch the garbage collector off, for imports and the start, which leave no garbage."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def release_free_memory() -> None:
    """Give memory that is free back to the system: 13 MiB after the sentence model is read.

    glibc keeps it for later allocations; another C library has no such function.
    """
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


def open_missing_streams() -> None:
    """Open /dev/null for each standard stream that was closed (`<&-`, `>&-`, `2>&-`).

    Python sets such a stream to None, and the next socket reuses its file descriptor.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - open until the process ends


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
