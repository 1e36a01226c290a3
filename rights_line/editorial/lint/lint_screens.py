"""Lint what a phone shows: the letters of each text, and each screen as it is sent."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator

from rights_line.content.catalogs import EnglishString
from rights_line.content.content_reader import Content
from rights_line.content.languages import ENGLISH, LanguageSource
from rights_line.content.schema import FOLDED
from rights_line.core import MENU, NOT_SENT
from rights_line.core.library import Edition, SharedTexts
from rights_line.core.model import Language
from rights_line.core.screen import Form, Head, Screen
from rights_line.core.sms import (
    SEPTETS,
    count_sms,
    fold_if_fewer_segments,
    replace_sms_letters,
    sms_segments,
)
from rights_line.errors import Problem

# Dashes, quotes, ellipsis, special spaces and bidi marks: in GSM-7 each makes the text UCS-2.
FORBIDDEN_CHARACTERS = re.compile(
    r"[\u2010-\u2015\u2018-\u201f\u2026\u00a0\u00ad\u200b\u200e\u200f\u202a-\u202f\u2066-\u2069]"
)

# "|" of Devanagari, which looks like a last digit 1. Opening hours end in a word.
_DANDA_AFTER_NUMBER = re.compile(r"(?!\{\w*_hours\})(\{\w+\}|\d)।")

MAX_SEGMENTS = {"GSM-7": 2, FOLDED: 2, "UCS-2": 5}
HEAD_SEGMENTS = {"GSM-7": 1, FOLDED: 1, "UCS-2": 2}  # more, below the line of helplines
_PREVIEW_LENGTH = 80  # characters on a locked phone: two lines of about 40; some phones show more
_LINK = re.compile(r"(?:[A-Z]+ )?(\d+) ")  # a code, after the word of the language or alone


def letter_problems(language: LanguageSource, texts: Iterable[EnglishString]) -> Iterator[Problem]:
    """Yield the problems of letters that cost or mislead, and of words that folding changes."""
    for text in texts:
        is_english = language.language.tag == ENGLISH
        place = text.place if is_english else language.catalog_place
        translation = language.translate(*text.key) or ""
        yield from _bad(place, translation, language.language)
        yield from _misleading(place, translation, language)
        if found := _DANDA_AFTER_NUMBER.search(translation):
            problem = f"the danda in {found.group()!r} can be read as a last digit 1"
            yield Problem(place, problem, "Put a word between the number and the danda")


def _bad(place: str, translation: str, language: Language) -> Iterator[Problem]:
    for character in sorted(set(translation)):
        if reason := _bad_reason(character, translation, language):
            name = f"U+{ord(character):04X} {unicodedata.name(character, '?')}"
            problem = f"{name} in {translation[:30]!r} {reason}"
            yield Problem(place, problem, "Replace it with a plain character")
    if translation != unicodedata.normalize("NFC", translation):
        yield Problem(place, f"{translation[:30]!r} is not in NFC", "Save it in NFC (composed)")


def _misleading(place: str, translation: str, language: LanguageSource) -> Iterator[Problem]:
    """Yield a problem for each word that is another word after folding.

    Any text may be folded, because it depends on the length of the whole screen.
    """
    words = re.findall(r"\w+", translation.casefold())
    for word in sorted(language.not_folded.keys() & set(words)):
        folded = replace_sms_letters(word, language.language.fold)
        problem = (
            f"{word!r} in {translation[:30]!r} may be sent as {folded!r}, "
            f"which means {language.not_folded[word]!r}"
        )
        yield Problem(place, problem, "Use a word that stays itself without its marks")


def _bad_reason(character: str, text: str, language: Language) -> str:
    """Return the problem of a character with its cost, or "" if it may be used."""
    if language.encoding == "UCS-2":
        return "is typographic or invisible" if FORBIDDEN_CHARACTERS.match(character) else ""
    if all(sent in SEPTETS for sent in language.fold.get(character, character)):
        return ""
    without = count_sms(text.replace(character, "x")).segments
    return f"makes the text UCS-2: {count_sms(text).segments} segments instead of {without}"


def screen_problems(
    edition: Edition, avoided_words: Collection[str], numbers: Collection[str]
) -> Iterator[Problem]:
    """Yield the problems of the screens that a language has translated.

    `avoided_words` must not stand where other people may read them.
    """
    language = edition.language
    screens = edition.screens.values()
    for screen in (*screens, *(row.stateless for row in screens)):
        if screen.language != language.tag:  # English, where its problems are reported
            continue
        text = longest_text(screen, edition.form)
        place = f"screen {screen.code} in {language.tag}"
        if _is_number_late(text, numbers):
            fix = "Put the number first: the other segments may arrive late"
            yield Problem(place, "has no number in its first segment", fix)
        headed = longest_text(screen, edition.form, has_head=True)
        to_english = list(_links_to_english(screen, edition))
        yield from _length_problems(place, text, headed, language, waits=bool(to_english))
        is_shown_whole = screen.code in (MENU, *NOT_SENT)
        previews = (" ".join(row.split())[:_PREVIEW_LENGTH] for row in (text, headed))
        visible = "\n".join([text] if is_shown_whole else previews).casefold()
        for word in (word for word in map(str.casefold, avoided_words) if word in visible):
            problem = f"shows {word!r} where other people may read it"
            yield Problem(place, problem, "Use another word")
        fix = "Keep (English) in in_english of content/phrases.yaml, or translate that screen"
        for line in (line for line in to_english if "english" not in line.casefold()):
            yield Problem(place, f"{line!r} leads to English without saying so", fix)


def _length_problems(
    place: str, text: str, headed: str, language: Language, waits: bool
) -> Iterator[Problem]:
    shorten = (
        "Translate the screens marked (English), or shorten it to" if waits else "Shorten it to"
    )
    limit = MAX_SEGMENTS[language.encoding]
    if len(sms_segments(text)) > limit:
        problem = f"takes {len(sms_segments(text))} segments, at its longest"
        yield Problem(place, problem, f"{shorten} {limit}", waits)
    headed_limit = limit + HEAD_SEGMENTS[language.encoding]
    if len(sms_segments(headed)) > headed_limit:
        problem = f"takes {len(sms_segments(headed))} segments below the helplines"
        yield Problem(place, problem, f"{shorten} {headed_limit}", waits)


def _links_to_english(screen: Screen, edition: Edition) -> Iterator[str]:
    """Yield each link to a screen in English; it says so, until that screen is translated."""
    for line in screen.links.splitlines():
        link = _LINK.match(line)
        target = edition.screens.get(link[1]) if link else None
        if target and target.language != edition.language.tag:
            yield line


def start_problems(shared: SharedTexts, content: Content) -> Iterator[Problem]:
    """Yield the problems of the first reply: too long, or a number too late."""
    numbers = [content.contacts[name].number for name in content.country.helplines]
    for name, text in (("start", shared.start), ("start, stateless", shared.start_stateless)):
        parts = sms_segments(text)
        if len(parts) > MAX_SEGMENTS["GSM-7"]:
            problem = f"takes {len(parts)} segments"
            yield Problem(name, problem, f"Shorten it to {MAX_SEGMENTS['GSM-7']}")
        for number in numbers:
            if number not in parts[0]:
                yield Problem(name, f"{number} is not in its first segment", "Put it first")


def longest_text(screen: Screen, form: Form, has_head: bool = False) -> str:
    """Return a screen with the longest closed-notice of each of its helplines."""
    body = screen.texts(form).headed(Head.HELPLINES).body if has_head else screen.body
    lines = [body, *longest_notices(screen), form.sms_links(screen.links)]
    return fold_if_fewer_segments("\n".join(lines).rstrip("\n"), form.fold)


def longest_notices(screen: Screen) -> list[str]:
    """Return the longest closed-notice of each helpline of a screen."""
    return [
        max((*notice.when_closed.values(), *notice.on_holiday.values()), key=len)
        for notice in screen.notices
    ]


def _is_number_late(text: str, numbers: Collection[str]) -> bool:
    """Whether a text has phone numbers, but none of them in its first segment."""
    first, whole = ("".join(part.split()) for part in (sms_segments(text)[0], text))
    return any(number in whole for number in numbers) and not any(
        number in first for number in numbers
    )
