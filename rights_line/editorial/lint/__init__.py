"""Lint texts, translations and rendered screens, and check facts against the guide.

These problems do not stop the service from starting; content.validation finds those that do.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from rights_line.content import ContentSources
from rights_line.content.approval import short_texts
from rights_line.content.assembly.library_builder import build
from rights_line.content.assembly.speech import recordable_texts
from rights_line.content.catalogs import EnglishString
from rights_line.content.content_reader import Content
from rights_line.content.languages import LanguageSource
from rights_line.core import MENU
from rights_line.editorial.lint import fact_coverage, lint_screens
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.schema import Choices

# Pattern in an English text -> how to fix it. Translations are not searched: they follow English.
FORBIDDEN = {
    r"\b(?:guaranteed|secret|confidential|we promise|you will|you are safe)\b": (
        "Make no promise of safety, secrecy or outcome"
    ),
    r"\b(?:your name|your age|how old|where are you|where do you)\b": (
        "Ask for no name, age or place"
    ),
    r"https?:|www\.|\b[a-z0-9-]+\.(?:no|org|com|int)\b": (
        "Remove the web address: mobile operators filter SMS with links"
    ),
}

_CALL = "Say to call: emergency numbers receive no SMS"


def all(root: Path, today: date) -> list[Problem]:
    """Return all that `rights-line check` lists about the texts in a folder."""
    try:
        sources = ContentSources(root)
        return [
            *sources.damaged_approvals(),
            *lint_texts(sources),
            *fact_coverage.problems(root),
            *started_languages(sources),
            *sources.untranslated_problems(sources.languages),
            *overdue_contacts(sources, today),
        ]
    except ConfigurationError as error:
        return error.problems


def lint_texts(sources: ContentSources) -> list[Problem]:
    """Return every problem of the texts, sorted by place; those that wait are marked so."""
    with_texts = [tag for tag, language in sources.languages.items() if language.has_texts]
    built = build(sources, Choices("drafts"))
    forbidden = {_pattern(sources.content): _CALL} | FORBIDDEN
    found = [
        problem
        for text in (*sources.texts, *sources.outreach_texts)
        for problem in _english(text, forbidden)
    ]
    helplines = sources.content.country.helplines
    for text in sources.outreach_texts:
        found += _lone_helpline(text, helplines.adults, helplines.minors)
    for language in sources.languages.values():
        found += lint_screens.letter_problems(language, sources.texts)
        found += _call_words(language, sources.texts, helplines.emergency)
    for tag in with_texts:
        found += waiting_translations(sources, tag)
        avoided = sources.languages[tag].written_words.get("avoid", ())
        found += lint_screens.screen_problems(built.editions[tag], avoided, built.codes.contact)
        found += _recordings(sources, tag)
    found += lint_screens.start_problems(built.shared, sources.content)
    found += _unlinked_topics(sources)
    return sorted(set(found))


def overdue_contacts(sources: ContentSources, today: date) -> Iterator[Problem]:
    """Yield a problem for each contact whose `verify_by` date has passed."""
    for contact in sources.content.contacts.values():
        if contact.is_overdue(today):
            problem = (
                f"{contact.id} must be verified by {contact.verify_by}, "
                f"last verified on {contact.verified_on}"
            )
            fix = "Run `rights-line contacts` for what to ask, then record it with --verified"
            yield Problem("content/contacts.yaml", problem, fix, waits=True)


def waiting_translations(sources: ContentSources, tag: str) -> Iterator[Problem]:
    """Yield a problem for each text that the language promises, and that is sent in English."""
    language, short = sources.languages[tag], short_texts(sources.tree)
    for text in sources.texts:
        key, said = text.key, f"{text.message[:40]!r}"
        is_promised = language.texts == "full" or key in short
        if line := language.catalog.fuzzy.get(key):
            place = f"{language.catalog_place}:{line}"
            problem = f"{text.context} has only a fuzzy translation: {said}"
            fix = "Correct it and remove its fuzzy flag; until then English is sent"
            yield Problem(place, problem, fix, waits=True)
        elif is_promised and language.translate(*key) is None:
            problem = f"{text.context} is not translated: {said}"
            fix = "Run `make strings` and translate it; until then English is sent"
            yield Problem(language.catalog_place, problem, fix, waits=True)


def started_languages(sources: ContentSources) -> Iterator[Problem]:
    """Yield a problem for each language that is not served yet."""
    for tag, language in sources.languages.items():
        if not language.has_texts:
            texts = sources.texts
            number = sum(language.translate(*row.key) is not None for row in texts)
            problem = f"{tag} is started: {number} of {len(texts)} strings are translated"
            fix = "Translate the rest, then set texts: full, or short"
            yield Problem("locales/languages.yaml", problem, fix, waits=True)


def _pattern(content: Content) -> str:
    """Return the pattern of a text that tells somebody to text an emergency number."""
    numbers = "|".join(name for name, contact in content.contacts.items() if contact.emergency)
    return rf"\b(?:text|sms|write to|send [^.]* to) \{{(?:{numbers})\}}"


def _english(text: EnglishString, forbidden: Mapping[str, str]) -> Iterator[Problem]:
    for pattern, fix in forbidden.items():
        if match := re.search(pattern, text.message, re.IGNORECASE):
            yield Problem(text.place, f"must not say {match[0]!r}", fix)


def _lone_helpline(text: EnglishString, adults: str, minors: str) -> Iterator[Problem]:
    """Yield a problem if a text for helpers names one alone; screens get the other number."""
    if f"{{{adults}}}" in text.message and f"{{{minors}}}" not in text.message:
        problem = f"names {{{adults}}} without {{{minors}}}"
        yield Problem(text.place, problem, "Name both: the line never asks for the age")


def _recordings(sources: ContentSources, tag: str) -> Iterator[Problem]:
    """Yield a problem for each recording whose text has changed since."""
    language = sources.languages[tag]
    texts = recordable_texts(language, sources.tree) if language.recordings else ()
    current = {text.name: text.fingerprint for text in texts}
    for name, fingerprint in language.recordings.items():
        if current.get(name) != fingerprint:
            problem = f"the text {name} has changed since it was recorded"
            fix = f"Record it again: rights-line recordings {tag}"
            yield replace(language.recordings.problem_at_key(name, problem, fix), waits=True)


def _call_words(
    language: LanguageSource, texts: list[EnglishString], emergency: str
) -> Iterator[Problem]:
    """Yield a problem for each translation that lost the "call" before an emergency number."""
    words = language.written_words.get("call", ())
    known = ", ".join(words) or "empty"
    path = f"locales/{language.language.tag}/words.yaml"
    fix = f"Use a word of call: in {path} ({known}), or add one there"
    for text in texts:
        translation = language.translate(*text.key) or ""
        has_word = any(word.casefold() in translation.casefold() for word in words)
        if translation and f"call {{{emergency}}}" in text.message and not has_word:
            yield Problem(language.catalog_place, f"{translation[:40]!r} does not say to call", fix)


def _unlinked_topics(sources: ContentSources) -> Iterator[Problem]:
    """Yield a problem for each screen of a topic without a path from the menu."""
    screens = {screen.code: screen for screen in sources.tree.screens}
    to_visit, reached = [MENU], {MENU}
    while to_visit:
        links = {code for code, _ in screens[to_visit.pop()].links if code in screens}
        to_visit += links - reached
        reached |= links
    for topic in sources.content.topics.values():
        for code in {topic.code, *(passage.code for passage in topic.passages)} - reached:
            problem = f"no menu and no link shows code {code}"
            fix = f"Choose a code below a menu, or add {topic.code} to see: of another topic"
            yield Problem(f"content/topics/{topic.id}.yaml", problem, fix)
