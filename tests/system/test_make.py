"""Targets of the Makefile, run in a copy of the checkout."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support import paper
from tests.support.servers import ROOT, free_port, output_of

LEFT_BEHIND = shutil.ignore_patterns(
    *(".venv", ".git", ".*_cache", "__pycache__", ".hypothesis", "build", "node_modules", "tests")
)
ENVIRON = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, in which nothing is installed."""
    folder = tmp_path_factory.mktemp("checkout") / "rights-line"
    shutil.copytree(ROOT, folder, ignore=LEFT_BEHIND)
    return folder


def run(folder: Path, command: str, **more: str) -> str:
    """Run a command in a checkout, and return its output."""
    return output_of(folder, ENVIRON | more, "sh", "-c", command)


def test_make_cards_does_not_change_installed_line(checkout: Path) -> None:
    """The command in docs/cards.md makes the PDFs, and the line still runs from the checkout."""
    paper.required()
    (command,) = re.findall(
        "^    (make cards .*)$", (ROOT / "docs/cards.md").read_text("utf-8"), re.M
    )

    run(checkout, command, TAGS="pl ar", RIGHTS_LINE_USSD="*384*7#")

    made = {path.name: path.read_bytes()[:5] for path in (checkout / "build/cards").iterdir()}
    assert made == {"cards.pdf": b"%PDF-"}
    assert run(checkout, ".venv/bin/rights-line check") == "No problems found.\n"
    where = "cd / && $OLDPWD/.venv/bin/python -c 'import rights_line; print(rights_line.__file__)'"
    assert run(checkout, where).strip() == str(checkout / "rights_line/__init__.py")


@contextmanager
def running(checkout: Path, *command: str) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """Run a command that serves the line, `make run`, on a free port."""
    run(checkout, "make .venv/runs")
    port = free_port()
    process = subprocess.Popen(
        [*command, f"PORT={port}"],
        cwd=checkout,
        env=ENVIRON,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield port, process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=30)


def hint(process: "subprocess.Popen[str]") -> list[str]:
    """Return what is printed, to the line that says how to try it."""
    assert process.stdout
    printed = []
    for line in process.stdout:
        printed.append(line)
        if "curl" in line:
            return printed
    pytest.fail("".join(printed))


def reply(address: str) -> str:
    with urlopen(address, b"text=hello", timeout=20) as answer:
        text: str = answer.read().decode()
        return text


def test_two_commands_of_document_start_another_country(checkout: Path) -> None:
    """The URL in the hint answers at once."""
    text = (ROOT / "docs/another-country.md").read_text("utf-8")
    copy, serve = re.findall("^    (.*)$", text, re.M)
    run(checkout, copy)
    with running(checkout, *serve.split()) as (port, process):
        printed = hint(process)
        address = printed[-1].split()[-1]
        assert address == f"http://127.0.0.1:{port}/inbound/try_it"
        assert reply(address).startswith("Altamar info\n")
        assert not re.search("nor(way|ge|wegian)|POLSKI", "".join(printed), re.I)
