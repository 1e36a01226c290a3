"""CONTRIBUTING.md, "To add": its paths through a copy of the real texts leave `check` green."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rights_line.content import ContentSources
from rights_line.content.languages import ENGLISH
from rights_line.core.library import Library
from tests.support.cli import run
from tests.support.folders import add, change, make_strings, put, swap
from tests.support.servers import ROOT
from tests.support.worlds import library_at

# A path checks the real texts once or twice, and each check takes three seconds.
SECONDS = pytest.mark.server
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
TOPIC = """code: "57"
title: Zz
audience: [adult]
text: "Ask ROSA, {rosa}, day and night."
facts: [rosa_24h_number]
source:
  - part: 5
    heading: "Here is information you can provide about rights and available support services"
"""


def waiting(folder: Path) -> list[str]:
    """Check the copy, which must have no error; return what waits."""
    checked = run("check", "--json", where=folder)
    rows = json.loads(checked.stdout)
    assert [row for row in rows if not row["waits"]] == []
    assert checked.returncode == 0
    return [row["summary"] for row in rows]


@SECONDS
def test_path_of_an_english_text(folder: Path, library: Library, sources: ContentSources) -> None:
    """One screen waits in each language that has it, and is sent in English; no other changes."""
    assert (
        "**another English text**: edit it in `content/`, then `make strings transcripts`" in GUIDE
    )
    before = fuzzy(folder)
    topic, was = sources.content.topics["work"], in_english(library)
    text = topic.passages[0].text
    translated = {
        tag
        for tag, row in sources.languages.items()
        if tag != ENGLISH and row.has_texts and row.translate(topic.id, text)
    }
    change(
        folder, "content/topics/work.yaml", swap(f"^  {re.escape(text[:10])}", f"  Z{text[1:10]}")
    )
    make_strings(folder)
    assert len(fuzzy(folder)) == len(before) + len(translated) > 10
    assert {*in_english(library_at(folder))} - {*was} == {(tag, topic.code) for tag in translated}


def fuzzy(folder: Path) -> list[str]:
    """Return what waits because its English changed."""
    return [summary for summary in waiting(folder) if "has only a fuzzy translation" in summary]


def in_english(library: Library) -> list[tuple[str, str]]:
    """Return (tag, code) of each screen that is sent in English in another language."""
    return [
        (tag, code)
        for tag, edition in library.editions.items()
        for code, screen in edition.screens.items()
        if screen.language != tag
    ]


@SECONDS
def test_path_of_a_topic(folder: Path) -> None:
    """A code below a menu, a fact and its place, and the strings."""
    assert "**a topic**: one file in `content/topics/` with a code below a menu" in GUIDE
    change(folder, "content/topics/zz.yaml", put(TOPIC))
    change(folder, "content/topics/safe_phone.yaml", add('see: ["57"]\n'))
    make_strings(folder)
    assert any(summary.startswith("zz is not translated") for summary in waiting(folder))
    english = library_at(folder, offered=[ENGLISH]).editions[ENGLISH]
    assert "Ask ROSA" in english.screens["57"].body


CHECKS = """
from rights_line.channels import all_variables, load_channels
from rights_line.ops.report import table_channel_labels
from rights_line.settings.variable import variable_warnings
from rights_line.web.health import answering
from scripts.configuration_docs import configuration_page
from tests.support.phones import ALL_ROUTES, ENVIRON, PHONES

assert "| [`zz_sms`](#zz_sms) | SMS | `ZZ_TOKEN` |" in configuration_page()
assert table_channel_labels()["zz_sms"] == "SMS (zz)"
assert "zz_sms" in answering("RIGHTS_LINE_NUMBER")
assert "did you mean ZZ_TOKEN" in "".join(variable_warnings({"ZZ_TOKEM": "x"}, all_variables()))
channel = load_channels(["zz_sms"], ENVIRON)["zz_sms"]
assert channel.sign_of_life().path.startswith("/inbound/zz_sms/")
assert {*PHONES["zz_sms"].ROUTES} <= {*ALL_ROUTES}
"""


def test_path_of_a_channel(tmp_path: Path) -> None:
    """A file and its phone, and everything else reads the class."""
    assert "**a channel**: one file in `rights_line/channels/` with a class `Channel`" in GUIDE
    for name in ("rights_line", "scripts", "tests/support"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "tests" / "__init__.py").touch()
    for place in ("rights_line/channels", "tests/support/phones"):
        source = (tmp_path / place / "kannel_sms.py").read_text("utf-8")
        renamed = source.replace("kannel_sms", "zz_sms").replace("KANNEL_TOKEN", "ZZ_TOKEN")
        renamed = renamed.replace("SMS (own gateway)", "SMS (zz)")
        (tmp_path / place / "zz_sms.py").write_text(renamed, "utf-8")
    done = subprocess.run([sys.executable, "-c", CHECKS], cwd=tmp_path, capture_output=True)
    assert (done.returncode, done.stderr.decode()) == (0, "")
