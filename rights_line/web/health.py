"""What the operator should fix: the report of GET /healthz, and the warnings of a start."""

import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import Thread
from typing import Any, Self

from rights_line.channels import all_variables, registered_channels
from rights_line.clock import OSLO
from rights_line.core.model import Contact
from rights_line.errors import Problem
from rights_line.library.location import Served
from rights_line.sessions import SessionStore
from rights_line.settings import redis_url
from rights_line.settings.variable import variable_warnings

_REPORT_SECONDS = 0.5  # that a start waits for its report
HealthReport = Callable[[], Mapping[str, Any]]

# variable -> (what people do with the number, how the operator can test it)
PUBLISHED = {
    "RIGHTS_LINE_NUMBER": ("text", "text it from a phone of your own"),
    "RIGHTS_LINE_USSD": ("dial", "dial it on a phone of your own"),
}


@dataclass(frozen=True)
class Health:
    """What is known of the line at its start; `report` adds today's date and the sessions."""

    languages: Mapping[str, str]  # tag -> state, for each language with texts
    contacts: Sequence[Contact]  # the helplines, with the dates of their verification
    problems: tuple[str, ...] = ()  # sentences about texts and settings
    waiting: tuple[str, ...] = ()  # sentences about what can wait, such as a translation
    texts: Mapping[str, str] = field(default_factory=dict)  # which texts are served

    @classmethod
    def of_texts(cls, served: Served, problems: Iterable[str]) -> Self:
        """Collect the facts about the texts, and more problems."""
        state, serve = served.built.state, served.built.built_for.serve
        return cls(
            state.languages,
            tuple(served.built.pages.contacts.values()),
            (*problems, *state.problems),
            (*state.waiting, *filter(None, [served.warning])),
            {"serve": serve, "sha256": served.sha256, "date": served.date.isoformat()},
        )

    def report(self, sessions: SessionStore, now: datetime) -> dict[str, Any]:
        """Return the report at a moment, with a time zone; dates are those of Norway."""
        today = now.astimezone(OSLO).date()
        redis = sessions.status()
        oldest = min(contact.verified_on for contact in self.contacts)
        overdue = [contact for contact in self.contacts if contact.is_overdue(today)]
        problems = [*sessions.problems(), *_overdue_problems(overdue), *self.problems]
        return {
            "status": "degraded" if problems else "ok",
            "problems": problems,
            "waiting": self.waiting,
            "texts": self.texts,
            "redis": redis,
            "languages": self.languages,
            "contacts_verified_days_ago": (today - oldest).days,
            "contacts_overdue": bool(overdue),
        }


def _overdue_problems(overdue: Sequence[Contact]) -> list[str]:
    if not overdue:
        return []
    first = min(contact.verify_by for contact in overdue)
    names = ", ".join(contact.id for contact in overdue)
    fix = "Compare each number with its source, call it, and set both dates"
    return [f"content/contacts.yaml: overdue since {first}: {names}. {fix}."]


def answering(variable: str) -> list[str]:
    """Return the names of the channels that can answer a published number."""
    return [name for name, kind in registered_channels().items() if kind.published_as == variable]


def unanswered(environ: Mapping[str, str], channels: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each published number that no configured channel answers."""
    for name, (verb, _) in PUBLISHED.items():
        candidates = answering(name)
        if environ.get(name) and not set(candidates) & set(channels):
            summary = f"pages and cards tell people to {verb} it, but no configured channel answers"
            yield Problem(name, summary, f"Remove it, or add {' or '.join(candidates)} to CHANNELS")


def print_warnings(environ: Mapping[str, str]) -> None:
    """Print a warning for each suspicious variable."""
    with suppress(ValueError):  # create_app rejects a REDIS_URL that is not a URL
        transport = redis_url.transport_problems(environ.get("REDIS_URL") or "unix://")
        warnings = variable_warnings(environ, all_variables())
        print_problems([*warnings, *map(str, transport)])


def print_report(report: HealthReport) -> None:
    """Print the problems of a report at the start.

    It asks Redis in another thread, because a name that is looked up without an answer must not
    keep the line from starting.
    """

    def print_found() -> None:
        found = report()
        print_problems([*found["problems"], *found["waiting"]])

    printing = Thread(target=print_found, daemon=True)
    printing.start()
    printing.join(_REPORT_SECONDS)


def print_problems(problems: Iterable[str]) -> None:
    """Print each problem on a line of standard error; a log that is full stops no start."""
    with suppress(OSError, ValueError):
        for problem in problems:
            sys.stderr.write(f"rights-line: {problem}\n")
