"""Status of the texts: approved strings, lost approvals, and overdue contacts."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from rights_line.content.approval_rule import is_lost, missing_roles, needed_roles
from rights_line.content.approvals import fingerprint
from rights_line.content.languages import SOURCE, LanguageSource
from rights_line.content.loader import ContentSources
from rights_line.content.source import SourceString
from rights_line.content.yaml_file import display_path

Row = dict[str, str]

_MAX_TEXT = 60  # characters of a text on a line


def status(sources: ContentSources, tags: Collection[str], today: date) -> dict[str, Any]:
    """Return the status of languages (`tags` empty: all) and contacts, for JSON."""
    contacts = sorted(sources.content.contacts.values(), key=lambda contact: contact.verify_by)
    return {
        "languages": [
            _language(sources, tag)
            for tag, language in sources.languages.items()
            if language.has_catalog and (not tags or tag in tags)
        ],
        "contacts": [
            {
                "id": contact.id,
                "verified_on": contact.verified_on.isoformat(),
                "verify_by": contact.verify_by.isoformat(),
                "is_overdue": contact.is_overdue(today),
            }
            for contact in contacts
        ],
    }


def _language(sources: ContentSources, tag: str) -> dict[str, Any]:
    language, review = sources.languages[tag], sources.reviews[tag]
    lost = is_lost(tag, sources.reviews)
    fuzzy = [text for text in sources.texts if (text.context, text.message) in language.fuzzy]
    return {
        "tag": tag,
        "state": "approved" if sources.is_approved(tag) else "lost" if lost else "draft",
        "summary": summary(tag, sources),
        "strings": len(review.required),
        "approved": len(review.required) - len(review.lacking),
        "lacking": [_string(text, language) for text in review.lacking],
        "lost": [_string(text, language) for text in review.lost],
        "fuzzy": [_string(text, language) for text in fuzzy],
        "questions": [*_questions(sources.texts, language)],
    }


def _questions(texts: Collection[SourceString], language: LanguageSource) -> Iterator[Row]:
    """Yield each open question of a reader about a string as it is now."""
    for text in texts:
        translation = language.translate(text.context, text.message) or ""
        for row in language.approvals.questions(fingerprint(text, translation)):
            answer = "not sure" if row["answer"] == "unsure" else f"change to {row['suggestion']!r}"
            note = f" ({row['note']})" if "note" in row else ""
            state = f"{row['role']} {row['by']}, {row['on']}: {answer}{note}"
            yield {**_string(text, language), "state": state}


def _string(text: SourceString, language: LanguageSource) -> Row:
    key = (text.context, text.message)
    if line := language.fuzzy.get(key):
        state = f"fuzzy, messages.po:{line}"
    elif language.translate(*key) is None:
        state = "not translated"
    else:
        state = f"lacks {' and '.join(missing_roles(language, text))}"
    place = f"{display_path(text.path)}:{text.line}"
    return {"msgctxt": text.context, "msgid": text.message, "place": place, "state": state}


def lines(found: Mapping[str, Any], in_full: bool) -> Iterator[str]:
    """Yield a status as lines; `in_full`: with all strings that lack an approval."""
    for row in found["languages"]:
        yield f"{row['tag']}: {row['summary']}{_count(row['questions'])}"
        shown = [*(row["lacking"] if in_full else row["lost"]), *row["fuzzy"]]
        shown += row["questions"] if in_full else []
        yield from dict.fromkeys(map(_line, shown))
    overdue = [row for row in found["contacts"] if row["is_overdue"]]
    for row in overdue:
        yield f"contact {row['id']}: overdue since {row['verify_by']}"
    if not overdue:
        yield f"contacts: not overdue; the first is due by {found['contacts'][0]['verify_by']}"


def _count(questions: Collection[Row]) -> str:
    noun = "question" if len(questions) == 1 else "questions"
    return f"; {len(questions)} open {noun}" if questions else ""


def summary(tag: str, sources: ContentSources) -> str:
    """Return the status of a language in one line."""
    review, roles = sources.reviews[tag], " and ".join(needed_roles(tag))
    if sources.is_approved(tag):
        return "approved"
    if sources.languages[tag].approvals.problems:
        return "draft, because its review.yaml is damaged: run `rights-line check`"
    count = f"{len(review.required) - len(review.lacking)} of {len(review.required)}"
    waiting = "; English is not approved" if not sources.reviews[SOURCE].is_complete else ""
    state = "lost its approval" if is_lost(tag, sources.reviews) else "draft"
    return f"{state}, {count} strings approved by {roles}{waiting if tag != SOURCE else ''}"


def _line(string: Mapping[str, str]) -> str:
    text = string["msgid"][:_MAX_TEXT]
    return f"  {string['place']} [{string['msgctxt']}] {string['state']}: {text}"
