"""Texts with the intent that each must lead to, from a table: text, tag, intent."""

from collections.abc import Iterator
from pathlib import Path

from rights_line.core import MENU
from rights_line.core.understanding import (
    AskLanguage,
    AutoReply,
    EndSession,
    Helpline,
    Intent,
    ListLanguages,
    NotUnderstood,
    OptOut,
    ShowScreen,
    ShowStart,
)

NAMES: dict[str, Intent] = {
    "silence": OptOut(),
    "automatic": AutoReply(),
    "close": EndSession(),
    "home": ShowStart(),
    "languages": ListLanguages(),
    "unclear": NotUnderstood(),
}


def inputs(path: Path) -> Iterator[tuple[int, str, str | None, str]]:
    """Yield number, text, tag and expected intent of each line; those that begin with # say why."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line and not line.startswith("#"):
            text, tag, expected = line.split("\t")
            yield number, text, None if tag == "-" else tag, expected


def intent(expected: str) -> Intent:
    """Return the intent that the last column of a table names.

    "prs 1 fa" is screen 1 in Dari, with the offer of Persian.
    """
    if expected in NAMES:
        return NAMES[expected]
    if expected.startswith("home "):  # the start screen, which remembers the code
        return ShowStart(expected.removeprefix("home "))
    kind, _, rest = expected.partition(" ")
    if kind == "ask":  # which language, by the script of the text or with the code that it asks for
        tags, _, more = rest.partition(" ")
        code = more if more.isdecimal() else MENU
        return AskLanguage(tuple(tags.split(",")), by_script=more == "by script", code=code)
    code, other, *_ = [*rest.split(), ""]
    return Helpline(rest) if kind == "helpline" else ShowScreen(kind, code, other)
