"""The state of the texts: which languages are approved, and what an operator should fix."""

from collections.abc import Collection, Iterator

from rights_line.content.loader import ContentSources
from rights_line.errors import Problem
from rights_line.library.schema import State
from rights_line.settings import Serve


def build(sources: ContentSources, serve: Serve, tags: Collection[str]) -> State:
    """Return the state of the texts; `tags` are the languages with an edition."""
    problems = [*_nothing_approved(sources, serve), *sources.lost_approvals(tags)]
    return State(
        languages=language_states(sources),
        problems=tuple(map(str, problems)),
        waiting=tuple(map(str, sources.untranslated_problems(tags))),
        lacking={
            tag: tuple(text.context for text in row.lost_strings)
            for tag, row in sources.string_approvals.items()
            if row.lost_strings
        },
    )


def language_states(sources: ContentSources) -> dict[str, str]:
    """Return tag -> `approved`, `partial` (its core) or `draft`, for each language with texts."""
    languages = sources.languages.items()
    return {tag: _language(sources, tag) for tag, row in languages if row.has_texts}


def _language(sources: ContentSources, tag: str) -> str:
    if sources.is_language_approved(tag):
        return "approved"
    return "partial" if sources.is_language_offered(tag) else "draft"


def _nothing_approved(sources: ContentSources, serve: Serve) -> Iterator[Problem]:
    """Yield a problem if every reply is the bare numbers, which no reply shows to a monitor."""
    if serve == "approved" and not any(map(sources.is_language_offered, sources.languages)):
        summary = "must be approved, got none: every reply is the three helpline numbers alone"
        fix = "Have the texts read (docs/publishing.md); `rights-line status` says what is missing"
        yield Problem("languages", summary, fix)
