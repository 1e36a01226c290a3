"""Build the content of library.json from the files."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from rights_line.content import ContentSources
from rights_line.content.assembly import ScreenTree, pages
from rights_line.content.assembly.editions import EditionBuilder, own_lines
from rights_line.content.assembly.multilingual import MINORS, sent_texts, shared_texts
from rights_line.content.assembly.vocabulary_builder import build_words
from rights_line.content.content_reader import Content
from rights_line.content.languages import ENGLISH
from rights_line.content.validation import EMERGENCY
from rights_line.core.library import Library
from rights_line.core.opening_hours import PublicHolidays
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.assembly import library_of
from rights_line.library.schema import Built, Choices, Codes, State
from rights_line.settings import Serve, language_problems

DOCTOR = "doctor"  # a topic with rules of its own; a country may have none


def build(sources: ContentSources, choices: Choices) -> Built:
    """Return the content of library.json.

    With `approved`, only what is approved is sent, and a language whose core is not approved gets
    the bare numbers; a short edition, the reply to a language that is only understood.
    """
    served_sources = sources.served(choices.serve)
    languages, content = served_sources.languages, sources.content
    tree = ScreenTree(content, choices.operator)
    known = [
        tag
        for tag, row in languages.items()
        if row.has_texts and (not choices.languages or tag in choices.languages)
    ]
    is_draft = choices.serve == "drafts"
    served = [tag for tag in known if is_draft or sources.approvals[tag].is_offered]
    tags = [tag for tag in known if tag in served or languages[tag].texts == "full"]
    builder = EditionBuilder(languages, tree, sources.approvals, choices.audio_url, ENGLISH in tags)
    editions = {tag: builder.edition(tag, tag in served) for tag in tags}
    latin_editions = builder.latin_editions(served)
    shared = shared_texts(served_sources, tree, served, tags)
    lines = own_lines([*editions.values(), *latin_editions.values()], sent_texts(shared))
    return Built(
        format=3,
        built_for=choices,
        state=_state(sources, choices.serve, tags),
        shared=replace(shared, own_lines=lines),
        codes=_codes(content),
        editions=editions,
        latin_editions=latin_editions,
        holidays=PublicHolidays(content.country.fixed_holidays, content.country.movable_holidays),
        words=build_words(served_sources, tree, editions),
        decision=sources.decision,
        model=sources.model,
        pages=pages.build(served_sources, tree, tags),
    )


def build_checked(root: Path, choices: Choices) -> Built:
    """Return the content of library.json from a folder with content/ and locales/.

    Raises:
        ConfigurationError: with every problem of the texts, and each language without texts.
    """
    sources = ContentSources(root)
    known = [tag for tag, row in sources.languages.items() if row.has_texts]
    if problems := list(language_problems(choices.languages, known)):
        raise ConfigurationError(problems)
    return build(sources, choices)


def build_library(
    sources: ContentSources,
    serve: Serve = "approved",
    offered: Collection[str] = (),
    audio_url: str = "",
) -> Library:
    """Build a library with the sentence model, as the line reads it from the file.

    Args:
        sources: the validated files.
        serve: see `build`.
        offered: tags of the languages to offer; empty for all.
        audio_url: the folder of the recordings; empty if there are none.
    """
    choices = Choices(serve, tuple(offered), audio_url)
    return library_of(build(sources, choices), sources.load_model().model)


def _state(sources: ContentSources, serve: Serve, tags: Collection[str]) -> State:
    """Return the state of the texts; `tags` are the languages with an edition."""
    problems = [*_nothing_approved(sources, serve), *sources.lost_approvals(tags)]
    return State(
        languages=sources.states,
        problems=tuple(map(str, problems)),
        waiting=tuple(map(str, sources.untranslated_problems(tags))),
        lacking={
            tag: tuple(text.context for text in row.lost_strings)
            for tag, row in sources.approvals.items()
            if row.lost_strings
        },
    )


def _nothing_approved(sources: ContentSources, serve: Serve) -> Iterator[Problem]:
    """Yield a problem if every reply is the bare numbers, which no reply shows to a monitor."""
    if serve == "approved" and not any(row.is_offered for row in sources.approvals.values()):
        summary = "must be approved, got none: every reply is the three helpline numbers alone"
        fix = "Have the texts read (docs/publishing.md); `rights-line status` says what is missing"
        yield Problem("languages", summary, fix)


def _codes(content: Content) -> Codes:
    """Return the codes with rules of their own; emergencies are danger and emergency numbers."""
    contacts = content.contacts.values()
    numbers = (row.code for row in contacts if row.emergency)
    emergency = (*content.topic_codes(EMERGENCY), *numbers)
    return Codes(
        contact=tuple(row.code for row in contacts),
        emergency=emergency,
        urgent=(*emergency, *content.topic_codes(DOCTOR)),
        minor=content.topic_codes(MINORS),
    )
