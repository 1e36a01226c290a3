"""`rights-line status`: approved and lost strings, and what is left to read."""

import json
import re
from pathlib import Path
from typing import Any

from rights_line.content.loader import ContentSources
from rights_line.editorial import status
from tests.support.approvals import ENGLISH, POLISH, approve_as
from tests.support.cli import run
from tests.support.folders import CATALOG, NEW_TOPIC, change, restate, swap, topic
from tests.support.worlds import SMALL_ROOT

WAITS = "English is not approved"


def state(small_folder: Path) -> dict[str, Any]:
    """Return the state of each language by its tag."""
    return {row["tag"]: row for row in status.rows(ContentSources(small_folder), small_folder, ())}


def shown(small_folder: Path, *tags: str) -> list[str]:
    """Return the lines that are printed."""
    found = status.rows(ContentSources(small_folder), small_folder, tags)
    return list(status.lines(found, in_full=bool(tags)))


def test_status_before_and_after_approval_is_draft_or_approved(small_folder: Path) -> None:
    """No other language is approved before English."""
    number = len(ContentSources(small_folder).texts)
    states = [{tag: state(small_folder)[tag]["state"] for tag in ("en", "pl")}]
    approve_as(small_folder, *POLISH)
    states.append({tag: state(small_folder)[tag]["state"] for tag in ("en", "pl")})
    waiting = shown(small_folder)
    approve_as(small_folder, *ENGLISH)
    states.append({tag: state(small_folder)[tag]["state"] for tag in ("en", "pl")})

    assert states == [
        {"en": "draft", "pl": "draft"},
        {"en": "draft", "pl": "draft"},
        {"en": "approved", "pl": "approved"},
    ]
    assert waiting == [
        f"en: draft, strings approved: 0 of {number} by practitioner, 0 of {number} by lawyer",
        f"ar: draft, strings approved: 0 of {number} by native_reader; {WAITS}",
        f"pl: draft, strings approved: {number} of {number} by native_reader; {WAITS}",
    ]


def test_status_strings_that_lost_approval_are_listed(small_folder: Path) -> None:
    """Changed, fuzzy, removed and new strings, each with its place."""
    approve_as(small_folder, *ENGLISH, *POLISH)
    change(small_folder, CATALOG, restate("close_label", lambda text: f"{text}!"))
    change(small_folder, CATALOG, restate("languages", str, "fuzzy"))
    change(small_folder, CATALOG, restate("menu", lambda _: ""))
    change(small_folder, NEW_TOPIC, topic("Zz Zz"))

    found = state(small_folder)["pl"]

    assert found["state"] == "lost"
    assert found["strings"] - found["approved"] == len(found["lost"]) == len(found["lacking"]) == 5
    states = {row["msgctxt"]: row["state"] for row in found["lost"]}
    assert states.pop("languages").startswith("fuzzy, messages.po:")
    assert states == {
        "close_label": "lacks native_reader",
        "menu": "not translated",
        "zz": "not translated",
    }
    assert [row["msgctxt"] for row in found["fuzzy"]] == ["languages"]
    assert f"  {NEW_TOPIC}:4 [zz] not translated: Zz Zz" in shown(small_folder)


def test_status_of_partial_review_lists_changed_strings(small_folder: Path) -> None:
    """The strings that nobody has read are listed only if a TAG is given."""
    approve_as(small_folder, ("pl", "native_reader"), only=["work", "danger"])
    change(small_folder, CATALOG, restate("danger", lambda text: f"{text}!"))

    found = state(small_folder)["pl"]

    assert found["state"] == "draft"
    assert {row["msgctxt"] for row in found["lost"]} == {"danger"}
    assert "work" not in {row["msgctxt"] for row in found["lacking"]}
    assert len(shown(small_folder)) == 3 + len(found["lost"])
    to_read = len(found["readings"]) + 1  # and the core
    assert len(shown(small_folder, "pl")) == 1 + len(found["lacking"]) + to_read


def test_status_of_a_language_with_its_core_says_what_each_reading_adds(small_folder: Path) -> None:
    """Without the core, the number of strings until the language can go live."""
    before = state(small_folder)["pl"]
    to_read = before["core"]["strings"]
    live = f"  core: read {to_read} strings, and the language can go live"
    assert (before["core"]["approved"], live in shown(small_folder, "pl")) == (0, True)

    approve_as(small_folder, *ENGLISH)
    approve_as(small_folder, *POLISH, screens=ContentSources(small_folder).approval.core_codes)
    found = state(small_folder)["pl"]

    assert (found["state"], found["core"]["approved"]) == ("partial", to_read)
    sent = {row["code"]: row["sent_in"] for row in found["screens"]}
    assert (sent["1"], sent["4"], sent["41"]) == ("pl", "en", "en")
    lines_shown = shown(small_folder, "pl")
    own = sum(tag == "pl" for tag in sent.values())
    assert f"pl: core approved, {own} of {len(sent)} screens are sent; strings" in lines_shown[0]
    assert any(re.fullmatch(r"  screens? 4: read \d strings?", line) for line in lines_shown)
    assert not any(line.startswith("  core") for line in lines_shown)
    change(small_folder, "locales/en/review.yaml", None)
    assert shown(small_folder, "pl")[0].endswith(WAITS)


def test_status_command_prints_text_and_json(small_sources: ContentSources) -> None:
    """An unknown tag is refused."""
    count = len(small_sources.texts)
    text = run("status", where=SMALL_ROOT).stdout
    found = json.loads(run("status", "pl", "ar", "--json", where=SMALL_ROOT).stdout)

    assert f"pl: draft, strings approved: 0 of {count} by native_reader; English is not" in text
    assert [row["tag"] for row in found["languages"]] == ["pl", "ar"]
    assert [len(row["lacking"]) for row in found["languages"]] == [count, count]
    assert run("status", "plx", where=SMALL_ROOT).returncode == 1


def test_status_counts_the_doubts_of_the_translator(small_folder: Path) -> None:
    comment = 'msgctxt "menu"'
    change(small_folder, CATALOG, swap(comment, f"# doubt: formal?\n{comment}"))
    (line,) = [row for row in shown(small_folder) if row.startswith("pl:")]
    assert line.endswith("; 1 doubt of the translator marked for the reader")
