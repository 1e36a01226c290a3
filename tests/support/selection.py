"""Which tests `make test` leaves out, by folder, and which CI may skip."""

from functools import cache
from pathlib import Path

TESTS = Path(__file__).parent.parent
# Folder or file below tests/ -> marker; pyproject.toml says what each marker needs.
MARKERS = {
    "browser": "browser",
    "cards": "print",
    "deploy/test_probe.py": "server",
    "web/test_time.py": "timed",
    "providers": "provider",
    "system": "server",
    "system/test_hostile_texts.py": "timed",
    "system/test_restart.py": "timed",
    "web/test_process.py": "server",
}
# A file that was moved would lose its marker silently.
assert all((TESTS / path).exists() for path in MARKERS), MARKERS
# In CI a skipped test fails the run, except for these reasons.
ALLOWED_IN_CI = (
    "compares guide_facts.yaml with the guide, and there is no shared/guide above",
    "`make deploy-test` runs it",
    "strace may not trace here",
)


@cache
def marker_of(path: Path) -> str | None:
    """Return the marker of a test file, if it needs more than Python and Redis."""
    folders = (path, *path.parents)
    names = [
        MARKERS.get(str(folder.relative_to(TESTS))) for folder in folders if TESTS in folder.parents
    ]
    return next(filter(None, names), None)
