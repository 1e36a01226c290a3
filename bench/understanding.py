"""How well texts are understood: messages written by people who have not seen our words.

A folder holds a file for each writer (messages/README.md). A message is a first text, or one in a
session of its language, by its register. Nothing of a message is printed, only totals. This module
uses no more of the line than `conversation_reply` and `interpret_to_intent`, to measure old
versions after few changes.
"""

import csv
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import yaml

from rights_line.clock import OSLO
from rights_line.core import Inbound
from rights_line.core.conversation import conversation_reply
from rights_line.core.library import Library
from rights_line.core.understanding import AskLanguage, ListLanguages, ShowScreen
from rights_line.core.understanding.interpret import interpret_to_intent

NUMBER = re.compile(r"\d+(?: \d+)*")
EMERGENCY_NUMBERS = {"112", "113"}
CONCEPTS = Path(__file__).parent.parent / "content" / "concepts.yaml"
MENU, LISTING = "0", "99"
_LONGEST_CODE = 4  # digits; more are the number of a helpline
SESSION = "session"  # the register of texts in a session
NONE = "none"  # small talk, a wrong number, an automatic text
NOON = datetime(2026, 11, 24, 12, tzinfo=OSLO)  # a Tuesday
DOCTOR = "6"
ALARMING = ("1", "12", "13")  # danger, suicide, taken away by force
URGENT = (*ALARMING, DOCTOR)
# Languages in which their readers understand each other: a reply in the other one is no failure.
CLOSE = ({"en", "pcm"}, {"fa", "prs"}, {"hi", "ur"})


class Goal(NamedTuple):
    """The screens that a message of a concept should lead to."""

    severity: str
    codes: frozenset[str]
    first: str = ""  # the code that it should lead to; `codes` holds other good answers, too

    @property
    def topic(self) -> str:
        """Return the code of the topic of the screen, else what the answer is."""
        if not self.first.isdecimal():
            return self.first or NONE
        if len(self.first) > _LONGEST_CODE:
            return "helpline"
        return self.first[: 2 if self.first.startswith("9") else 1]

    @property
    def is_home(self) -> bool:
        """Return whether the menu is a good answer: to greetings, thanks, a "yes", small talk."""
        is_answer = self.severity == "act" and not self.first.isdecimal()
        return is_answer or self.severity in ("harmless", "greeting")


class Text(NamedTuple):
    """A message, what it means, and how it is written.

    `also` are other concepts whose screen would be as good.
    """

    writer: str
    language: str
    concept: str
    register: str
    text: str
    also: tuple[str, ...] = ()


class Result(NamedTuple):
    """The reply to one message, compared with what it should be."""

    writer: str
    language: str
    concept: str
    register: str
    severity: str
    topic: str
    is_own_language: bool
    is_close_language: bool
    is_asked: bool
    is_right_screen: bool
    is_in_list: bool  # a list of topics holds the right one
    is_in_links: bool  # another screen links to the right one
    is_missed: bool  # neither shown nor offered
    is_urgent: bool  # the screen of an emergency
    is_false_alarm: bool  # such a screen, other than the doctor's, where there is no emergency
    is_112_first: bool  # 112 or 113 is the first number of any kind
    is_without_112: bool  # neither 112 nor 113 stands in the reply
    is_silent: bool
    seconds: float


def goals() -> dict[str, Goal]:
    """Return the goal of each concept and topic."""
    content = CONCEPTS.parent
    rows = yaml.safe_load(CONCEPTS.read_text("utf-8"))
    contacts = yaml.safe_load((content / "contacts.yaml").read_text("utf-8"))
    screens = {name: row["number"].replace(" ", "") for name, row in contacts.items()}
    found = {NONE: Goal("harmless", frozenset())}
    for path in (content / "topics").glob("*.yaml"):
        code = screens[path.stem] = yaml.safe_load(path.read_text("utf-8"))["code"]
        found[path.stem] = Goal("everyday", frozenset({code}), code)
    for name, row in rows.items():
        target = row.get("leads_to", "")
        code = screens.get(target, target)
        codes = frozenset({code, *row.get("also", ())})
        found[name] = Goal(row.get("kind", "everyday"), codes, code)
    return found


