"""Lint rendered screens: length, numbers in the first segment, words to avoid."""

import re
from collections.abc import Collection, Iterator

from rights_line.content.files.schema import FOLDED
from rights_line.content.loader import ContentSources
from rights_line.core.fixed_codes import MENU, UNCLEAR
from rights_line.core.library import Edition, Library, Screen, lock_screen_preview
from rights_line.core.model import Language
from rights_line.core.sms import fold_if_shorter, segments
from rights_line.errors import Problem

MAX_SEGMENTS = {"GSM-7": 2, FOLDED: 2, "UCS-2": 5}
HEAD_SEGMENTS = {"GSM-7": 1, FOLDED: 1, "UCS-2": 2}  # more, below the line of helplines
_LINK = re.compile(r"(?:[A-Z]+ )?(\d+) ")  # a code, after the word of the language or alone


def screen_problems(
    edition: Edition, avoided_words: Collection[str], numbers: Collection[str]
) -> Iterator[Problem]:
    """Yield the problems of the screens that a language has translated.

    Args:
        edition: all screens of the language.
        avoided_words: words that must not stand where other people may read them.
        numbers: the phone numbers of all contacts.
    """
    language = edition.language
    for screen in (*edition.screens.values(), *edition.stateless_screens.values()):
        if screen.language != language.tag:  # English, where its problems are reported
            continue
        text = longest_text(screen, language)
        place = f"screen {screen.code} in {language.tag}"
        if _has_late_number(text, numbers):
            fix = "Put the number first: the other segments may arrive late"
            yield Problem(place, "has no number in its first segment", fix)
        headed = longest_text(screen, language, has_head=True)
        yield from _length_problems(
            place, text, headed, language, waits=_leads_to_english(screen, edition)
        )
        is_shown_whole = screen.code in (MENU, UNCLEAR)
        parts = (text,) if is_shown_whole else map(lock_screen_preview, (text, headed))
        visible = "\n".join(parts).casefold()
        for word in avoided_words:
            if word.casefold() in visible:
                problem = f"shows {word.casefold()!r} where other people may read it"
                yield Problem(place, problem, "Use another word")
        yield from _unmarked_links(screen, edition)


def _length_problems(
    place: str, text: str, headed: str, language: Language, waits: bool
) -> Iterator[Problem]:
    limit = MAX_SEGMENTS[language.encoding]
    if len(segments(text)) > limit:
        problem = f"takes {len(segments(text))} segments, at its longest"
        yield Problem(place, problem, f"Shorten it to {limit}", waits)
    headed_limit = limit + HEAD_SEGMENTS[language.encoding]
    if len(segments(headed)) > headed_limit:
        problem = f"takes {len(segments(headed))} segments below the helplines"
        yield Problem(place, problem, f"Shorten it to {headed_limit}", waits)


def _leads_to_english(screen: Screen, edition: Edition) -> bool:
    """Whether a link of a screen says English, until that screen is translated."""
    links = filter(None, map(_LINK.match, screen.links.splitlines()))
    targets = (edition.screens.get(link[1]) for link in links)
    return any(target.language != edition.language.tag for target in targets if target)


def start_problems(library: Library, sources: ContentSources) -> Iterator[Problem]:
    """Yield the problems of the first reply: too long, or a number too late."""
    contacts, helplines = sources.content.contacts, sources.content.country.helplines
    numbers = [contacts[name].number for name in helplines]
    for name, text in (("start", library.start), ("start, stateless", library.start_stateless)):
        parts = segments(text)
        if len(parts) > MAX_SEGMENTS["GSM-7"]:
            problem = f"takes {len(parts)} segments"
            yield Problem(name, problem, f"Shorten it to {MAX_SEGMENTS['GSM-7']}")
        for number in numbers:
            if number not in parts[0]:
                yield Problem(name, f"{number} is not in its first segment", "Put it first")


def longest_text(screen: Screen, language: Language, has_head: bool = False) -> str:
    """Return a screen with the longest closed-notice of each of its helplines."""
    body = screen.texts[()].headed.body if has_head else screen.body
    lines = [body, *longest_notices(screen), screen.links]
    return fold_if_shorter("\n".join(lines), language.fold)


def longest_notices(screen: Screen) -> list[str]:
    """Return the longest closed-notice of each helpline of a screen."""
    return [
        max((*notice.when_closed.values(), *notice.on_holiday.values()), key=len)
        for notice in screen.notices
    ]


def _unmarked_links(screen: Screen, edition: Edition) -> Iterator[Problem]:
    """Yield a problem for each link to a screen in English whose line does not say so."""
    for line in screen.links.splitlines():
        link = _LINK.match(line)
        target = edition.screens.get(link[1]) if link else None
        is_own = not target or target.language == edition.language.tag
        if not is_own and "english" not in line.casefold():
            fix = "Keep (English) in in_english of content/phrases.yaml, or translate that screen"
            place = f"screen {screen.code} in {edition.language.tag}"
            yield Problem(place, f"{line!r} leads to English without saying so", fix)


def _has_late_number(text: str, numbers: Collection[str]) -> bool:
    """Whether a text has phone numbers, but none of them in its first segment."""
    first, whole = _without_spaces(segments(text)[0]), _without_spaces(text)
    return any(number in whole for number in numbers) and not any(
        number in first for number in numbers
    )


def _without_spaces(text: str) -> str:
    return "".join(text.split())
