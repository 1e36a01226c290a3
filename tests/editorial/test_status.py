"""`rights-line status`: approved and lost strings, and what is left to read."""

import re
from pathlib import Path

from rights_line.content import ContentSources
from rights_line.content.approval import core_codes
from rights_line.editorial import approvals
from tests.support.approvals import ENGLISH, POLISH, approve_as
from tests.support.cli import run
from tests.support.folders import CATALOG, NEW_TOPIC, change, restate, swap, topic
from tests.support.worlds import SMALL_ROOT

WAITS = "English is not approved"


def shown(folder: Path, *tags: str) -> list[str]:
    """Return the lines that are printed."""
    return [*approvals.status(ContentSources(folder), tags)]


def strings(folder: Path, *tags: str) -> list[str]:
    """Return the msgctxt and the state of each string that is printed."""
    rows = (re.search(r"\[(\w+)\] (.*?)[,:]", line) for line in shown(folder, *tags))
    return [f"{row[1]} {row[2]}" for row in rows if row]


def test_status_before_and_after_approval_is_draft_or_approved(small_folder: Path) -> None:
    """No other language is approved before English."""
    number = len(ContentSources(small_folder).texts)
    nobody = f"en: draft, strings approved: 0 of {number} by practitioner, 0 of {number} by lawyer"
    arabic = f"ar: draft, strings approved: 0 of {number} by native_reader"
    polish = "pl: draft, strings approved: {} of {} by native_reader; " + WAITS

    assert shown(small_folder) == [nobody, f"{arabic}; {WAITS}", polish.format(0, number)]
    approve_as(small_folder, *POLISH)
    assert shown(small_folder) == [nobody, f"{arabic}; {WAITS}", polish.format(number, number)]
    approve_as(small_folder, *ENGLISH)
    assert shown(small_folder) == ["en: approved", arabic, "pl: approved"]


def test_status_strings_that_lost_approval_are_listed(small_folder: Path) -> None:
    """Changed, fuzzy, removed and new strings, each once with its place."""
    approve_as(small_folder, *ENGLISH, *POLISH)
    change(small_folder, CATALOG, restate("close_label", lambda text: f"{text}!"))
    change(small_folder, CATALOG, restate("languages", str, "fuzzy"))
    change(small_folder, CATALOG, restate("menu", lambda _: ""))
    change(small_folder, NEW_TOPIC, topic("Zz Zz"))

    assert sorted(strings(small_folder, "pl")) == [
        *("close_label lacks native_reader", "languages fuzzy", "menu not translated"),
        *("zz not translated", "zz not translated"),
    ]
    assert "pl: lost its approval, " in shown(small_folder, "pl")[0]
    assert f"  {NEW_TOPIC}:4 [zz] not translated: Zz Zz" in shown(small_folder)


def test_status_of_partial_review_lists_changed_strings(small_folder: Path) -> None:
    """The strings that nobody has read are listed only if a TAG is given."""
    approve_as(small_folder, ("pl", "native_reader"), screens=["1"])
    change(small_folder, CATALOG, restate("danger", lambda text: f"{text}!"))

    changed = [row for row in strings(small_folder, "pl") if row.startswith("danger")]
    assert {*strings(small_folder)} == {*changed} == {"danger lacks native_reader"}
    assert "talk lacks native_reader" in strings(small_folder, "pl")
    assert "under_18 lacks native_reader" not in strings(small_folder)


def test_status_of_a_language_with_its_core_says_what_each_reading_adds(small_folder: Path) -> None:
    """Without the core, the number of strings until the language can go live."""
    approval = ContentSources(small_folder).approvals["pl"]
    live = f"  core: read {len(approval.core)} strings, and the language can go live"
    assert live in shown(small_folder, "pl")
    assert "“menu after a change of language”" in "\n".join(shown(small_folder, "pl"))

    approve_as(small_folder, *ENGLISH)
    approve_as(small_folder, *POLISH, screens=core_codes(ContentSources(small_folder).tree))
    approval = ContentSources(small_folder).approvals["pl"]

    lines_shown = shown(small_folder, "pl")
    own = sum(approval.language(code) == "pl" for code in approval.strings)
    all_screens = len(approval.strings)
    assert f"pl: core approved, {own} of {all_screens} screens are sent; strings" in lines_shown[0]
    assert any(re.fullmatch(r"  screens? 4: read \d strings?", line) for line in lines_shown)
    assert not any(line.startswith("  core") for line in lines_shown)
    change(small_folder, "locales/en/review.yaml", None)
    assert shown(small_folder, "pl")[0].endswith(WAITS)


def test_status_command_prints_lines_and_refuses_an_unknown_tag() -> None:
    printed = run("status", "pl", "ar", where=SMALL_ROOT).stdout.splitlines()
    assert printed == shown(SMALL_ROOT, "pl", "ar")
    assert run("status", "plx", where=SMALL_ROOT).returncode == 1


def test_status_counts_the_doubts_of_the_translator(small_folder: Path) -> None:
    comment = 'msgctxt "menu"'
    change(small_folder, CATALOG, swap(comment, f"# doubt: formal?\n{comment}"))
    (line,) = [row for row in shown(small_folder) if row.startswith("pl:")]
    assert line.endswith("; 1 doubt of the translator marked for the reader")
