"""The modules that a started line does not import, because of the time and the memory they take."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import phones

ROOT = Path(__file__).parent.parent
# Module -> why not.
HEAVY = {
    "holidays": "it imports every country of the world: 300 modules",
    "rights_line.cards.pdf": "only the command for cards writes PDFs",
    "rights_line.cli.ops": "a command imports its own module only",
    "rights_line.editorial": "for the owners of the words",
    "rights_line.ops": "commands",
    "twilio.rest": "the API client, for commands",
    "weasyprint": "only the command for cards writes PDFs",
}


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """Return the modules that are loaded after `import app`, with every channel."""
    environ = phones.ALL_CHANNELS | {
        "REDIS_URL": "redis://127.0.0.1:1/0",  # nothing listens there
        "RIGHTS_LINE_SECRET": "a-secret-of-nobody-0123456789abcdef",
    }
    script = "import sys, app, rights_line.cli.server; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(run.stdout.split())


@pytest.mark.parametrize("module", HEAVY)
def test_started_line_does_not_import_heavy_module(imported: set[str], module: str) -> None:
    assert "rights_line.web.app" in imported
    found = [name for name in imported if f"{name}.".startswith(f"{module}.")]
    assert found == [], HEAVY[module]
