"""Check placeholders and typed digits in English texts and their translations."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from string import Formatter

from rights_line.content.files.content_reader import Content, EnglishString
from rights_line.content.files.languages import LanguageSource
from rights_line.content.files.yaml_mapping import display_path
from rights_line.errors import Problem

# Placeholders besides the numbers, which the program fills in these phrases.
PHRASE_PLACEHOLDERS: Mapping[str, set[str]] = {
    "helplines": {"in_danger", "minors"},
    "hours": {"first", "last", "opens", "closes"},
    "closed": {"name", "day", "opens"},
    "holiday": {"name", "day", "opens"},
    "say": {"norwegian"},
    **{name: {"language"} for name in ("interpreter", "again", "cannot_read", "unclear_again")},
    "talk": {"language"},
    "run_by": {"operator"},
    "what_we_keep": {"run_by"},
    "call_unvoiced": {"norwegian"},
    "in_english": {"label"},
    "call_more": {"code"},
    "dial": {"code"},
}

_PLACEHOLDER = re.compile(r"\{\w*\}")
_NUMBER = re.compile(r"\d+(?: \d+)*")


def text_placeholders(text: str) -> list[str]:
    """Return the names of the placeholders in a text, sorted.

    Raises:
        ValueError: a single brace, or a placeholder with a format: `{rosa:.4}` would send half a
            number.
    """
    names = []
    for _, name, form, conversion in Formatter().parse(text):
        if form or conversion:
            raise ValueError(text)
        if name is not None:
            names.append(name)
    return sorted(names)


def typed_numbers(text: str) -> list[str]:
    """Return the numbers typed in a text, sorted; digit groups with spaces are one number."""
    numbers = _NUMBER.findall(_PLACEHOLDER.sub("", text))
    return sorted(number.replace(" ", "") for number in numbers)


def english_problems(
    content: Content, texts: Iterable[EnglishString], outreach_texts: Iterable[EnglishString]
) -> Iterator[Problem]:
    """Yield a problem for each bad placeholder or typed number in the English texts.

    Texts for outreach workers have no opening hours: their page shows numbers alone.
    """
    with_hours = [name for name, row in content.contacts.items() if row.hours and row.hours.periods]
    known = {*content.contacts, *(f"{name}_hours" for name in with_hours)}
    for text in texts:
        extra = PHRASE_PLACEHOLDERS.get(text.context, set())
        yield from _single_problems(_english_place(text), text.message, known | extra)
    for text in outreach_texts:
        yield from _single_problems(_english_place(text), text.message, content.contacts)
    for name, message in content.fixed.items():
        place = f"content/phrases.yaml ({name})"
        spoken = (name.removesuffix(f"_{tag}") for tag in content.country.languages)
        extra = set[str]().union(*(PHRASE_PLACEHOLDERS.get(key, set()) for key in (name, *spoken)))
        yield from _single_problems(place, message, known | extra)


def translation_problems(
    source: LanguageSource, texts: Iterable[EnglishString]
) -> Iterator[Problem]:
    """Yield a problem for each translation with other placeholders or numbers than the English."""
    for text in texts:
        translation = source.translate(text.context, text.message)
        if translation is None:
            continue
        place = _translation_place(source, text)
        placeholders, numbers = _english_parts(text.message)
        if placeholders is None or _valid_placeholders(translation) != placeholders:
            summary = f"placeholders must match the English, got {translation!r}"
            yield Problem(place, summary, "Keep each {name} as it is")
        if typed_numbers(translation) != numbers:
            summary = f"digits must match the English, got {translation!r}"
            yield Problem(place, summary, "Type only the digits of the English text")


def _single_problems(place: str, message: str, known: Collection[str]) -> Iterator[Problem]:
    try:
        unknown = set(text_placeholders(message)) - set(known)
    except ValueError:
        summary = f"braces must enclose the name of a placeholder, got {message!r}"
        yield Problem(place, summary, "Write {name} of a contact")
        return
    if unknown:
        fix = "Use an id of content/contacts.yaml; {id_hours} only if the contact has hours"
        yield Problem(place, f"unknown placeholder {{{min(unknown)}}}", fix)
    for number in typed_numbers(message):
        if len(number) > 2:
            summary = f"phone numbers must be placeholders, got {number}"
            yield Problem(place, summary, "Write {name} of the contact instead")


@cache  # each language compares its translations with them
def _english_parts(message: str) -> tuple[list[str] | None, list[str]]:
    """Return the placeholders (None if they are invalid) and the numbers of an English text."""
    return _valid_placeholders(message), typed_numbers(message)


def _valid_placeholders(text: str) -> list[str] | None:
    try:
        return text_placeholders(text)
    except ValueError:
        return None


def _english_place(text: EnglishString) -> str:
    return f"{display_path(text.path)}:{text.line}"


def _translation_place(source: LanguageSource, text: EnglishString) -> str:
    return f"locales/{source.language.tag}/LC_MESSAGES/messages.po ({text.context})"
