"""Approvals of texts: record them, and show which languages have them and what is left to read."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from rights_line.content import ContentSources, approvals_file
from rights_line.content.approval import Approval, missing_roles, needed_roles
from rights_line.content.approvals_file import Approvals
from rights_line.content.assembly import pages
from rights_line.content.catalogs import EnglishString
from rights_line.content.languages import ENGLISH, LanguageSource
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.file import replace_files

_MAX_TEXT = 60  # characters of a text on a line of the status

Reading = Mapping[str, Any]


def record(
    sources: ContentSources, tag: str, reading: Reading, screens: Collection[str] = ()
) -> int:
    """Record that a reader approved a language, or some screens; return the number of strings.

    A reading has `role` (one of `approvals.ROLES`), `by` (initials) and `on` (a date).

    Raises:
        ConfigurationError: a string is fuzzy or not translated, a code is unknown, the reading
            counts for nothing, or review.yaml is damaged; nothing is written.
        OSError: review.yaml cannot be written; it is as it was.
    """
    approval = sources.approvals[tag]
    known = [code for code in screens if code in approval.strings]
    texts = [*approval.required]
    if screens:
        keys = {key for code in known for key in approval.strings[code]}
        texts = [text for text in sources.texts if text.key in keys]
    language = sources.languages[tag]
    problems = [
        *language.approvals.problems,
        *approver_problems(language, reading, texts),
        *_unknown({*screens} - {*known}),
        *_untranslated(language, texts),
    ]
    if problems:
        raise ConfigurationError(problems)
    approvals = with_readings(sources, language, dict.fromkeys(texts, reading))
    replace_files({language.review_path: approvals_file.encode(approvals)})
    return len(texts)


def approver_problems(
    language: LanguageSource, reading: Reading, texts: Iterable[EnglishString]
) -> Iterator[Problem]:
    """Yield a problem if a reading would count for nothing: its role, or the same person again."""
    tag, roles = language.language.tag, needed_roles(language.language.tag)
    role, by = reading["role"], reading["by"]
    if role not in roles:
        summary = f"must be {' or '.join(roles)} for {tag}, got {role}"
        yield Problem("role", summary, f"Have {tag} read by a {roles[0]}")
        return
    others = [other for other in roles if other != role]
    for text in texts:
        key = language.fingerprint(text)
        if any(by in language.approvals.readers(key, other) for other in others):
            summary = f"{by} has approved these texts as {others[0]}; two people must read {tag}"
            yield Problem("initials", summary, f"Have them read by another {role}")
            return


def with_readings(
    sources: ContentSources, language: LanguageSource, rows: Mapping[EnglishString, Reading]
) -> Approvals:
    """Return the approvals of a language with a reading more for some of its strings."""
    readings = {key: [*earlier] for key, earlier in language.approvals.readings.items()}
    for text, reading in rows.items():
        earlier = readings.setdefault(language.fingerprint(text), [])
        if (row := {**reading, "msgctxt": text.context}) not in earlier:
            earlier.append(row)
    approvals = replace(language.approvals, readings=readings)
    after = replace(language, approvals=approvals)
    required = sources.approvals[language.language.tag].required
    if rows and not any(missing_roles(after, text) for text in required):
        approvals = replace(approvals, complete=max(row["on"] for row in rows.values()))
    return approvals


def _unknown(codes: Iterable[str]) -> Iterator[Problem]:
    for code in sorted(codes):
        yield Problem(f"screen {code}", "is unknown", "Use a code of `rights-line screens TAG`")


def _untranslated(language: LanguageSource, texts: Iterable[EnglishString]) -> Iterator[Problem]:
    for text in texts:
        if language.translate(*text.key) is None:
            line = language.catalog.fuzzy.get(text.key)
            place, state = language.catalog_place, "not translated"
            if line:
                place, state = f"{place}:{line}", "fuzzy"
            problem = f"{text.context} is {state}: {text.message[:40]!r}"
            yield Problem(place, problem, "Correct the translation, then approve it")


def status(sources: ContentSources, tags: Collection[str] = ()) -> Iterator[str]:
    """Yield the status of languages as lines; without `tags` of all.

    Those of `tags` come with every string that lacks an approval, the others with those that lost
    it.
    """
    for tag in tags or sources.languages:
        language, approval = sources.languages[tag], sources.approvals[tag]
        questions = [*_questions(sources.texts, language)]
        yield f"{tag}: {'; '.join([summary(tag, sources), *_unsettled(language, questions)])}"
        yield from _readings(approval) if tags else ()
        fuzzy = (text for text in sources.texts if text.key in language.catalog.fuzzy)
        strings = (*(approval.lacking if tags else approval.lost_strings), *fuzzy)
        yield from dict.fromkeys(_line(text, _state(text, language)) for text in strings)
        yield from questions if tags else ()


def _questions(texts: Iterable[EnglishString], language: LanguageSource) -> Iterator[str]:
    for text in texts:
        for row in language.approvals.open_questions(language.fingerprint(text)):
            answer = "not sure" if row["answer"] == "unsure" else f"change to {row['suggestion']!r}"
            note = f" ({row['note']})" if "note" in row else ""
            yield _line(text, f"{row['role']} {row['by']}, {row['on']}: {answer}{note}")


def _state(text: EnglishString, language: LanguageSource) -> str:
    if line := language.catalog.fuzzy.get(text.key):
        return f"fuzzy, messages.po:{line}"
    if language.translate(*text.key) is None:
        return "not translated"
    return f"lacks {' and '.join(missing_roles(language, text))}"


def _line(text: EnglishString, state: str) -> str:
    return f"  {text.place} [{text.context}] {state}: {text.message[:_MAX_TEXT]}"


def _unsettled(language: LanguageSource, questions: Collection[str]) -> Iterator[str]:
    if number := len(questions):
        yield f"{number} open {_noun('question', number)}"
    if number := sum(map(len, language.catalog.doubts.values())):
        yield f"{number} {_noun('doubt', number)} of the translator marked for the reader"


def _readings(approval: Approval) -> Iterator[str]:
    """Yield the number of strings to read for the core, and for each group of other screens."""
    lacking = {text.key for text in approval.lacking}
    if number := len(approval.core & lacking):
        yield f"  core: read {number} {_noun('string', number)}, and the language can go live"
    for codes, number in approval.to_read():
        screens, strings = _noun("screen", len(codes)), _noun("string", number)
        yield f"  {screens} {', '.join(map(pages.screen_name, codes))}: read {number} {strings}"


def _noun(singular: str, number: int) -> str:
    return singular if number == 1 else f"{singular}s"


def summary(tag: str, sources: ContentSources) -> str:
    """Return the status of a language in one line."""
    approval = sources.approvals[tag]
    if approval.is_complete:
        return "approved"
    if approval.source.approvals.problems:
        return "draft, because its review.yaml is damaged: run `rights-line check`"
    strings = f"{_progress(approval)}{_waits_for(tag, sources.approvals[ENGLISH])}"
    if approval.is_offered:
        codes = approval.strings
        own = sum(approval.language(code) == tag for code in codes)
        return f"core approved, {own} of {len(codes)} screens are sent; {strings}"
    state = "lost its approval" if approval.is_lost else "draft"
    return f"{state}, {strings}"


def _progress(approval: Approval) -> str:
    required, roles = approval.required, needed_roles(approval.source.language.tag)
    missing = [missing_roles(approval.source, text) for text in required]
    counts = {role: sum(role not in lacking for lacking in missing) for role in roles}
    given = [f"{count} of {len(required)} by {role}" for role, count in counts.items()]
    return f"strings approved: {', '.join(given)}"


def _waits_for(tag: str, english: Approval) -> str:
    """Return what a language waits for, beside its own readers."""
    if tag == ENGLISH or english.is_complete:
        return ""
    return "; English is not approved" + " in full" * english.is_offered
