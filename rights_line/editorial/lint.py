"""Lint texts and translations, for `rights-line check`.

These problems do not stop the service from starting; content.validation finds those that do.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from rights_line.content.card_edition import card_texts
from rights_line.content.languages import SOURCE, LanguageSource
from rights_line.content.loader import ContentSources, build_library
from rights_line.content.screen_tree import ScreenTree
from rights_line.content.source import SourceString
from rights_line.content.speech import outdated_recordings
from rights_line.content.yaml_file import display_path
from rights_line.core.library import MENU
from rights_line.core.model import Language
from rights_line.core.sms import SEPTETS, count
from rights_line.editorial.lint_screens import screen_problems, start_problems
from rights_line.errors import Problem

# Pattern in an English text -> how to fix it. Translations are not searched: they follow English.
FORBIDDEN = {
    r"\b(?:text|sms|write to|send [^.]* to) \{(?:police|medical)\}": (
        "Say to call: emergency numbers receive no SMS"
    ),
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
# Dashes, quotes, ellipsis, special spaces and bidi marks: in GSM-7 each makes the text UCS-2.
FORBIDDEN_CHARACTERS = re.compile(
    r"[\u2010-\u2015\u2018-\u201f\u2026\u00a0\u00ad\u200b\u200e\u200f\u202a-\u202f\u2066-\u2069]"
)


def lint(sources: ContentSources) -> list[Problem]:
    """Return every problem of the texts, sorted by place.

    The screens of a language are checked only if it has all translations without which it cannot
    be served.
    """
    with_texts = [tag for tag, language in sources.languages.items() if language.has_texts]
    complete = [tag for tag in with_texts if not any(sources.missing_translations(tag))]
    library = build_library(sources, "drafts", complete)
    found = [
        problem
        for text in (*sources.texts, *sources.outreach_texts)
        for problem in _source_problems(text)
    ]
    for tag in with_texts:
        found += missing_translations(sources, tag)
        found += _fuzzy(tag, sources.languages[tag], sources.texts)
        found += _bad_characters(tag, sources.languages[tag], sources.texts)
        found += _missing_call_word(tag, sources.languages[tag], sources.texts)
    for tag in complete:
        avoided = sources.languages[tag].words.get("avoid", ())
        found += screen_problems(library.editions[tag], avoided, library.contact_codes)
        found += _recording_problems(sources.languages[tag], ScreenTree(sources.content))
    found += start_problems(library, sources)
    found += _unlinked(sources)
    return sorted(set(found))


def overdue_contacts(sources: ContentSources, today: date) -> Iterator[Problem]:
    """Yield a problem for each contact whose `verify_by` date has passed."""
    for contact in sources.content.contacts.values():
        if contact.is_overdue(today):
            problem = (
                f"{contact.id} must be verified by {contact.verify_by}, "
                f"last verified on {contact.verified_on}"
            )
            fix = "Compare it with its source, call the number, and set both dates"
            yield Problem("content/contacts.yaml", problem, fix)


def _source_problems(text: SourceString) -> Iterator[Problem]:
    place = f"{display_path(text.path)}:{text.line}"
    for pattern, fix in FORBIDDEN.items():
        if match := re.search(pattern, text.message, re.IGNORECASE):
            yield Problem(place, f"must not say {match[0]!r}", fix)
    if "{rosa}" in text.message and "{children}" not in text.message:
        problem = "names {rosa} without {children}"
        yield Problem(place, problem, "Name both: the line never asks for the age")


def missing_translations(sources: ContentSources, tag: str) -> Iterator[Problem]:
    """Yield a problem for each missing translation that the language promises."""
    language = sources.languages[tag]
    card = card_texts(ScreenTree(sources.content))
    for text in sources.texts:
        is_promised = language.texts == "full" or (text.context, text.message) in card
        is_fuzzy = (text.context, text.message) in language.fuzzy
        if is_promised and not is_fuzzy and language.translate(text.context, text.message) is None:
            problem = f"{text.context} is not translated: {text.message[:40]!r}"
            yield Problem(_catalog(tag), problem, "Translate it; until then English is sent")


def _fuzzy(tag: str, language: LanguageSource, texts: list[SourceString]) -> Iterator[Problem]:
    for text in texts:
        if line := language.fuzzy.get((text.context, text.message)):
            problem = f"{text.context} has only a fuzzy translation: {text.message[:40]!r}"
            fix = "Correct it and remove its fuzzy flag; until then English is sent"
            yield Problem(f"{_catalog(tag)}:{line}", problem, fix)


def _recording_problems(language: LanguageSource, tree: ScreenTree) -> Iterator[Problem]:
    for code in outdated_recordings(language, tree):
        problem = f"the text of screen {code} has changed since it was recorded"
        fix = f"Record it again: rights-line script {language.language.tag}"
        yield language.recordings.problem(code, problem, fix)


def _missing_call_word(
    tag: str, language: LanguageSource, texts: list[SourceString]
) -> Iterator[Problem]:
    """Yield a problem for each translation that lost the "call" before {police}."""
    words = language.words.get("call", ())
    known = ", ".join(words) or "empty"
    fix = f"Use a word of call: in locales/{tag}/words.yaml ({known}), or add one there"
    for text in texts:
        translation = language.translate(text.context, text.message) or ""
        has_word = any(word.casefold() in translation.casefold() for word in words)
        if translation and "call {police}" in text.message and not has_word:
            yield Problem(_catalog(tag), f"{translation[:40]!r} does not say to call", fix)


def _bad_characters(
    tag: str, language: LanguageSource, texts: list[SourceString]
) -> Iterator[Problem]:
    """Yield a problem for each invisible, typographic or expensive character."""
    for text in texts:
        translation = language.translate(text.context, text.message) or ""
        place = f"{display_path(text.path)}:{text.line}" if tag == SOURCE else _catalog(tag)
        for character in sorted(set(translation)):
            if reason := _character_problem(character, translation, language.language):
                name = f"U+{ord(character):04X} {unicodedata.name(character, '?')}"
                problem = f"{name} in {translation[:30]!r} {reason}"
                yield Problem(place, problem, "Replace it with a plain character")
        if translation != unicodedata.normalize("NFC", translation):
            yield Problem(place, f"{translation[:30]!r} is not in NFC", "Save it in NFC (composed)")


def _character_problem(character: str, text: str, language: Language) -> str:
    """Return the problem of a character with its cost, or "" if it may be used."""
    if language.encoding == "UCS-2":
        return "is typographic or invisible" if FORBIDDEN_CHARACTERS.match(character) else ""
    if all(sent in SEPTETS for sent in language.fold.get(character, character)):
        return ""
    without = count(text.replace(character, "x")).segments
    return f"makes the text UCS-2: {count(text).segments} segments instead of {without}"


def _unlinked(sources: ContentSources) -> Iterator[Problem]:
    """Yield a problem for each screen of a topic without a path from the menu."""
    screens = {screen.code: screen for screen in ScreenTree(sources.content).screens}
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


def _catalog(tag: str) -> str:
    return f"locales/{tag}/LC_MESSAGES/messages.po"
