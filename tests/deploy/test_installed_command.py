"""deploy/rights-line: the variables of the line, and the texts that each command reads."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.cli import run
from tests.support.servers import ROOT

SCRIPT = (ROOT / "deploy/rights-line").read_text("utf-8")
INSTALLED = "opt/rights-line/current/.venv/bin/rights-line"
PROGRAM = '#!/bin/sh\necho "$CHANNELS $RIGHTS_LINE_TEXTS $*"\n'


@pytest.fixture
def command(tmp_path: Path) -> Path:
    """The script, below a folder in place of /."""
    script = tmp_path / "rights-line"
    moved = re.sub(r"/(?:etc|opt)/(?:rights-line|redis)", rf"{tmp_path}\g<0>", SCRIPT)
    script.write_text(moved.replace("exec ", "exec sh "), "utf-8")
    for name, text in {
        "etc/rights-line/env": "CHANNELS='twilio_sms'\nREDIS_URL='redis://line:a@127.0.0.1:6379/0'\n",
        "etc/redis/users.acl": "user line on >a ~*\nuser drill on >b ~*\n",
        INSTALLED: PROGRAM,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text, "utf-8")
    return script


def printed(script: Path, *arguments: str, **environ: str) -> str:
    """Return the variables and arguments that reach the line, without the folder."""
    command = ["sh", str(script), *arguments]
    output = subprocess.check_output(command, env={"PATH": os.environ["PATH"]} | environ, text=True)
    return output.replace(str(script.parent), "").strip()


@pytest.mark.parametrize("name", ["serve", "doctor", "card", "qr"])
def test_command_about_what_senders_get_reads_published_texts(command: Path, name: str) -> None:
    assert printed(command, name, "x y") == f"twilio_sms /etc/rights-line/served {name} x y"


@pytest.mark.parametrize("name", ["check", "approve", "import", "contacts", "--help"])
def test_command_that_edits_reads_the_operators_own_texts(command: Path, name: str) -> None:
    assert printed(command, name) == f"twilio_sms /etc/rights-line/local {name}"


def test_folder_that_is_named_wins(command: Path) -> None:
    assert printed(command, "card", RIGHTS_LINE_TEXTS="/x") == "twilio_sms /x card"


def test_drill_alone_reads_redis_as_a_user_who_may(command: Path) -> None:
    (command.parent / INSTALLED).write_text('#!/bin/sh\necho "$REDIS_URL"\n', "utf-8")
    assert printed(command, "drill") == "redis://drill:b@127.0.0.1:6379/0"
    assert printed(command, "doctor") == "redis://line:a@127.0.0.1:6379/0"
    (command.parent / "etc/redis/users.acl").unlink()  # Redis is on another machine
    assert printed(command, "drill") == "redis://line:a@127.0.0.1:6379/0"


def test_commands_that_the_script_names_exist() -> None:
    (names,) = re.findall(r"^ +(serve .*)\) texts=served", SCRIPT, re.M)
    helped = run("--help").stdout

    assert [name for name in names.split(" | ") if f"\n  {name} " not in helped] == []


def test_version_can_be_built_of_the_files_that_are_copied(tmp_path: Path) -> None:
    """deploy/steps.sh: RUN_FILES holds all that pyproject.toml names."""
    copy = f'. deploy/steps.sh; cp -r --parents "${{RUN_FILES[@]}}" {tmp_path}'
    subprocess.run(["bash", "-ec", copy], cwd=ROOT, check=True)
    build = "from hatchling.build import build_editable; build_editable('out')"

    subprocess.run([sys.executable, "-c", build], cwd=tmp_path, check=True)

    assert [*tmp_path.glob("out/rights_line-*.whl")] != []
