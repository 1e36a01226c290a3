"""Check the content as a whole; any problem stops the service from starting."""

from collections.abc import Iterator, Mapping

from rights_line.content import text_checks
from rights_line.content.catalogs import EnglishString
from rights_line.content.content_reader import Content
from rights_line.content.languages import ENGLISH, LanguageSource
from rights_line.content.words import ConceptRow
from rights_line.core import ACTS, CLOSE, INSULT, LANGUAGES, MENU, NEXT, OTHER_LANGUAGES
from rights_line.errors import Problem

EMERGENCY = "danger"  # the topic that emergency words lead to
PHRASES = (
    *("helplines", "in_danger", "minors", "interpreter", "write", "unclear", "unclear_again"),
    *("number_again", "run_by", *(name for name in ACTS if name != INSULT)),
    *("menu", "close_label", "languages", "answer_yes", "answer_no", "next", "press", "connect"),
    *("leave", "leave_limits", "by_sms", "draft", "cost", "delete", "more"),
    *("hours", "closed", "holiday"),
)
FIXED = (
    *("start", "say", "lifelines", "start_reply", "fallback", "numbers", "throttled", "goodbye"),
    *("in_english", "below_english", "dial", "write_first", "call_start", "call_unvoiced"),
)
WITH_HELPLINES = (
    *("start", "fallback", "numbers", "throttled", "lifelines", "write_first"),
    "unclear_again",
)
# Each in the languages of the helplines.
CALL_HELPLINES = "call_helplines"
CALLS = (CALL_HELPLINES, "call_more", "call_transfer")
_CONTACTS_FILE = "content/contacts.yaml"
_PHRASES_FILE = "content/phrases.yaml"


def problems(
    content: Content,
    concepts: Mapping[str, ConceptRow],
    languages: Mapping[str, LanguageSource],
    texts: list[EnglishString],
    outreach_texts: list[EnglishString],
) -> Iterator[Problem]:
    """Yield every problem that no file shows alone; outreach texts have no translations."""
    for name in content.country.helplines:
        if name not in content.contacts:
            fix = "Restore it, or name another contact in helplines: of content/country.yaml"
            yield Problem(_CONTACTS_FILE, f"{name} is missing", fix)
    if EMERGENCY not in content.topics:
        fix = "Restore it: emergency words lead to this topic"
        yield Problem(_topic_file(EMERGENCY), "is missing", fix)
    if ENGLISH not in languages:
        fix = "Restore it: English is the source of all translations"
        yield Problem("locales/languages.yaml", f"row {ENGLISH} is missing", fix)
    yield from _phrase_problems(content)
    yield from _unique_code_problems(content)
    yield from _link_problems(content)
    yield from _concept_problems(content, concepts)
    yield from text_checks.english_problems(content, texts, outreach_texts)
    for source in languages.values():
        yield from text_checks.translation_problems(source, texts)


def _phrase_problems(content: Content) -> Iterator[Problem]:
    calls = (f"{name}_{tag}" for name in CALLS for tag in content.country.languages)
    tables = (("text", PHRASES, content.phrases), ("fixed", (*FIXED, *calls), content.fixed))
    for kind, names, table in tables:
        for name in names:
            if name not in table:
                fix = f'Add {name}: and {kind}: "..."'
                yield Problem(_PHRASES_FILE, f"{name}: {kind} is missing", fix)
    phrases = content.fixed | content.phrases
    for name, required in _phrase_placeholders(content).items():
        for placeholder in required:
            if f"{{{placeholder}}}" not in phrases.get(name, ""):
                summary = f"{name} must contain {{{placeholder}}}"
                yield Problem(_PHRASES_FILE, summary, "Put the placeholder back")


def _phrase_placeholders(content: Content) -> Mapping[str, tuple[str, ...]]:
    """Return phrase -> placeholders; first replies and fallbacks have all helplines."""
    helplines = content.country.helplines
    spoken = [f"{CALL_HELPLINES}_{tag}" for tag in content.country.languages]
    return {
        **dict.fromkeys((*WITH_HELPLINES, *spoken), helplines),
        **dict.fromkeys(("call_start", "call_unvoiced"), helplines[:2]),
        "in_danger": (helplines.emergency,),
        "minors": (helplines.minors,),
        "helplines": ("in_danger", helplines.adults, "minors"),
    }


def _unique_code_problems(content: Content) -> Iterator[Problem]:
    owners = dict.fromkeys((MENU, CLOSE, LANGUAGES, OTHER_LANGUAGES, NEXT), "a fixed command")
    also = ((_topic_file(row.id), code) for row in content.topics.values() for code in row.also)
    for owner, code in (*also, *_screens(content)):
        if code in owners:
            summary = f"code {code} must be unique, but is used by {owners[code]}"
            yield Problem(owner, summary, "Choose a free code")
        owners[code] = owner


def _link_problems(content: Content) -> Iterator[Problem]:
    passages = [(row, passage) for row in content.topics.values() for passage in row.passages]
    titled = {*content.contacts, *(topic.code for topic in content.topics.values())}
    titled |= {passage.code for _, passage in passages if passage.title}
    contacts = content.contacts.values()
    seen = [(f"{_CONTACTS_FILE} ({row.id})", code) for row in contacts for code in row.see]
    seen += [(_topic_file(topic.id), code) for topic, passage in passages for code in passage.see]
    passage_codes = {passage.code for _, passage in passages}
    for row in contacts:
        if row.link_from and row.link_from not in passage_codes:
            summary = f"link_from: expected the code of a screen with a text, got {row.link_from}"
            yield Problem(f"{_CONTACTS_FILE} ({row.id})", summary, "Use the code of a topic")
    for place, code in seen:
        if code not in titled:
            summary = f"see: expected a contact or the code of a titled screen, got {code}"
            fix = "Use the code of a topic or of a titled passage, or the id of a contact"
            yield Problem(place, summary, fix)
    screens = {MENU, CLOSE, LANGUAGES, NEXT, *(code for _, code in _screens(content))}
    for topic, passage in passages:
        for answer in filter(None, (passage.yes, passage.no)):
            if answer not in screens:
                summary = f"answers: expected the code of a screen, got {answer}"
                fix = "Use the code of a topic, a passage or a contact"
                yield Problem(_topic_file(topic.id), summary, fix)


def _concept_problems(content: Content, concepts: Mapping[str, ConceptRow]) -> Iterator[Problem]:
    screens = {"", MENU, LANGUAGES, *ACTS, *(code for _, code in _screens(content))}
    for name, row in concepts.items():
        for code in (row.concept.code, *row.concept.also, *row.concept.never):
            if code not in screens:
                summary = f"{name}: expected a topic, a contact or the code of a screen, got {code}"
                fix = "Use an id of content/topics/ or contacts.yaml, or a code"
                yield Problem("content/concepts.yaml", summary, fix)


def _screens(content: Content) -> Iterator[tuple[str, str]]:
    """Yield the place and the code of every screen."""
    for contact in content.contacts.values():
        yield f"{_CONTACTS_FILE} ({contact.id})", contact.code
    for topic in content.topics.values():
        for code in content.topic_codes(topic.id) or (topic.code,):
            yield _topic_file(topic.id), code


def _topic_file(topic: str) -> str:
    return f"content/topics/{topic}.yaml"
