"""`rights-line status`: approved and lost strings, and contacts that are due."""

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from rights_line.content.loader import ContentSources
from rights_line.editorial import status
from rights_line.editorial.status import texts_status
from tests.support.approvals import ENGLISH, POLISH, approve_as
from tests.support.cli import run
from tests.support.folders import CATALOG, CONTACTS, NEW_TOPIC, change, restate, swap, topic
from tests.support.worlds import SMALL_ROOT

DUE = date(2027, 2, 22)  # verify_by of each contact in `folder`
WAITS = "English is not approved"


@pytest.fixture
def folder(small_folder: Path) -> Path:
    """A copy of the small content."""
    folder = small_folder
    change(folder, CONTACTS, lambda whole: re.sub("verify_by: .*", f"verify_by: {DUE}", whole))
    return folder


def state(folder: Path, today: date = DUE) -> dict[str, Any]:
    """Return the state of both languages by their tags, and of the contacts."""
    found = texts_status(ContentSources(folder), folder, (), today)
    return {row["tag"]: row for row in found["languages"]} | {"contacts": found["contacts"]}


def shown(folder: Path, *tags: str) -> list[str]:
    """Return the lines that are printed."""
    return list(
        status.lines(texts_status(ContentSources(folder), folder, tags, DUE), in_full=bool(tags))
    )


def test_status_before_and_after_approval_is_draft_or_approved(folder: Path) -> None:
    """No other language is approved before English."""
    number = len(ContentSources(folder).texts)
    states = [{tag: state(folder)[tag]["state"] for tag in ("en", "pl")}]
    approve_as(folder, *POLISH)
    states.append({tag: state(folder)[tag]["state"] for tag in ("en", "pl")})
    waiting = shown(folder)
    approve_as(folder, *ENGLISH)
    states.append({tag: state(folder)[tag]["state"] for tag in ("en", "pl")})

    assert states == [
        {"en": "draft", "pl": "draft"},
        {"en": "draft", "pl": "draft"},
        {"en": "approved", "pl": "approved"},
    ]
    assert waiting == [
        f"en: draft, strings approved: 0 of {number} by practitioner, 0 of {number} by lawyer",
        f"ar: draft, strings approved: 0 of {number} by native_reader; {WAITS}",
        f"pl: draft, strings approved: {number} of {number} by native_reader; {WAITS}",
        "contacts: not overdue; the first is due by 2027-02-22",
    ]


def test_status_strings_that_lost_approval_are_listed(folder: Path) -> None:
    """Changed, fuzzy, removed and new strings, each with its place."""
    approve_as(folder, *ENGLISH, *POLISH)
    change(folder, CATALOG, restate("close_label", lambda text: f"{text}!"))
    change(folder, CATALOG, restate("languages", str, "fuzzy"))
    change(folder, CATALOG, restate("menu", lambda _: ""))
    change(folder, NEW_TOPIC, topic("Zz Zz"))

    found = state(folder)["pl"]

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
    assert f"  {NEW_TOPIC}:4 [zz] not translated: Zz Zz" in shown(folder)


def test_status_of_partial_review_lists_changed_strings(folder: Path) -> None:
    """The strings that nobody has read are listed only if a TAG is given."""
    approve_as(folder, ("pl", "native_reader"), only=["work", "danger"])
    change(folder, CATALOG, restate("danger", lambda text: f"{text}!"))

    found = state(folder)["pl"]

    assert found["state"] == "draft"
    assert {row["msgctxt"] for row in found["lost"]} == {"danger"}
    assert "work" not in {row["msgctxt"] for row in found["lacking"]}
    assert len(shown(folder)) == 4 + len(found["lost"])
    to_read = len(found["readings"]) + 1  # and the core
    assert len(shown(folder, "pl")) == 2 + len(found["lacking"]) + to_read


def test_status_of_a_language_with_its_core_says_what_each_reading_adds(folder: Path) -> None:
    """Without the core, the number of strings until the language can go live."""
    before = state(folder)["pl"]
    to_read = before["core"]["strings"]
    live = f"  core: read {to_read} strings, and the language can go live"
    assert (before["core"]["approved"], live in shown(folder, "pl")) == (0, True)

    approve_as(folder, *ENGLISH)
    approve_as(folder, *POLISH, screens=ContentSources(folder).approval.core_codes)
    found = state(folder)["pl"]

    assert (found["state"], found["core"]["approved"]) == ("partial", to_read)
    sent = {row["code"]: row["sent_in"] for row in found["screens"]}
    assert (sent["1"], sent["4"], sent["41"]) == ("pl", "en", "en")
    lines_shown = shown(folder, "pl")
    own = sum(tag == "pl" for tag in sent.values())
    assert f"pl: core approved, {own} of {len(sent)} screens are sent; strings" in lines_shown[0]
    assert any(re.fullmatch(r"  screens? 4: read \d strings?", line) for line in lines_shown)
    assert not any(line.startswith("  core") for line in lines_shown)
    change(folder, "locales/en/review.yaml", None)
    assert shown(folder, "pl")[0].endswith(WAITS)


def test_status_contact_after_verify_by_is_overdue(folder: Path) -> None:
    assert not any(row["is_overdue"] for row in state(folder)["contacts"])
    late = state(folder, DUE + timedelta(days=1))["contacts"]
    assert all(row["is_overdue"] for row in late)
    found = texts_status(ContentSources(folder), folder, (), DUE + timedelta(days=1))
    assert "contact rosa: overdue since 2027-02-22" in list(status.lines(found, in_full=False))


def test_status_command_prints_text_and_json(small_sources: ContentSources) -> None:
    """An unknown tag is refused."""
    count = len(small_sources.texts)
    text = run("status", where=SMALL_ROOT).stdout
    found = json.loads(run("status", "pl", "ar", "--json", where=SMALL_ROOT).stdout)

    assert f"pl: draft, strings approved: 0 of {count} by native_reader; English is not" in text
    assert [row["tag"] for row in found["languages"]] == ["ar", "pl"]
    assert [len(row["lacking"]) for row in found["languages"]] == [count, count]
    assert {"id", "verified_on", "verify_by", "is_overdue"} == found["contacts"][0].keys()
    assert run("status", "plx", where=SMALL_ROOT).returncode == 1


def test_status_counts_the_doubts_of_the_translator(folder: Path) -> None:
    comment = 'msgctxt "menu"'
    change(folder, CATALOG, swap(comment, f"# doubt: formal?\n{comment}"))
    (line,) = [row for row in shown(folder) if row.startswith("pl:")]
    assert line.endswith("; 1 doubt of the translator marked for the reader")
