"""The files for a public forge: the same targets as our own CI, and hooks that exist."""

import re

import yaml

from tests.support.servers import ROOT


def test_workflow_runs_the_targets_of_our_ci_in_their_order() -> None:
    text = (ROOT / ".github/workflows/ci.yml").read_text("utf-8")
    ((_, job),) = yaml.safe_load(text)["jobs"].items()
    commands = [step["run"] for step in job["steps"] if "run" in step]

    own = re.findall("^(make [^#\n]*?) *(?:#.*)?$", (ROOT / ".ci/run").read_text("utf-8"), re.M)

    assert commands == own
    assert {"make check", "make test", "make test-all"} < {*commands}


def test_hooks_are_local_and_run_programs_of_the_lock() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    locked = (ROOT / "uv.lock").read_text("utf-8")
    for repository in config["repos"]:
        assert repository["repo"] == "local"
        for hook in repository["hooks"]:
            program = hook["entry"].split()[0].removeprefix(".venv/bin/")
            assert f'\nname = "{program}"\n' in locked or program == "rights-line"
            assert hook["language"] == "system"
