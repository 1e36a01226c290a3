"""CPU time and memory of the processes of a server, from /proc."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")
_SESSION, _UTIME, _STIME = 3, 11, 12  # fields of /proc/<pid>/stat after the name


class Usage(NamedTuple):
    """Seconds of CPU time, and MiB: proportional (PSS) and resident (RSS)."""

    cpu: float
    pss: float
    rss: float


def usage(sessions: Iterable[int]) -> Usage:
    """Return the sum of all processes in these sessions."""
    wanted = set(sessions)
    rows = [_usage(pid) for pid, session in _sessions() if session in wanted]
    return Usage(*map(sum, zip(*rows, strict=True)))


def _sessions() -> Iterator[tuple[Path, int]]:
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended
            yield process, int(_stat(process)[_SESSION])


def _usage(process: Path) -> Usage:
    stat = _stat(process)
    rollup = (process / "smaps_rollup").read_text()
    ticks = int(stat[_UTIME]) + int(stat[_STIME])
    return Usage(ticks / _TICKS, _mib(rollup, "Pss:"), _mib(rollup, "Rss:"))


def _stat(process: Path) -> list[str]:
    return (process / "stat").read_text().rpartition(")")[2].split()


def _mib(rollup: str, name: str) -> float:
    return int(rollup.partition(f"\n{name}")[2].split()[0]) / 1024
