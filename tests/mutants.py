"""Change the code that keeps people safe, bit by bit, and see who notices: `make mutants`.

cosmic-ray makes the changes, in a copy. What survives is printed, to be looked at by somebody: a
change that makes no difference, or a test that is missing. It takes about an hour.

    python -m tests.mutants [MODULE ...]    only these, such as rights_line/logs.py
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.sabotage import copied

# What is changed, and the tests that must notice.
GUARDED: Mapping[str, str] = {
    "rights_line/channels/_twilio.py": "tests/channels/test_twilio_sms.py",
    "rights_line/channels/_secret.py": "tests/channels tests/test_channels.py",
    "rights_line/logs.py": "tests/test_web.py",
    "rights_line/last_resort.py": "tests/test_last_resort.py tests/test_web.py",
    "rights_line/web.py": "tests/test_web.py tests/channels",
    "rights_line/core/budget.py": "tests/core/test_budget.py",
    "rights_line/sessions/kept.py": "tests/test_sessions.py",
    "rights_line/sessions/memory.py": "tests/test_sessions.py tests/core/test_budget.py",
    "rights_line/sessions/counter.py": "tests/core/test_budget.py tests/test_budget.py",
    "rights_line/sessions/shared.py": "tests/test_sessions.py tests/test_budget.py",
}
CONFIG = """[cosmic-ray]
module-path = "{module}"
timeout = {timeout}
excluded-modules = []
test-command = "{command}"
[cosmic-ray.distributor]
name = "local"
"""
TIMEOUT = 120.0  # seconds for the tests of one change


def survivors(module: str, tests: str) -> Iterator[str]:
    """Yield each change of a module that its tests let through, as a difference."""
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(Path(folder))
        command = f"{sys.executable} -m pytest -q -x {tests}"
        config, session = copy / "mutants.toml", copy / "mutants.sqlite"
        config.write_text(CONFIG.format(module=module, timeout=TIMEOUT, command=command))
        environ = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        cosmic = [str(Path(sys.executable).with_name("cosmic-ray"))]

        def run(*arguments: str) -> str:
            done = subprocess.run(
                [*cosmic, *arguments], cwd=copy, env=environ, capture_output=True, check=True
            )
            return done.stdout.decode()

        run("baseline", str(config))
        run("init", str(config), str(session))
        run("exec", str(config), str(session))
        for line in run("dump", str(session)).splitlines():
            _, result = json.loads(line)
            if result and result["test_outcome"] != "killed":
                yield result["diff"] or ""


def main(modules: list[str]) -> int:
    """Print what survives; return how many."""
    count = 0
    for module in modules or GUARDED:
        for change in survivors(module, GUARDED[module]):
            count += 1
            print(change, flush=True)
        print(f"== {module} is done", flush=True)
    return count


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 1))
