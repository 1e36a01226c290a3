"""The report of GET /healthz: the status of the line, and what the operator should fix."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from rights_line import clock
from rights_line.clock import OSLO
from rights_line.content.loader import ContentSources
from rights_line.core.model import Contact
from rights_line.errors import Problem
from rights_line.sessions import SessionStore
from rights_line.settings import Serve

HealthReport = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True)
class Facts:
    """Facts that do not change until a restart."""

    languages: Mapping[str, str]  # tag -> state, for each language with texts
    contacts: Sequence[Contact]  # the helplines, with the dates of their verification
    problems: tuple[str, ...] = ()  # sentences about texts and settings
    waiting: tuple[str, ...] = ()  # sentences about translations that are missing

    @classmethod
    def from_sources(
        cls, sources: ContentSources, tags: Iterable[str] = (), problems: Iterable[Problem] = ()
    ) -> Self:
        """Collect the facts about the texts, and about the languages in use (`tags`)."""
        tags = [*tags]
        about_model = filter(None, [sources.model.problem])
        sentences = tuple(map(str, (*problems, *sources.lost_approvals(tags), *about_model)))
        contacts = tuple(sources.content.contacts.values())
        waiting = tuple(map(str, sources.untranslated_problems(tags)))
        return cls(language_health_states(sources), contacts, sentences, waiting)


def language_health_states(sources: ContentSources) -> dict[str, str]:
    """Return tag -> `approved`, `partial` (its core) or `draft`, for each language with texts."""
    languages = sources.languages.items()
    return {
        tag: _language_health_state(sources, tag)
        for tag, language in languages
        if language.has_texts
    }


def _language_health_state(sources: ContentSources, tag: str) -> str:
    if sources.is_language_approved(tag):
        return "approved"
    return "partial" if sources.is_language_offered(tag) else "draft"


def unapproved_health_problems(sources: ContentSources, serve: Serve) -> Iterator[Problem]:
    """Yield a problem if every reply is the bare numbers, which no reply shows to a monitor."""
    if serve == "approved" and not any(map(sources.is_language_offered, sources.languages)):
        summary = "must be approved, got none: every reply is the three helpline numbers alone"
        fix = "Have the texts read (docs/publishing.md); `rights-line status` says what is missing"
        yield Problem("languages", summary, fix)


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

    def health_report(self) -> dict[str, Any]:
        facts, today = self._facts, self._now().astimezone(OSLO).date()
        redis = self._sessions.status()
        oldest = min(contact.verified_on for contact in facts.contacts)
        overdue = [contact for contact in facts.contacts if contact.is_overdue(today)]
        problems = [*self._sessions.problems(), *_overdue_health_problems(overdue), *facts.problems]
        return {
            "status": "degraded" if problems else "ok",
            "problems": problems,
            "waiting": facts.waiting,
            "redis": redis,
            "languages": facts.languages,
            "contacts_verified_days_ago": (today - oldest).days,
            "contacts_overdue": bool(overdue),
        }


def _overdue_health_problems(overdue: Sequence[Contact]) -> list[str]:
    if not overdue:
        return []
    first = min(contact.verify_by for contact in overdue)
    names = ", ".join(contact.id for contact in overdue)
    fix = "Compare each number with its source, call it, and set both dates"
    return [f"content/contacts.yaml: overdue since {first}: {names}. {fix}."]
