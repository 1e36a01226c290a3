"""Rules of a language for the script of a review page: its names, values and limits."""

from collections.abc import Iterator, Mapping
from typing import Any

from rights_line.content.files.content_reader import Content
from rights_line.content.files.languages import LanguageSource
from rights_line.core.fixed_codes import CLOSE, LANGUAGES
from rights_line.core.sms import LIMITS, PLAIN_PUNCTUATION, SEPTETS
from rights_line.editorial.lint.lint_letters import FORBIDDEN_CHARACTERS
from rights_line.editorial.lint.lint_screens import MAX_SEGMENTS


def review_rules(source: LanguageSource, content: Content) -> Mapping[str, Any]:
    """Return the names of a language, and the rules for the length of its texts."""
    language = source.language
    is_plain = language.encoding != "UCS-2"
    return {
        "name": language.own_name,
        "direction": language.direction,
        "word": language.word,
        "wordless": {LANGUAGES: f"{LANGUAGES} ", CLOSE: None},
        "fold": dict(language.fold),
        "isPlain": is_plain,
        "plain": dict(_plain_characters(is_gsm7=is_plain)),
        "segments": MAX_SEGMENTS[language.encoding],
        "limits": LIMITS,
        "septets": SEPTETS,
        "emergency": content.country.helplines.emergency,
        "call": source.written_words.get("call", ()),
        "numbers": [contact.code for contact in content.contacts.values()],
    }


def _plain_characters(*, is_gsm7: bool) -> Iterator[tuple[str, str]]:
    """Yield each character that must not be typed, with its replacement.

    Languages in UCS-2 may keep their own quotation marks.
    """
    for code in range(0x80, 0x10000):
        plain = PLAIN_PUNCTUATION.get(code)
        if FORBIDDEN_CHARACTERS.match(chr(code)):
            yield chr(code), plain or ""
        elif is_gsm7 and plain is not None:
            yield chr(code), plain


def review_sample_values(content: Content, source: LanguageSource) -> dict[str, str]:
    """Return placeholder -> sample, for the phrases that the program completes."""
    named = next(row for row in content.contacts.values() if row.hours and row.hours.periods)
    days, short = source.language.weekdays, source.language.weekdays_short
    return {
        "name": source.translate(named.id, named.name) or named.name,
        "day": days[0],
        "first": short[0],
        "last": short[4],
        "opens": "10:00",
        "closes": "15:00",
        "language": source.language.norwegian,
    }
