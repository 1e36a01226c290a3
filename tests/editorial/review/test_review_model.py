"""The model of a review file: every string once, the riskiest first, bound to what is shown."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from rights_line.content import ContentSources
from rights_line.core import NOT_SENT
from rights_line.editorial.review import RETOLD_SCREENS, ReviewModel, review_file, review_model
from tests.support.approvals import ENGLISH, POLISH, approve_as
from tests.support.cli import run
from tests.support.folders import CATALOG, WORK, change, restate, swap

FACTS = "content/guide_facts.yaml"
# The core with the answers without a topic, the helplines, the screens for children.
EARLY = (
    *("1", "11", "12", "13", "0", "2", "8", "?", "??", "0?", "thanks", "go_on", "again"),
    *("affirm", "deny", "cannot_read", "wrong_number", "112", "116111", "22331160", "81", "82"),
)


def model(folder: Path, tag: str = "pl") -> ReviewModel:
    """Return the model of a language, read again from its files."""
    return review_model(ContentSources(folder), tag)


@pytest.fixture(scope="module")
def real_model(sources: ContentSources) -> Callable[[str], ReviewModel]:
    """Return the model of a language of the real texts, made once."""
    return cache(lambda tag: review_model(sources, tag))


def test_model_begins_with_the_core_then_helplines_and_children(
    sources: ContentSources, real_model: Callable[[str], ReviewModel]
) -> None:
    """Then come the other screens, and last the strings that no screen shows."""
    made = real_model("pl")
    first = [row["codes"][0] for row in made["strings"] if row["codes"]]

    assert list(dict.fromkeys(first))[: len(EARLY)] == [*EARLY]
    keys = [(row["context"], row["english"]) for row in made["strings"]]
    assert {*keys[: made["core"]]} == sources.approvals["pl"].core
    others = [bool(row["codes"]) for row in made["strings"][made["core"] :]]
    assert others == sorted(others, reverse=True)
    assert {*RETOLD_SCREENS} <= {*first}


def test_hash_of_english_model_changes_with_a_fact_of_the_guide(small_folder: Path) -> None:
    """A lawyer compares the text with it; a native reader does not see it."""
    before = {tag: model(small_folder, tag)["read"] for tag in ("en", "pl")}
    change(small_folder, FACTS, swap("(  urgent_112:(?:\n    .*)*\n    summary: ).*", r"\1Other."))
    after = {tag: model(small_folder, tag)["read"] for tag in ("en", "pl")}
    assert {tag: after[tag] != before[tag] for tag in before} == {"en": True, "pl": False}


def test_hash_of_model_stays_after_approvals_and_moved_lines(small_folder: Path) -> None:
    """Two readers may work at the same time."""
    before = model(small_folder)["read"]
    approve_as(small_folder, *ENGLISH, *POLISH)
    change(small_folder, WORK, lambda whole: f"# A comment\n{whole}")
    assert model(small_folder)["read"] == before


def test_model_holds_the_doubts_and_drafts_of_the_translator(small_folder: Path) -> None:
    """Comments of the entry, which Babel wraps; a fuzzy translation is a draft, not a text."""
    comment = 'msgctxt "menu"'
    doubts = "# other\n# doubt: formal\n# here?\n# doubt: short?\n"
    change(small_folder, CATALOG, swap(comment, f"{doubts}{comment}"))
    change(small_folder, CATALOG, restate("next", str, "fuzzy"))
    rows = {row["context"]: row for row in model(small_folder)["strings"]}
    assert rows["menu"]["doubts"] == ["formal here?", "short?"]
    assert rows["languages"]["doubts"] == []
    assert (rows["next"]["text"], rows["next"]["draft"]) == ("", "dalej")


def test_model_shows_the_texts_in_latin_letters_where_the_line_sends_them(
    real_model: Callable[[str], ReviewModel],
) -> None:
    made = real_model("bg")
    rows, latin = made["strings"], made["latin"]
    number = next(at for at, row in enumerate(rows) if row["context"] == "in_danger")
    assert "звъннете на {police}" in rows[number]["text"]
    assert "zvannete na {police}" in latin["texts"][number]
    assert latin["values"].keys() == made["values"].keys()
    assert real_model("pl")["latin"] == {}


def test_review_file_allows_its_own_script_and_style_only(small_folder: Path) -> None:
    """A text cannot end the data, and the page names no other address."""
    change(small_folder, CATALOG, restate("menu", lambda _: "</script><b>menu"))
    page = review_file(model(small_folder))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)

    assert "default-src 'none'" in policy
    assert "style-src 'sha256-" in policy
    assert "unsafe" not in policy
    assert page.count("</script>") == 2
    assert "\\u003c/script>\\u003cb>menu" in page
    assert re.findall(r'\b(?:src|href)="|https?://|@import|url\(', page) == []


def test_review_command_writes_a_page_and_names_the_minutes(
    small_root: Path, tmp_path: Path
) -> None:
    page = tmp_path / "pl.html"
    done = run("review", "pl", "--out", str(page), where=small_root)
    count = len(ContentSources(small_root).texts)

    assert done.returncode == 0
    assert re.fullmatch(
        rf"\S+pl\.html: {count} strings for a native_reader, about \d+ minutes; "
        r"first the core, 33 strings, about \d+ minutes\.\n",
        done.stdout,
    )
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert run("review", "xx", "--out", str(page), where=small_root).returncode == 1
    unwritable = run("review", "pl", "--out", str(page / "pl.html"), where=small_root)
    assert unwritable.stderr.endswith("pl.html: File exists\n")


@pytest.mark.parametrize("tag", ["hi", "bg"])
def test_review_file_is_at_most_220_kilobytes(
    real_model: Callable[[str], ReviewModel], tag: str
) -> None:
    """It travels by mail and message; these two are the largest: one also has Latin letters."""
    assert len(review_file(real_model(tag)).encode()) <= 220_000


def test_model_names_screens_without_a_code_by_what_they_answer(
    real_model: Callable[[str], ReviewModel],
) -> None:
    """Readers never see the codes that nobody can send."""
    rows = {row["code"]: row for row in real_model("pl")["screens"]}
    named = [(rows[code]["title"], rows[code]["name"]) for code in ("4", "thanks", "??")]
    assert named == [
        ("Screen 4: Work and pay", "4"),
        ("Answer to: thanks", "“answer to: thanks”"),
        ("Not understood again", "“not understood again”"),
    ]
    assert {*NOT_SENT} <= rows.keys()
    assert all(row["name"] == code for code, row in rows.items() if code not in NOT_SENT)


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        (("--reply-to", "anna"), "must be an e-mail address, such as anna@example.org"),
        (("--reply-to", "a@b.org?bcc=c@d.org"), "must be an e-mail address"),
        (("--due", "2020-01-01"), "must be today or later"),
        (("--due", "soon"), "does not match"),
    ],
)
def test_review_command_refuses_an_address_or_day_that_cannot_be_used(
    small_root: Path, tmp_path: Path, options: tuple[str, str], refused: str
) -> None:
    page = tmp_path / "pl.html"
    done = run("review", "pl", *options, "--out", str(page), where=small_root)
    assert done.returncode == 2
    assert refused in done.stderr
    assert not page.exists()
