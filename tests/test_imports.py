"""The modules that a started line and a command do not import, because of time and memory."""

from collections.abc import Mapping

import pytest

from rights_line.library import ROOT
from tests.support import phones
from tests.support.cli import run_python
from tests.support.worlds import texts_at

# Module -> why not.
HEAVY = {
    "babel": "texts are translated when they are built",
    "dateutil": "Easter takes eight lines",
    "rights_line.content": "texts are read, checked and approved when they are built",
    "translitua": "texts are written in Latin letters when they are built",
    "yaml": "the line reads one file of JSON",
    "holidays": "it imports every country of the world: 300 modules",
    "rights_line.cards.pdf": "only the command for cards writes PDFs",
    "rights_line.cli.operation_commands": "a command imports its own section only",
    "rights_line.editorial": "for the owners of the words",
    "rights_line.ops": "commands",
    "twilio.rest": "the API client, for commands",
    "weasyprint": "only the command for cards writes PDFs",
}


def imported_by(script: str, environ: Mapping[str, str]) -> str:
    """Return the modules that are loaded in a new process after a script, and what it prints."""
    code, output = run_python(environ, "-c", f"import sys\n{script}\nprint(*sys.modules)")
    assert code == 0, output
    return output


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """Return the modules that are loaded after `import app`, with every channel."""
    environ = phones.ALL_CHANNELS | {
        "REDIS_URL": "redis://127.0.0.1:1/0",  # nothing listens there
        "RIGHTS_LINE_SECRET": "a-secret-of-nobody-0123456789abcdef",
        "RIGHTS_LINE_SERVE": "drafts",
    }
    script = "import app, rights_line.cli.service_commands"
    return {*imported_by(script, texts_at(ROOT, environ)).split()}


@pytest.mark.parametrize("module", HEAVY)
def test_started_line_does_not_import_heavy_module(imported: set[str], module: str) -> None:
    assert "rights_line.web.app" in imported
    found = [name for name in imported if f"{name}.".startswith(f"{module}.")]
    assert found == [], HEAVY[module]


def test_command_leaves_the_garbage_collector_on() -> None:
    """It is off while a command is imported."""
    script = "from rights_line.cli import run_command\nrun_command(['count', '--help'], {})\n"
    imported_by(f"{script}import gc\nassert gc.isenabled()", {})
