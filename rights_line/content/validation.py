"""What must hold between the files, or the service does not start."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from string import Formatter

from rights_line.content import vocabulary
from rights_line.content.languages import SOURCE, LanguageSource
from rights_line.content.source import LIFELINES, Content, SourceString
from rights_line.content.yaml_file import display_path
from rights_line.core.library import CLOSE, LANGUAGES, MENU, NEXT
from rights_line.errors import Problem

# Without this in its own words a language could not even say the helplines.
REQUIRED_TRANSLATIONS = ("helplines",)
PHRASES = (
    *REQUIRED_TRANSLATIONS,
    "unclear",
    "menu",
    "close_label",
    "languages",
    "answer_yes",
    "answer_no",
    "next",
    "press",
    "connect",
    "leave",
    "leave_limits",
    "by_sms",
    "draft",
    "cost",
    "delete",
    "more",
    "hours",
    "closed",
    "holiday",
)
FIXED = (
    *("start", "say", "lifelines", "start_reply", "last_resort", "numbers", "pause", "bland"),
    *("call_start_nb", "call_start_en", "call_more_nb", "call_more_en"),
    *("call_unvoiced_nb", "call_unvoiced_en"),
)
# What a person sees first, or when all else fails, holds the numbers of the lifelines.
MUST_HAVE_NUMBERS = (
    *("start", "last_resort", "numbers", "pause", "lifelines", "helplines", "unclear"),
    *("call_start_nb", "call_start_en"),
)
# What the program puts into phrases, besides the numbers.
PHRASE_PLACEHOLDERS = {
    "hours": {"first", "last", "opens", "closes"},
    "closed": {"name", "day", "opens"},
    "holiday": {"name", "day", "opens"},
    **{name: {"norwegian"} for name in ("say", "call_unvoiced_nb", "call_unvoiced_en")},
    **{name: {"code"} for name in ("call_more_nb", "call_more_en")},
}


def problems(
    content: Content,
    tongues: Mapping[str, LanguageSource],
    texts: list[SourceString],
    told: list[SourceString],
) -> Iterator[Problem]:
    """Yield every fault that no file shows alone; `told` are the texts that nobody translates."""
    yield from _phrase_problems(content)
    yield from _code_problems(content)
    yield from _text_problems(content, [*texts, *told])
    for tongue in tongues.values():
        if tongue.has_texts:
            yield from _translation_problems(tongue, texts)
    yield from vocabulary.problems(tongues, content.topics)
    if SOURCE not in tongues:
        yield Problem(
            "locales/languages.yaml", f"{SOURCE} has no row", "It is the source: put it back"
        )


def placeholders(text: str) -> list[str]:
    """Return the placeholders of a text, sorted.

    Raises:
        ValueError: a brace stands alone, or a placeholder says how it is to be cut or turned:
            `{rosa:.4}` would be half a number.
    """
    names = []
    for _, name, form, conversion in Formatter().parse(text):
        if form or conversion:
            raise ValueError(text)
        if name is not None:
            names.append(name)
    return sorted(names)


def digits(text: str) -> list[str]:
    """Return the numbers that are typed in a text, sorted; groups with a space are one number."""
    typed = re.findall(r"\d+(?: \d+)*", re.sub(r"\{\w*\}", "", text))
    return sorted(number.replace(" ", "") for number in typed)


def _phrase_problems(content: Content) -> Iterator[Problem]:
    place = "content/phrases.yaml"
    for kind, needed, there in (
        ("text", PHRASES, content.phrases),
        ("fixed", FIXED, content.fixed),
    ):
        for name in needed:
            if name not in there:
                yield Problem(place, f"{name} has no {kind}", f'Write {name}: and {kind}: "..."')
    everything = content.fixed | content.phrases
    for name, number in product(MUST_HAVE_NUMBERS, LIFELINES):
        if f"{{{number}}}" not in everything.get(name, ""):
            yield Problem(place, f"{name} lacks {{{number}}}", "Put the number back")
    if vocabulary.EMERGENCY not in content.topics:
        yield Problem("content/topics", "danger.yaml is gone", "Emergency words lead to it")


def _code_problems(content: Content) -> Iterator[Problem]:
    owners: dict[str, str] = dict.fromkeys((MENU, CLOSE, LANGUAGES, NEXT), "the line itself")
    for owner, code in _codes(content):
        if code in owners:
            yield Problem(owner, f"code {code} is taken by {owners[code]}", "Choose a free code")
        owners[code] = owner
    for topic in content.topics.values():
        for code in topic.see:
            if code not in {other.code for other in content.topics.values()}:
                yield Problem(_place(topic.id), f"see: {code} is no topic", "Name a topic's code")
        for passage in topic.passages:
            for answer in filter(None, (passage.yes, passage.no)):
                if answer not in owners:
                    problem = f"an answer leads to {answer}, which is no screen"
                    yield Problem(_place(topic.id), problem, "Name a screen's code")


def _codes(content: Content) -> Iterator[tuple[str, str]]:
    for contact in content.contacts.values():
        yield f"content/contacts.yaml ({contact.id})", contact.code
    for topic in content.topics.values():
        own = [passage.code for passage in topic.passages] or [topic.code]
        for code in (*own, *topic.also):
            yield _place(topic.id), code


def _place(topic: str) -> str:
    return f"content/topics/{topic}.yaml"


def _text_problems(content: Content, texts: list[SourceString]) -> Iterator[Problem]:
    ranged = [name for name, row in content.contacts.items() if row.hours and row.hours.periods]
    known = {*content.contacts, *(f"{name}_hours" for name in ranged)}
    for text in texts:
        place = f"{display_path(text.path)}:{text.line}"
        yield from _message_problems(
            place, text.message, known | PHRASE_PLACEHOLDERS.get(text.context, set())
        )
    for name, message in content.fixed.items():
        place = f"content/phrases.yaml ({name})"
        yield from _message_problems(place, message, known | PHRASE_PLACEHOLDERS.get(name, set()))


def _message_problems(place: str, message: str, known: set[str]) -> Iterator[Problem]:
    try:
        unknown = set(placeholders(message)) - known
    except ValueError:
        yield Problem(place, "a brace stands alone, or cuts a number", "Write {name} of a contact")
        return
    if unknown:
        problem = f"{{{min(unknown)}}} is no contact, or has no hours"
        yield Problem(place, problem, "Use an id of content/contacts.yaml")
    for number in digits(message):
        if len(number) > 2:
            yield Problem(place, f"{number} is typed", "Write {name} of the contact instead")


def lacking(tongue: LanguageSource, texts: list[SourceString]) -> Iterator[Problem]:
    """Yield a fault for each text without which a language could not even say the helplines."""
    for text in texts:
        if (
            text.context in REQUIRED_TRANSLATIONS
            and tongue.translate(text.context, text.message) is None
        ):
            place = f"{_catalog(tongue)} ({text.context})"
            yield Problem(place, f"{text.context} is not translated", "Translate it first")


def _catalog(tongue: LanguageSource) -> str:
    return f"locales/{tongue.language.tag}/LC_MESSAGES/messages.po"


def _translation_problems(tongue: LanguageSource, texts: list[SourceString]) -> Iterator[Problem]:
    for text in texts:
        said = tongue.translate(text.context, text.message)
        place = f"{_catalog(tongue)} ({text.context})"
        if said is None:
            continue
        try:
            same = placeholders(said) == placeholders(text.message)
        except ValueError:
            same = False
        if not same:
            yield Problem(place, f"placeholders differ: {said!r}", "Keep each {name} as it is")
        if Counter(digits(said)) != Counter(digits(text.message)):
            yield Problem(place, f"digits differ: {said!r}", "Type no digit the English has not")
