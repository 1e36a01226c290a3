"""The machine and the versions, for the report."""

import datetime as dt
import os
import platform
import re
import subprocess
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench import wrk
from bench.kinds import ENVIRON
from bench.rounds import ROUNDS, SECONDS
from tests.support.servers import ROOT, redis_binary

_PACKAGES = ("flask", "gunicorn", "granian", "hiredis", "redis", "twilio", "waitress", "werkzeug")
_PROGRAMS = {
    "Redis": (redis_binary(), "--version"),
    "wrk": ("wrk", "--version"),
    "nginx": ("nginx", "-v"),
    "Node": ("node", "--version"),
}


def describe(command: str) -> str:
    """Return a paragraph: date, commit, machine, versions and command."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    versions = [f"Python {platform.python_version()}", *map(_package, _PACKAGES)]
    versions += [f"{name} {_program(*command)}" for name, command in _PROGRAMS.items()]
    commit = _output("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD")
    return (
        f"{dt.date.today()}, commit {commit}: {os.cpu_count()} cores of "
        f"{cpu[1] if cpu else platform.machine()}, Linux {platform.release()}, load average before "
        f"the first round {os.getloadavg()[0]:.2f}. {', '.join(versions)}. {ROUNDS} rounds of "
        f"{SECONDS} seconds with {wrk.CONNECTIONS} connections: `{command}`."
    )


def _package(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"without {name}"


def _program(*command: str) -> str:
    found = re.search(r"\d+(\.\d+)+", _output(*command))
    return found[0] if found else "not installed"


def _output(*command: str) -> str:
    with suppress(OSError):
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRON
        )
        return done.stdout.strip()
    return ""
