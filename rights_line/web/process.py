"""The process that a command or the server runs in: core dumps, standard streams, draining."""

import ctypes
import os
import resource
import sys

# Key in the WSGI environment: whether the process is about to stop.
DRAINING = "rights_line.web.draining"
_PR_SET_DUMPABLE = 4  # <linux/prctl.h>


def prepare() -> None:
    """Prepare this process before it handles any number or text; forked processes inherit it."""
    forbid_core_dumps()
    open_missing_streams()


def forbid_core_dumps() -> None:
    """Keep memory out of core dumps, and /proc files from other processes of the same user.

    RLIMIT_CORE alone is not enough: if core_pattern is a pipe (systemd-coredump, apport), Linux
    ignores the limit and checks only the "dumpable" flag. Other systems have no such flag.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if prctl := getattr(ctypes.CDLL(None), "prctl", None):
        prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


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
