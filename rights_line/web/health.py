"""The report of GET /healthz: whether the line is well, and what an operator should fix."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from rights_line.core.model import Contact
from rights_line.core.opening_hours import OSLO
from rights_line.sessions import SessionStore


@dataclass(frozen=True)
class Facts:
    """Facts that stay as they are until a restart.

    Attributes:
        languages: tag -> `approved` or `draft`, of each language with texts.
        contacts: the helplines, with the dates of their verification.
        problems: sentences about texts and settings.
    """

    languages: Mapping[str, str]
    contacts: Sequence[Contact]
    problems: tuple[str, ...] = ()


class Health:
    """Reports on facts that were computed at start, on dates and on the sessions.

    Args:
        facts: computed at start.
        sessions: asked for each report.
        now: the clock, aware; a day is a day in Norway.
    """

    def __init__(
        self,
        facts: Facts,
        sessions: SessionStore,
        now: Callable[[], datetime] = lambda: datetime.now(OSLO),
    ) -> None:
        self._facts = facts
        self._sessions = sessions
        self._now = now

    def report(self) -> dict[str, Any]:
        """Return the report, which becomes JSON."""
        facts, today = self._facts, self._now().astimezone(OSLO).date()
        redis = self._sessions.status()
        overdue = [contact for contact in facts.contacts if contact.is_overdue(today)]
        problems = [*self._sessions.problems(), *_overdue_problems(overdue), *facts.problems]
        return {
            "status": "degraded" if problems else "ok",
            "problems": problems,
            "redis": redis,
            "languages": facts.languages,
            "contacts_verified_days_ago": _age(facts.contacts, today),
            "contacts_overdue": bool(overdue),
        }


def _age(contacts: Sequence[Contact], today: date) -> int:
    """Return how many days ago the contact was verified that was verified first."""
    return (today - min(contact.verified_on for contact in contacts)).days


def _overdue_problems(overdue: Sequence[Contact]) -> list[str]:
    if not overdue:
        return []
    first = min(contact.verify_by for contact in overdue)
    names = ", ".join(contact.id for contact in overdue)
    remedy = "Compare each number with its source, call it, and set both dates"
    return [f"content/contacts.yaml: overdue since {first}: {names}. {remedy}."]
