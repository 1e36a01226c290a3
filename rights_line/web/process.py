"""The process that a command or the server runs in: core dumps, standard streams, draining."""

import ctypes
import os
import resource
import sys

DRAINING = (
    "rights_line.web.draining"  # key in a WSGI environment: whether the process is about to stop
)
_PR_SET_DUMPABLE = 4  # <linux/prctl.h>


def prepare() -> None:
    """Set up this process before it handles any number or text; processes it forks inherit it."""
    forbid_core_dumps()
    open_missing_streams()


def forbid_core_dumps() -> None:
    """Keep memory out of core dumps, and /proc files from other processes of the same user.

    RLIMIT_CORE alone is not enough: where core_pattern is a pipe (systemd-coredump, apport) Linux
    ignores it, and looks at the "dumpable" flag only. Other systems have no such flag.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if prctl := getattr(ctypes.CDLL(None), "prctl", None):
        prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def open_missing_streams() -> None:
    """Open /dev/null for each standard stream that was closed (`<&-`, `>&-`, `2>&-`).

    Python leaves such a stream None, and the next socket gets its file descriptor.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115 - open until the process ends
