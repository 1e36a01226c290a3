"""`rights-line explain`."""

import io
import json
import sys

import pytest

from rights_line.cli import run_command
from rights_line.core.library import Library
from rights_line.editorial.trial import explain_text
from tests.support.clock import TUESDAY
from tests.support.worlds import SMALL_ROOT, texts_at

KEYS = {
    *("intent", "language", "languages", "code", "codes", "offered"),
    *("matched", "because", "reply", "screens"),
}


@pytest.mark.parametrize(
    ("text", "tag", "intent", "language", "code", "matched"),
    [
        ("not in danger but he hits me", None, "show", "en", "1", ["he hits me"]),
        ("hello", None, "start", None, None, ["hello"]),
        ("4", "pl", "show", "pl", "4", ["4"]),
        ("99", "pl", "list_languages", None, None, ["99"]),
        ("112", None, "helpline", None, "112", ["112"]),
        ("do widzenia", "pl", "acknowledge", "pl", "thanks", ["do widzenia"]),
        ("00", "pl", "end", None, None, ["00"]),
        ("STOP", None, "silent", None, None, ["stop"]),
        ("Loved an image", None, "silent", None, None, []),
        ("qwertyuiop", "pl", "not_understood", "pl", None, []),
    ],
)
def test_explain_text_returns_intent_and_phrases(
    small_library: Library,
    text: str,
    tag: str | None,
    intent: str,
    language: str | None,
    code: str | None,
    matched: list[str],
) -> None:
    found = explain_text(text, tag, small_library, TUESDAY)
    assert found.keys() == KEYS
    assert found["because"].endswith(".")
    assert (found["intent"], found["language"], found["code"]) == (intent, language, code)
    assert found["matched"] == matched


def test_explain_shared_word_lists_its_languages(library: Library) -> None:
    found = explain_text("under 18", None, library, TUESDAY)
    assert (found["intent"], found["languages"]) == ("ask_language", ["nb", "en"])
    assert found["code"] == "8"


def test_explain_tells_the_letters_of_a_reply_apart_from_its_language(library: Library) -> None:
    found = explain_text("nqma kade da spia", None, library, TUESDAY)
    assert (found["language"], found["script"]) == ("bg", "Latn")
    assert "script" not in explain_text("нямам пари", "bg-Latn", library, TUESDAY)


def test_explain_reads_lines_of_json_and_a_text_as_argument(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = '{"text": "00", "tag": "pl"}\n\n{"text": "danger"}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    assert run_command(["explain"], texts_at(SMALL_ROOT)) == 0
    assert run_command(["explain", "00", "--tag", "pl"], texts_at(SMALL_ROOT)) == 0
    first, second, third = map(json.loads, capsys.readouterr().out.splitlines())
    assert first == third
    assert (first["intent"], second["intent"]) == ("end", "show")


def test_explain_stops_at_a_tag_that_is_no_text_without_printing_the_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = '{"text": "a", "tag": 1}'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line.encode())))
    assert run_command(["explain"], texts_at(SMALL_ROOT)) == 1
    assert capsys.readouterr().err == 'Line 1 must be JSON such as {"text": "Hello"}.\n'
