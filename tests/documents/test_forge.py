"""The workflow for a public forge runs the same targets as our own CI."""

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
