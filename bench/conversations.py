"""Whether scripted conversations end with what the person needs, and what ten others cost.

`bench conversations FILE` plays a file of scripts; `bench segments` counts.

A conversation has `turns` and `needs`. A turn is `say`, or `pick` (the first of these codes that
the reply before offers), or `else`. A need is `screen` (one of these codes in a reply `from` ...
`by`; with `or_offered`, picked from a list of up to four), `text` (a pattern), `lang`,
`not_unclear`, `max_segments` or `never`. `got` are the needs that count, `harm` those whose
breach hurts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from rights_line.clock import OSLO
from rights_line.core import Inbound
from rights_line.core.conversation import conversation_reply
from rights_line.core.conversation.replies import ACKNOWLEDGEMENT
from rights_line.core.library import MULTILINGUAL, Library
from rights_line.core.sms import count_sms
from rights_line.core.understanding.interpret import interpret_to_intent
from rights_line.library import ROOT

_NOON = datetime(2026, 11, 24, 12, tzinfo=OSLO)  # a Tuesday
_LINE = re.compile(r"^\W*(\d{1,8})\W* +\S", re.MULTILINE)
_ASIDE = {"0", "99", "00"}
_COUNTED = 10  # conversations whose segments are counted
_SHORT_LIST = 4  # lines at most

Need = Mapping[str, Any]


class Turn(NamedTuple):
    """A reply.

    Attributes:
        picked: the code that the person chose from the reply before; empty if she wrote.
        language: as in the header Line-Screen.
        codes: the code there, and the act that an `ok` answers.
        text: the reply.
    """

    picked: str
    language: str
    codes: frozenset[str]
    text: str

    @property
    def lines(self) -> list[str]:
        """The codes that the reply offers."""
        return _LINE.findall(self.text)


class Outcome(NamedTuple):
    """The result of a conversation."""

    name: str
    about: str
    turns: Sequence[Turn]
    missed: Sequence[Need]  # needs that count and are not met
    is_harmful: bool


def played(path: Path, library: Library) -> Iterator[Outcome]:
    """Play the conversations of a file."""
    for script in msgspec.json.decode(path.read_bytes()):
        turns = [*_turns(script["turns"], library)]
        met = [_is_met(need, turns) for need in script["needs"]]
        missed = [script["needs"][place] for place in script["got"] if not met[place]]
        is_harmful = not all(met[place] for place in script["harm"])
        yield Outcome(script["id"], script["about"], turns, missed, is_harmful)


def _turns(rows: Sequence[Mapping[str, Any]], library: Library) -> Iterator[Turn]:
    tag, offered = None, list[str]()
    for row in rows:
        tag = None if row.get("pause") else tag
        picked = next((code for code in row.get("pick", ()) if code in offered), "")
        text = row.get("say") or picked or row["else"]
        intent = interpret_to_intent(text, tag, library)
        reply, tag = conversation_reply(Inbound("", text), tag, library, _NOON, True)
        language, code = reply.screen or ("", "")
        act = getattr(intent, "code", code) if code == ACKNOWLEDGEMENT else code
        turn = Turn(picked, language, frozenset({code, act}), reply.text)
        offered = turn.lines
        yield turn


def _is_met(need: Need, turns: Sequence[Turn]) -> bool:
    by = need.get("by", len(turns))
    until = turns[need.get("from", 1) - 1 : by]
    match need:
        case {"screen": codes}:
            own = [turn for turn in until if turn.language != MULTILINGUAL]
            shown = any(not turn.codes.isdisjoint(codes) for turn in own)
            return shown or (bool(need.get("or_offered")) and _is_offered(codes, turns, by))
        case {"text": pattern}:
            return any(re.search(pattern, turn.text) for turn in until)
        case {"lang": languages, "at": at}:
            return turns[at - 1].language in set(languages)
        case {"lang": languages}:
            spoken = [turn.language for turn in turns if turn.language not in ("", MULTILINGUAL)]
            return spoken[-1:] in [[tag] for tag in languages]
        case {"not_unclear": at}:
            return "?" not in turns[at - 1].codes
        case {"max_segments": most, "at": at}:
            return count_sms(turns[at - 1].text).segments <= int(most)
        case {"never": codes}:
            turns = turns[need["from"] - 1 : need["to"]]
            return all(turn.codes.isdisjoint(codes) for turn in turns)
    raise ValueError(f"unknown need: {need}")


def _is_offered(codes: Sequence[str], turns: Sequence[Turn], by: int) -> bool:
    """Return whether a short list offered one of the codes, and the person chose it."""
    for before, after in list(pairwise(turns))[:by]:
        lines = [code for code in before.lines if code not in _ASIDE]
        if after.picked in codes and after.picked in lines and len(lines) <= _SHORT_LIST:
            return True
    return False


def segments(library: Library) -> Iterator[tuple[str, int, int]]:
    """Yield each conversation: its name, the number of texts, and the segments of all replies."""
    for path in sorted((ROOT / "tests" / "conversations").glob("played_*.txt"))[:_COUNTED]:
        texts = _texts(path)
        yield path.stem, len(texts), sum(_replies(texts, library))


def _texts(path: Path) -> list[str]:
    rows = path.read_text("utf-8").splitlines()
    return [row.removeprefix("> ") for row in rows if row.startswith("> ")]


def _replies(texts: list[str], library: Library) -> Iterator[int]:
    tag = None
    for text in texts:
        reply, tag = conversation_reply(Inbound("", text), tag, library, _NOON, True)
        yield count_sms(reply.text).segments if reply.text else 0