def messages(place: Path) -> Iterator[Text]:
    """Yield the messages of a folder, or of one file."""
    for path in [place] if place.is_file() else sorted(place.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                language, concept, register, text, *rest = row
                also = tuple(filter(None, "".join(rest).split(",")))
                yield Text(path.stem, language, concept, register, text, also)


def measure(place: Path, library: Library) -> list[Result]:
    """Reply to every message of a folder, or of one file."""
    known = goals()
    return [
        _result(row, _goal(row, known), library) for row in messages(place) if row.concept in known
    ]


def _goal(row: Text, known: Mapping[str, Goal]) -> Goal:
    """Return the goal of a message: the screens of its concept, and of others as good."""
    goal = known[row.concept]
    others = (known[name].codes for name in row.also if name in known)
    return goal._replace(codes=goal.codes.union(*others))


def _result(row: Text, goal: Goal, library: Library) -> Result:
    language, text = row.language, row.text
    begun = time.perf_counter()
    tag = language if row.register == SESSION else None
    intent = interpret_to_intent(text, tag, library)
    seconds = time.perf_counter() - begun
    reply = conversation_reply(Inbound("", text), tag, library, NOON, True)[0].text
    numbers = NUMBER.findall(reply)
    shown = intent.language if isinstance(intent, ShowScreen) else ""
    asked = intent.languages if isinstance(intent, AskLanguage) else ()
    is_list = getattr(intent, "is_list", False)
    is_screen = isinstance(intent, ShowScreen | ListLanguages)
    code = LISTING if isinstance(intent, ListLanguages) else getattr(intent, "code", MENU) or MENU
    wanted = goal.codes | {MENU} if goal.is_home else goal.codes
    is_right = code in wanted or (goal.severity == "harmless" and code not in URGENT)
    is_right = is_right and (is_screen or goal.is_home) and not is_list and bool(reply)
    # A list ends with the menu.
    offered = {*getattr(intent, "offered", ()), *([MENU] if is_list else [])}
    is_offered = not offered.isdisjoint(wanted)
    may_alarm = goal.severity == "emergency" or code in goal.codes
    return Result(
        writer=row.writer,
        language=language,
        concept=row.concept,
        register=row.register,
        severity=goal.severity,
        topic=goal.topic,
        is_own_language=shown == language,
        is_close_language=shown == language or {shown, language} in CLOSE,
        is_asked=language in asked,
        is_right_screen=is_right,
        is_in_list=is_list and is_offered,
        is_in_links=not is_list and not is_right and is_offered,
        is_missed=not is_right and not is_offered,
        is_urgent=is_screen and code in URGENT,
        is_false_alarm=is_screen and code in ALARMING and not may_alarm,
        is_112_first=next(iter(numbers), "") in EMERGENCY_NUMBERS,
        is_without_112=not EMERGENCY_NUMBERS.intersection(numbers),
        is_silent=not reply,
        seconds=seconds,
    )


# Columns of the tables: of how many messages it holds.
_SHARES: Mapping[str, Callable[[Result], bool]] = {
    "own language": attrgetter("is_own_language"),
    "or a close one": attrgetter("is_close_language"),
    "asked": attrgetter("is_asked"),
    "right screen": attrgetter("is_right_screen"),
    "and language": lambda row: row.is_right_screen and row.is_close_language,
    "in list": attrgetter("is_in_list"),
    "in links": attrgetter("is_in_links"),
    "emergency screen": attrgetter("is_urgent"),
    "112 first": attrgetter("is_112_first"),
    "no 112": attrgetter("is_without_112"),
}
_COUNTS: Mapping[str, Callable[[Result], bool]] = {
    "silence": attrgetter("is_silent"),
    "missed": attrgetter("is_missed"),
    "false alarms": attrgetter("is_false_alarm"),
}


def tables(results: list[Result]) -> Iterator[str]:
    """Yield the tables, in Markdown."""
    yield _table("all", [("all", results)])
    for key in ("writer", "severity", "register", "language", "topic", "concept"):
        groups = defaultdict(list)
        for result in results:
            groups[getattr(result, key)].append(result)
        yield _table(key, sorted(groups.items()))
    seconds = sorted(result.seconds for result in results)
    yield (
        f"Time per message: median {1000 * seconds[len(seconds) // 2]:.2f} ms, "
        f"longest {1000 * seconds[-1]:.2f} ms."
    )


def _table(name: str, groups: Iterable[tuple[str, list[Result]]]) -> str:
    head = " | ".join((*_SHARES, *_COUNTS))
    lines = [f"| {name} | messages | {head} |", "|---" * (len(_SHARES) + len(_COUNTS) + 2) + "|"]
    for group, rows in groups:
        shares = (100 * sum(map(holds, rows)) / len(rows) for holds in _SHARES.values())
        cells = [f"{share:.0f} %" for share in shares]
        cells += [str(sum(map(holds, rows))) for holds in _COUNTS.values()]
        lines.append(f"| {group} | {len(rows)} | {' | '.join(cells)} |")
    return "\n".join(lines)
