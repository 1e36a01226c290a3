"""Status of the languages: approved strings, lost approvals, questions and doubts."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from rights_line.content.approval_rule import missing_roles, needed_roles
from rights_line.content.files import approvals_file
from rights_line.content.files.content_reader import EnglishString
from rights_line.content.files.languages import ENGLISH, LanguageSource
from rights_line.content.files.yaml_mapping import display_path
from rights_line.content.loader import ContentSources
from rights_line.editorial import po_files

StatusRow = Mapping[str, Any]

_MAX_TEXT = 60  # characters of a text on a line


def rows(sources: ContentSources, root: Path, tags: Collection[str]) -> list[StatusRow]:
    """Return the status of languages (`tags` empty: all), for JSON."""
    return [_row(sources, root, tag) for tag in tags or sources.catalog_tags()]


def _row(sources: ContentSources, root: Path, tag: str) -> StatusRow:
    language, approval = sources.languages[tag], sources.string_approvals[tag]
    core = sources.approval.core
    fuzzy = [text for text in sources.texts if (text.context, text.message) in language.fuzzy]
    return {
        "tag": tag,
        "state": _state(tag, sources),
        "summary": summary(tag, sources),
        "strings": len(approval.required),
        "approved": len(approval.required) - len(approval.lacking),
        "core": {
            "strings": len(core),
            "approved": len(core) - len(sources.approval.strings_to_read(tag, core)),
        },
        "screens": [
            {"code": code, "sent_in": sources.approval.language(tag, code) or "helplines"}
            for code in sources.approval.strings
        ],
        "readings": [
            {"screens": codes, "strings": number} for codes, number in sources.approval.to_read(tag)
        ],
        "lacking": [_string(text, language) for text in approval.lacking],
        "lost": [_string(text, language) for text in approval.lost_strings],
        "fuzzy": [_string(text, language) for text in fuzzy],
        "questions": [*_questions(sources.texts, language)],
        "doubts": sum(map(len, po_files.doubts(po_files.file_path(root, tag)).values())),
    }


def _state(tag: str, sources: ContentSources) -> str:
    """Return the state of a language: `partial` if its core is approved, but not all of it."""
    if sources.is_language_approved(tag):
        return "approved"
    if sources.is_language_offered(tag):
        return "partial"
    return "lost" if sources.approval.is_lost(tag) else "draft"


def _questions(texts: Collection[EnglishString], language: LanguageSource) -> Iterator[StatusRow]:
    for text in texts:
        translation = language.translate(text.context, text.message) or ""
        for row in language.approvals.open_questions(approvals_file.fingerprint(text, translation)):
            answer = "not sure" if row["answer"] == "unsure" else f"change to {row['suggestion']!r}"
            note = f" ({row['note']})" if "note" in row else ""
            state = f"{row['role']} {row['by']}, {row['on']}: {answer}{note}"
            yield {**_string(text, language), "state": state}


def _string(text: EnglishString, language: LanguageSource) -> StatusRow:
    key = (text.context, text.message)
    if line := language.fuzzy.get(key):
        state = f"fuzzy, messages.po:{line}"
    elif language.translate(*key) is None:
        state = "not translated"
    else:
        state = f"lacks {' and '.join(missing_roles(language, text))}"
    place = f"{display_path(text.path)}:{text.line}"
    return {"msgctxt": text.context, "msgid": text.message, "place": place, "state": state}


def lines(found: Collection[StatusRow], in_full: bool) -> Iterator[str]:
    """Yield a status as lines; `in_full`: with all strings that lack an approval."""
    for row in found:
        yield f"{row['tag']}: {'; '.join([row['summary'], *_unsettled(row)])}"
        yield from _readings(row) if in_full else ()
        strings = [*(row["lacking"] if in_full else row["lost"]), *row["fuzzy"]]
        strings += row["questions"] if in_full else []
        yield from dict.fromkeys(map(_line, strings))


def _line(string: StatusRow) -> str:
    text = string["msgid"][:_MAX_TEXT]
    return f"  {string['place']} [{string['msgctxt']}] {string['state']}: {text}"


def _unsettled(row: StatusRow) -> Iterator[str]:
    if questions := len(row["questions"]):
        yield f"{questions} open {_noun('question', questions)}"
    if number := row["doubts"]:
        yield f"{number} {_noun('doubt', number)} of the translator marked for the reader"


def _readings(row: StatusRow) -> Iterator[str]:
    """Yield the number of strings to read for the core, and for each group of other screens."""
    to_read = row["core"]["strings"] - row["core"]["approved"]
    if to_read:
        yield f"  core: read {to_read} strings, and the language can go live"
    for group in row["readings"]:
        codes, number = group["screens"], group["strings"]
        screens, strings = _noun("screen", len(codes)), _noun("string", number)
        yield f"  {screens} {', '.join(codes)}: read {number} {strings}"


def _noun(singular: str, number: int) -> str:
    return singular if number == 1 else f"{singular}s"


def summary(tag: str, sources: ContentSources) -> str:
    """Return the status of a language in one line."""
    if sources.is_language_approved(tag):
        return "approved"
    if sources.languages[tag].approvals.problems:
        return "draft, because its review.yaml is damaged: run `rights-line check`"
    strings = f"{_progress(tag, sources)}{_waits_for(tag, sources)}"
    if sources.is_language_offered(tag):
        codes = sources.approval.strings
        own = sum(sources.approval.language(tag, code) == tag for code in codes)
        return f"core approved, {own} of {len(codes)} screens are sent; {strings}"
    state = "lost its approval" if sources.approval.is_lost(tag) else "draft"
    return f"{state}, {strings}"


def _progress(tag: str, sources: ContentSources) -> str:
    required, language = sources.string_approvals[tag].required, sources.languages[tag]
    missing = [missing_roles(language, text) for text in required]
    counts = {role: sum(role not in roles for roles in missing) for role in needed_roles(tag)}
    given = [f"{count} of {len(required)} by {role}" for role, count in counts.items()]
    return f"strings approved: {', '.join(given)}"


def _waits_for(tag: str, sources: ContentSources) -> str:
    """Return what a language waits for, beside its own readers."""
    if tag == ENGLISH or sources.is_language_approved(ENGLISH):
        return ""
    return "; English is not approved" + " in full" * sources.is_language_offered(ENGLISH)
