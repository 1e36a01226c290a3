"""Mutation tests of the code that protects people: `make mutants`.

cosmic-ray makes the mutants; each is applied in a copy, where the named tests must fail. A mutant
that survives must be listed in `tests/data/harmless_mutants.txt` with the reason why it is
harmless. The exit code is 1 for a survivor that is not listed, and for a listed mutant that is
killed or no longer exists. A run takes about an hour.

    python -m tests.support.mutants [MODULE ...]    only these, such as rights_line/event_log.py

A test that hangs counts as failed; tests that take too long as a whole count as passed.
"""

import difflib
import itertools
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

from tests.support.sabotage import copied
from tests.support.servers import ROOT

# The mutated modules, and the tests that must fail: the fast ones first.
GUARDED: Mapping[str, str] = {
    "rights_line/channels/_twilio.py": "tests/channels/test_twilio_sms.py",
    "rights_line/channels/_path_token.py": "tests/channels tests/channels/test_registry.py",
    "rights_line/event_log.py": "tests/test_event_log.py tests/web/test_app.py",
    "rights_line/web/fallback.py": "tests/web/test_app.py tests/web/test_fallback.py",
    "rights_line/web/app.py": "tests/web/test_app.py tests/channels tests/sessions/test_rate_limiter.py",
    "rights_line/web/webhooks.py": (
        "tests/web/test_webhooks.py tests/channels/test_africastalking_ussd.py tests/web/test_app.py"
        " tests/sessions/test_rate_limiter.py"
    ),
    "rights_line/web/request_body.py": "tests/web/test_app.py",
    "rights_line/core/rate_limit.py": "tests/core/test_rate_limit.py tests/sessions/test_rate_limiter.py",
    "rights_line/core/emergencies.py": "tests/core/test_rate_limit.py tests/sessions/test_rate_limiter.py",
    "rights_line/core/ussd.py": "tests/core/test_ussd.py",
    "rights_line/sessions/redis_client.py": "tests/sessions/test_stores.py tests/sessions/test_failures.py",
    "rights_line/sessions/breaker.py": "tests/sessions/test_failures.py tests/sessions/test_stores.py",
    "rights_line/sessions/stale_tags.py": "tests/sessions/test_failures.py",
    "rights_line/sessions/start_check.py": "tests/web/test_startup.py",
    "rights_line/sessions/__init__.py": "tests/sessions/test_stores.py tests/sessions/test_pseudonyms.py",
    "rights_line/sessions/memory.py": "tests/sessions/test_stores.py tests/sessions/test_rate_limiter.py "
    "tests/sessions/test_sweeper.py",
    "rights_line/sessions/rate_limiter.py": "tests/sessions/test_sweeper.py tests/sessions/test_rate_limiter.py",
    "rights_line/sessions/shared_limits.py": "tests/sessions/test_flood.py tests/sessions/test_rate_limiter.py",
    "rights_line/sessions/window.py": "tests/sessions/test_flood.py tests/sessions/test_rate_limiter.py",
    "rights_line/sessions/sweeper.py": "tests/sessions/test_sweeper.py",
    "rights_line/sessions/redis_store.py": "tests/sessions/test_stores.py tests/sessions/test_failures.py "
    "tests/sessions/test_rate_limiter.py tests/sessions/test_pseudonyms.py",
}
HARMLESS = ROOT / "tests" / "data" / "harmless_mutants.txt"

# Operators that add nothing. Of the five replacements of a comparison only the hardest to detect
# are made: a test that detects `<` replaced by `<=` or `!=` detects the others. `|` joins only types
# here, so that any replacement fails at once.
SKIPPED = re.compile(
    r"core/ReplaceComparisonOperator_(?!Lt_(?:LtE|NotEq)$|Gt_(?:GtE|NotEq)$|LtE_(?:Lt|Eq)$"
    r"|GtE_(?:Gt|Eq)$|Eq_(?:LtE|GtE|NotEq)$|NotEq_(?:Lt|Gt|Eq)$|Is_IsNot$|IsNot_Is$).*"
    r"|core/ReplaceBinaryOperator_(?:BitOr_.*|.*_(?!Add$|Sub$|Mul$).*)"
    r"|core/ReplaceUnaryOperator_USub_(?!UAdd$).*"
)
# cosmic-ray does not mutate strings: the Lua script of Redis.
SCRIPTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "rights_line/sessions/redis_store.py": (
        ("if salt ~= ARGV[1] then", "if false then"),
        ("'GETEX', KEYS[2], 'EX', ARGV[2]", "'GET', KEYS[2]"),
        ("if #KEYS == 2 then", "if false then"),
        ("counts[i], 'KEEPTTL')", "counts[i], 'EX', ttls[i])"),
        ("counts[i], 'EX', ttls[i])", "counts[i])"),
        ("count < charge[2] or", ""),
        ("count >= charge[3]", "count > charge[3]"),
        ("counts[i] + charge[4]", "counts[i] + 1"),
        ("or error('no number')", "or 0"),
    ),
}
HANGS = 60  # seconds for one test; the slowest takes 15
TOO_LONG = 900  # seconds for all tests of one mutant


