"""The report of GET /healthz: the status of the line, and what the operator should fix."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from rights_line import clock
from rights_line.clock import OSLO
from rights_line.core.model import Contact
from rights_line.library.location import Served
from rights_line.sessions import SessionStore

HealthReport = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True)
class Facts:
    """Facts that do not change until a restart."""

    languages: Mapping[str, str]  # tag -> state, for each language with texts
    contacts: Sequence[Contact]  # the helplines, with the dates of their verification
    problems: tuple[str, ...] = ()  # sentences about texts and settings
    waiting: tuple[str, ...] = ()  # sentences about what can wait, such as a translation
    texts: Mapping[str, str] = field(default_factory=dict)  # which texts are served

    @classmethod
    def of_texts(cls, served: Served, problems: Iterable[str]) -> Self:
        """Collect the facts about the texts, and more problems."""
        built = served.built
        return cls(
            built.state.languages,
            tuple(built.pages.contacts.values()),
            (*problems, *built.state.problems),
            (*built.state.waiting, *filter(None, [served.warning])),
            {
                "serve": built.built_for.serve,
                "sha256": served.sha256,
                "date": served.date.isoformat(),
            },
        )


class Health:
    """Combines the facts known at start-up with today's date and the state of the sessions.

    `now` is an aware clock; dates are those of Norway.
    """

    def __init__(
        self, facts: Facts, sessions: SessionStore, now: Callable[[], datetime] = clock.now
    ) -> None:
        self._facts = facts
        self._sessions = sessions
        self._now = now

    def report(self) -> dict[str, Any]:
        facts, today = self._facts, self._now().astimezone(OSLO).date()
        redis = self._sessions.status()
        oldest = min(contact.verified_on for contact in facts.contacts)
        overdue = [contact for contact in facts.contacts if contact.is_overdue(today)]
        problems = [*self._sessions.problems(), *_overdue_problems(overdue), *facts.problems]
        return {
            "status": "degraded" if problems else "ok",
            "problems": problems,
            "waiting": facts.waiting,
            "texts": facts.texts,
            "redis": redis,
            "languages": facts.languages,
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
