"""Run wrk with the requests of a file."""

import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

CONNECTIONS = int(os.environ.get("BENCH_CONNECTIONS", "4"))

_SCRIPT = Path(__file__).with_name("replay.lua")


class Load(NamedTuple):
    """The outcome of one run; percentiles in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p99: float


def run(
    address: str, requests: Path, expected: str, seconds: int, connections: int = CONNECTIONS
) -> Load:
    """Replay requests for so many seconds.

    Raises:
        RuntimeError: wrk failed, or a response was not the expected one.
    """
    command = [
        *("wrk", "--threads", "1", "--connections", str(connections), "--timeout", "10s"),
        *("--duration", f"{seconds}s", "--script", str(_SCRIPT), address, "--"),
        *(str(requests), expected),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"wrk failed: {done.stderr or done.stdout}")
    result = json.loads(done.stdout.splitlines()[-1])
    wrong, example = result.pop("wrong"), result.pop("example")
    if wrong or not result["requests"]:
        raise RuntimeError(
            f"{wrong} of {result['requests']} responses are wrong, such as {example}"
        )
    return Load(**result)