class Mutant(NamedTuple):
    """One change of a module: the removed and the added lines."""

    module: str
    old: str
    new: str


def mutants(module: str, code: str) -> Iterator[tuple[Mutant, str]]:
    """Yield each distinct mutant of a module, and the mutated code."""
    seen = {code}
    for name in sorted(operator_names()):
        operator = get_operator(name)
        if SKIPPED.fullmatch(name) or operator.arguments():
            continue
        for occurrence in itertools.count():
            changed = mutate_code(code, operator(), occurrence)
            if changed is None:
                break
            if changed not in seen:
                seen.add(changed)
                yield Mutant(module, *_difference(code, changed)), changed
    for old, new in SCRIPTS.get(module, ()):
        changed = code.replace(old, new)
        yield Mutant(module, *_difference(code, changed)), changed


def _difference(code: str, changed: str) -> tuple[str, str]:
    """Return the removed and the added code, each on one line."""
    _, _, *rows = difflib.unified_diff(code.splitlines(), changed.splitlines(), n=0)
    old, new = (" ".join(row[1:].strip() for row in rows if row[0] == sign) for sign in "-+")
    return old, new


def survivors(module: str, tests: str, copy: Path) -> Iterator[Mutant]:
    """Yield each surviving mutant of a module; `copy` is a disposable copy.

    Raises:
        RuntimeError: the tests fail on the unchanged code.
    """
    file = copy / module
    code = file.read_text("utf-8")
    if not _is_green(tests, copy):
        raise RuntimeError(f"{tests}: fail on the unchanged code")
    for mutant, changed in mutants(module, code):
        file.write_text(changed, "utf-8")
        if _is_green(tests, copy):
            yield mutant
    file.write_text(code, "utf-8")


def _is_green(tests: str, copy: Path) -> bool:
    """Whether tests pass in one of two runs; on a busy machine one may fail by chance."""
    return _pass(tests, copy) or _pass(tests, copy)


def _pass(tests: str, copy: Path) -> bool:
    """Whether tests pass or exceed the time limit. The last failures run first."""
    limits = ("-o", f"faulthandler_timeout={HANGS}", "-o", "faulthandler_exit_on_timeout=true")
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-x", "--ff", *limits, *tests.split()],
        cwd=copy,
        env={
            **os.environ,
            "PYTHONPATH": str(copy),
            # Cached bytecode would hide a second change within the same second.
            "PYTHONDONTWRITEBYTECODE": "1",
            # Loading the Hypothesis plugin takes longer than most tests.
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(TOO_LONG) == 0
    except subprocess.TimeoutExpired:
        return True
    finally:
        _end_all(process.pid, copy)
        process.wait()


def _end_all(group: int, copy: Path) -> None:
    """Kill the processes of tests that hung: their group, and gunicorn, which has its own."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == copy:
                os.kill(int(process.name), signal.SIGKILL)


def harmless(text: str) -> Iterator[Mutant]:
    """Yield the listed mutants: module, `- ` removed, `+ ` added and reason, a line each.

    Raises:
        ValueError: an entry has another form.
    """
    for block in re.split(r"\n{2,}", text.strip()):
        if block.startswith("#"):
            continue
        module, old, new, reason = block.split("\n")
        if (old[:2], new[:1]) != ("- ", "+") or not reason.strip():
            raise ValueError(f"must be module, removed, added and reason, got: {block}")
        yield Mutant(module, old[2:].strip(), new[1:].strip())


def problems(survived: Iterable[Mutant], listed: Iterable[Mutant]) -> list[str]:
    """Return why the run fails."""
    here, there = Counter(survived), Counter(listed)
    return [
        *(f"survives\n{_shown(one)}" for one in (here - there).elements()),
        *(f"is listed, and does not survive\n{_shown(one)}" for one in (there - here).elements()),
    ]


def _shown(mutant: Mutant) -> str:
    return f"{mutant.module}\n- {mutant.old}\n+ {mutant.new}\n"


def main(modules: list[str]) -> int:
    """Print why the run fails; return 1 if it does."""
    listed = list(harmless(HARMLESS.read_text("utf-8")))
    count = 0
    for module in modules or GUARDED:
        with tempfile.TemporaryDirectory() as folder:
            survived = list(survivors(module, GUARDED[module], copied(Path(folder).resolve())))
        found = problems(survived, [one for one in listed if one.module == module])
        count += len(found)
        made = sum(1 for _ in mutants(module, (ROOT / module).read_text("utf-8")))
        print(*found, f"== {module}: {made} changes, {len(survived)} survive", sep="\n", flush=True)
    return min(count, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
