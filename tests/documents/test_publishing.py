"""docs/publishing.md: the story that it tells, with the status after each step."""

import re
from pathlib import Path

from tests.support.cli import run
from tests.support.folders import CATALOG, CONTACTS, REVIEW, WORK, change, restate, swap
from tests.support.review import Answers, document, encoded
from tests.support.servers import ROOT

STATUS = re.compile(r"(?m)^ +((?:en|pl): (?:approved|core|draft|lost).*)$")


def told_lines(text: str) -> set[str]:
    """Return the lines of a status in a document, without their numbers."""
    return {re.sub(r"\d+ of \d+", "N of N", line) for line in STATUS.findall(text)}


def read(folder: Path, tag: str, role: str, answers: Answers | None = None) -> None:
    """Write the page, and import a reader's answers, accepting all changes."""
    page = folder / "page.html"
    assert run("review", tag, "--out", str(page), where=folder).returncode == 0
    given = encoded(document(folder, tag, answers, role))
    assert run("import", tag, "--accept", given=given, where=folder).returncode == 0


def test_each_status_in_the_document_is_printed_after_its_step(small_folder: Path) -> None:
    told = (ROOT / "docs" / "publishing.md").read_text("utf-8")
    printed: list[str] = []

    def look(step: str) -> None:
        assert step in " ".join(told.split())
        printed.append(re.sub("(?m)^", "  ", run("status", where=small_folder).stdout))

    look("is a draft until somebody")
    read(small_folder, "en", "practitioner")
    read(small_folder, "en", "lawyer")
    change_one = {"Pay": {"answer": "change", "text": "Zarobki"}, "Debt": {"answer": "unsure"}}
    read(small_folder, "pl", "native_reader", change_one)
    look("Have a language read")
    assert len(document(small_folder)["answers"]) == 2
    read(small_folder, "pl", "native_reader")
    look("write the next page until nothing is left")
    change(small_folder, CONTACTS, swap("number: .*", 'number: "114"'))
    look("no approval is lost")
    change(small_folder, CATALOG, restate("menu", lambda text: f"{text}!"))
    look("English and the other languages keep their approval")
    change(small_folder, CATALOG, restate("menu", lambda text: text.rstrip("!")))
    look("If you put the old text back, its approval counts again")
    assert "  pl: approved\n" in printed[-1]
    kept = (small_folder / REVIEW).read_text("utf-8")
    change(small_folder, REVIEW, swap(r"^\w{64}:\n- .*\n", ""))
    look("remove the string's rows")
    assert "  pl: " in printed[-1]
    assert "  pl: approved" not in printed[-1]
    change(small_folder, REVIEW, lambda _: kept)
    change(small_folder, WORK, swap("call ROSA", "ring ROSA"))
    look("Change an English text")

    assert len(told_lines(told)) == 5
    assert told_lines(told) <= told_lines("".join(printed))
