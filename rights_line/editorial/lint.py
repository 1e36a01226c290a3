"""What `rights-line check` asks of every text, beyond what the service needs to start."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import date

from rights_line.content.languages import SOURCE, LanguageSource
from rights_line.content.loader import ContentSources, build_library
from rights_line.content.schema import FOLDED
from rights_line.content.screen_tree import ScreenTree
from rights_line.content.source import LIFELINES, SourceString
from rights_line.content.speech import outdated_recordings
from rights_line.content.yaml_file import display_path
from rights_line.core.library import MENU, PREVIEW_LENGTH, UNCLEAR, Edition, Library, Screen
from rights_line.core.model import Language
from rights_line.core.sms import SEPTETS, count, fold_if_shorter, segments
from rights_line.errors import Problem

SEGMENTS = {"GSM-7": 2, FOLDED: 2, "UCS-2": 5}

EMERGENCY = "Emergency numbers are called"
# English, as the source: what a translation says is held to what its source says.
FORBIDDEN = {
    r"\b(?:text|sms|write to|send [^.]* to) \{(?:police|medical)\}": EMERGENCY,
    r"\b(?:guaranteed|secret|confidential|we promise|you will|you are safe)\b": "Promise nothing",
    r"\b(?:your name|your age|how old|where are you|where do you)\b": "Never ask who she is",
    r"https?:|www\.|\b[a-z0-9-]+\.(?:no|org|com|int)\b": "No web address: operators filter it",
}
# Typographic characters and bidi marks have no place in any text of ours.
FORBIDDEN_CHARACTERS = re.compile(
    r"[\u2010-\u2015\u2018-\u201f\u2026\u00a0\u00ad\u200b\u200e\u200f\u202a-\u202f\u2066-\u2069]"
)


def lint(sources: ContentSources) -> list[Problem]:
    """Return everything that should be fixed, sorted by place.

    The screens of a language are looked at once it has what it must have to be served.
    """
    spoken = [tag for tag, tongue in sources.languages.items() if tongue.has_texts]
    complete = [tag for tag in spoken if not any(sources.missing_translations(tag))]
    library = build_library(sources, "drafts", complete)
    found = [
        fault
        for text in (*sources.texts, *sources.outreach_texts)
        for fault in _source_problems(text)
    ]
    for tag in spoken:
        found += missing(sources, tag)
        found += _fuzzy(tag, sources.languages[tag], sources.texts)
        found += _bad_characters(tag, sources.languages[tag], sources.texts)
        found += _missing_call_word(tag, sources.languages[tag], sources.texts)
    for tag in complete:
        found += _screen_problems(
            library.editions[tag], sources.languages[tag], library.contact_codes
        )
        found += _recording_faults(sources.languages[tag], ScreenTree(sources.content))
    found += _start_problems(library, sources)
    found += _unlinked(sources)
    return sorted(set(found))


def overdue_contacts(sources: ContentSources, today: date) -> Iterator[Problem]:
    """Yield a fault for each contact whose verify_by has passed."""
    for contact in sources.content.contacts.values():
        if contact.is_overdue(today):
            problem = (
                f"{contact.id} must be verified by {contact.verify_by}, "
                f"last verified on {contact.verified_on}"
            )
            remedy = "Compare it with its source, call the number, and set both dates"
            yield Problem("content/contacts.yaml", problem, remedy)


def _source_problems(text: SourceString) -> Iterator[Problem]:
    place = f"{display_path(text.path)}:{text.line}"
    for pattern, remedy in FORBIDDEN.items():
        if match := re.search(pattern, text.message, re.IGNORECASE):
            yield Problem(place, f"says {match[0]!r}", remedy)
    if "{rosa}" in text.message and "{children}" not in text.message:
        yield Problem(place, "names ROSA alone", "Say {children} too: age is never asked")


def missing(sources: ContentSources, tag: str) -> Iterator[Problem]:
    """Yield a fault for each text that a language promises and has no translation of."""
    tongue = sources.languages[tag]
    card = ScreenTree(sources.content).card_texts()
    for text in sources.texts:
        wanted = tongue.texts == "full" or (text.context, text.message) in card
        is_fuzzy = (text.context, text.message) in tongue.fuzzy
        if wanted and not is_fuzzy and tongue.translate(text.context, text.message) is None:
            problem = f"{text.context} is not translated: {text.message[:40]!r}"
            yield Problem(_catalog(tag), problem, "Translate it; until then it is said in English")


def _fuzzy(tag: str, tongue: LanguageSource, texts: list[SourceString]) -> Iterator[Problem]:
    """Yield a fault for each fuzzy entry of a text, at its line in the catalog."""
    for text in texts:
        if line := tongue.fuzzy.get((text.context, text.message)):
            problem = f"{text.context} has only a fuzzy translation: {text.message[:40]!r}"
            remedy = "Correct it and remove its fuzzy flag; until then the English is sent"
            yield Problem(f"{_catalog(tag)}:{line}", problem, remedy)


def _recording_faults(tongue: LanguageSource, outline: ScreenTree) -> Iterator[Problem]:
    for code in outdated_recordings(tongue, outline):
        remedy = f"Record it again: rights-line script {tongue.language.tag}"
        yield tongue.recordings.problem(code, f"{code} says another text now", remedy)


def _missing_call_word(
    tag: str, tongue: LanguageSource, texts: list[SourceString]
) -> Iterator[Problem]:
    """Yield a fault where a translation of "call {police}" has lost the word that says to call."""
    words = tongue.words.get("call", ())
    known = ", ".join(words) or "none yet"
    remedy = f"Use a word that locales/{tag}/words.yaml has as call: ({known}), or add one there"
    for text in texts:
        said = tongue.translate(text.context, text.message) or ""
        has_word = any(word.casefold() in said.casefold() for word in words)
        if said and "call {police}" in text.message and not has_word:
            yield Problem(_catalog(tag), f"{said[:40]!r} does not say to call", remedy)


def _bad_characters(
    tag: str, tongue: LanguageSource, texts: list[SourceString]
) -> Iterator[Problem]:
    """Yield a fault for each character that costs or harms more than it is worth."""
    for text in texts:
        said = tongue.translate(text.context, text.message) or ""
        place = f"{display_path(text.path)}:{text.line}" if tag == SOURCE else _catalog(tag)
        for character in sorted(set(said)):
            if why := _unwanted(character, said, tongue.language):
                name = f"U+{ord(character):04X} {unicodedata.name(character, '?')}"
                yield Problem(place, f"{name} in {said[:30]!r} {why}", "Write it plainly")
        if said != unicodedata.normalize("NFC", said):
            yield Problem(place, f"{said[:30]!r} is not NFC", "Save it composed (NFC)")


def _unwanted(character: str, said: str, language: Language) -> str:
    """Say what is wrong with a character, and what it costs; nothing if it is right."""
    if language.encoding == "UCS-2":
        return "is typographic or invisible" if FORBIDDEN_CHARACTERS.match(character) else ""
    if all(sent in SEPTETS for sent in language.fold.get(character, character)):
        return ""
    without = count(said.replace(character, "x")).segments
    return f"makes the text UCS-2: {count(said).segments} segments instead of {without}"


def _screen_problems(
    edition: Edition, tongue: LanguageSource, numbers: Collection[str]
) -> Iterator[Problem]:
    language = edition.language
    avoided = [word.casefold() for word in tongue.words.get("avoid", ())]
    for screen in (*edition.screens.values(), *edition.stateless_screens.values()):
        if screen.language != language.tag:  # said in English, where its faults are named
            continue
        text = longest_text(screen, language)
        place = f"screen {screen.code} in {language.tag}"
        if problem := _first_segment_problem(text, numbers):
            yield Problem(place, problem, "Put the number first: the rest may arrive late")
        most = SEGMENTS[language.encoding]
        if len(segments(text)) > most:
            problem = f"takes {len(segments(text))} segments, at its longest"
            yield Problem(place, problem, f"Shorten it to {most}")
        whole = screen.code in (MENU, UNCLEAR)
        seen = (text if whole else text[:PREVIEW_LENGTH]).casefold()
        for word in avoided:
            if word in seen:
                yield Problem(place, f"shows {word!r} where others may look", "Say it otherwise")


def _first_segment_problem(text: str, numbers: Collection[str]) -> str:
    """Say that the first segment leaves a person waiting for the number."""
    first, whole = plain(segments(text)[0]), plain(text)
    late = any(number in whole for number in numbers) and not any(
        number in first for number in numbers
    )
    return "has no number in its first segment" if late else ""


def plain(text: str) -> str:
    """Return a text without its spaces, to find a number however it is grouped."""
    return "".join(text.split())


def longest_text(screen: Screen, language: Language) -> str:
    """Return a screen with the longest it can say of helplines that are closed."""
    notes = [
        max((*notice.when_closed.values(), *notice.on_holiday.values()), key=len)
        for notice in screen.notices
    ]
    return fold_if_shorter("\n".join([screen.body, *notes, screen.links]), language.fold)


def _start_problems(library: Library, sources: ContentSources) -> Iterator[Problem]:
    numbers = [sources.content.contacts[name].number for name in LIFELINES]
    for name, text in (("start", library.start), ("start, spelled", library.start_stateless)):
        cut = segments(text)
        if len(cut) > SEGMENTS["GSM-7"]:
            yield Problem(name, f"takes {len(cut)} segments", "Shorten it")
        for number in numbers:
            if number not in cut[0]:
                yield Problem(name, f"{number} is not in its first segment", "Put it first")


def _unlinked(sources: ContentSources) -> Iterator[Problem]:
    """Yield a fault for each topic's screen that no path of links leads to from the menu."""
    pages = {page.code: page for page in ScreenTree(sources.content).screens}
    to_visit, reached = [MENU], {MENU}
    while to_visit:
        links = {code for code, _ in pages[to_visit.pop()].links if code in pages}
        to_visit += links - reached
        reached |= links
    for topic in sources.content.topics.values():
        for code in {topic.code, *(passage.code for passage in topic.passages)} - reached:
            problem = f"no menu and no link shows code {code}"
            remedy = f"Choose a code below a menu, or name {topic.code} in see: of another topic"
            yield Problem(f"content/topics/{topic.id}.yaml", problem, remedy)


def _catalog(tag: str) -> str:
    return f"locales/{tag}/LC_MESSAGES/messages.po"
