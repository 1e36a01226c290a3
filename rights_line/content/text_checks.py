"""Check placeholders and typed digits in English texts and their translations."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from string import Formatter

from rights_line.content.catalogs import EnglishString
from rights_line.content.content_reader import Content
from rights_line.content.languages import LanguageSource
from rights_line.errors import Problem

# Placeholders besides the numbers, which the program fills in these phrases.
PHRASE_PLACEHOLDERS: Mapping[str, tuple[str, ...]] = {
    "helplines": ("in_danger", "minors"),
    "hours": ("first", "last", "opens", "closes"),
    **dict.fromkeys(("closed", "holiday"), ("name", "day", "opens")),
    **dict.fromkeys(("interpreter", "again", "cannot_read", "unclear_again"), ("language",)),
    "talk": ("language",),
    "run_by": ("operator",),
    "what_we_keep": ("run_by",),
    **dict.fromkeys(("say", "call_unvoiced"), ("norwegian",)),
    "in_english": ("label",),
    **dict.fromkeys(("call_more", "dial"), ("code",)),
}

_PLACEHOLDER = re.compile(r"\{\w*\}")
_NUMBER = re.compile(r"\d+(?: \d+)*")


def text_placeholders(text: str) -> list[str] | None:
    """Return the names of the placeholders in a text, sorted.

    None: it has a single brace, or a placeholder with a format: `{rosa:.4}` would send half a
    number.
    """
    try:
        fields = [field for field in Formatter().parse(text) if field[1] is not None]
    except ValueError:
        return None
    if any(form or conversion for _, _, form, conversion in fields):
        return None
    return sorted(str(name) for _, name, _, _ in fields)


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
    with_hours = [name for name, row in content.contacts.items() if row.periods]
    known = {*content.contacts, *(f"{name}_hours" for name in with_hours)}
    for text in texts:
        extra = PHRASE_PLACEHOLDERS.get(text.context, ())
        yield from _english_problems(text.place, text.message, {*known, *extra})
    for text in outreach_texts:
        yield from _english_problems(text.place, text.message, content.contacts)
    for name, message in content.fixed.items():
        spoken = (name.removesuffix(f"_{tag}") for tag in content.country.languages)
        filled = chain.from_iterable(PHRASE_PLACEHOLDERS.get(key, ()) for key in (name, *spoken))
        yield from _english_problems(f"content/phrases.yaml ({name})", message, {*known, *filled})


def _english_problems(place: str, message: str, known: Collection[str]) -> Iterator[Problem]:
    names = text_placeholders(message)
    if names is None:
        summary = f"braces must enclose the name of a placeholder, got {message!r}"
        yield Problem(place, summary, "Write {name} of a contact")
    elif unknown := {*names} - {*known}:
        fix = "Use an id of content/contacts.yaml; {id_hours} only if the contact has hours"
        yield Problem(place, f"unknown placeholder {{{min(unknown)}}}", fix)
    for number in typed_numbers(message):
        if len(number) > 2:
            summary = f"phone numbers must be placeholders, got {number}"
            yield Problem(place, summary, "Write {name} of the contact instead")


def translation_problems(
    source: LanguageSource, texts: Iterable[EnglishString]
) -> Iterator[Problem]:
    """Yield a problem for each translation with other placeholders or numbers than the English."""
    for text in texts:
        translation = source.translate(*text.key)
        if translation is None:
            continue
        place = f"{source.catalog_place} ({text.context})"
        placeholders, numbers = _english_parts(text.message)
        if placeholders is None or text_placeholders(translation) != placeholders:
            summary = f"placeholders must match the English, got {translation!r}"
            yield Problem(place, summary, "Keep each {name} as it is")
        if typed_numbers(translation) != numbers:
            summary = f"digits must match the English, got {translation!r}"
            yield Problem(place, summary, "Type only the digits of the English text")


@cache  # each language compares its translations with them
def _english_parts(message: str) -> tuple[list[str] | None, list[str]]:
    return text_placeholders(message), typed_numbers(message)
