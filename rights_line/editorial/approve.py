"""Record approvals and questions in locales/<tag>/review.yaml, for each exact string."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import yaml

from rights_line.content import ContentSources, approvals_file
from rights_line.content.approval import missing_roles, needed_roles
from rights_line.content.approvals_file import COMPLETE, Approvals
from rights_line.content.catalogs import EnglishString
from rights_line.content.languages import LanguageSource
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.file import replace_files

try:
    from yaml import CSafeDumper as SafeDumper  # libyaml, about five times faster
except ImportError:
    from yaml import SafeDumper  # type: ignore[assignment]

_HEADER = (
    "# Who approved, or questioned, which exact string, by fingerprint; written by\n"
    "# `rights-line approve` and `rights-line import`.\n"
)

Reading = Mapping[str, Any]


class _Dumper(SafeDumper):
    """Writes no YAML aliases: equal dates are written out each time."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def strings(
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
    approvals = approvals_with_readings(sources, language, dict.fromkeys(texts, reading))
    replace_files({language.review_path: approvals_bytes(approvals)})
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
        key = approvals_file.fingerprint(text, language.translate(*text.key) or "")
        if any(by in language.approvals.readers(key, other) for other in others):
            summary = f"{by} has approved these texts as {others[0]}; two people must read {tag}"
            yield Problem("initials", summary, f"Have them read by another {role}")
            return


def approvals_with_readings(
    sources: ContentSources, language: LanguageSource, rows: Mapping[EnglishString, Reading]
) -> Approvals:
    """Return the approvals of a language with a reading more for some of its strings."""
    readings = {key: [*earlier] for key, earlier in language.approvals.readings.items()}
    for text, reading in rows.items():
        translation = language.translate(*text.key) or ""
        earlier = readings.setdefault(approvals_file.fingerprint(text, translation), [])
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


def approvals_bytes(approvals: Approvals) -> bytes:
    """Return approvals as YAML, as `approvals_file.load` reads it."""
    rows: dict[str, object] = {COMPLETE: approvals.complete} if approvals.complete else {}
    rows |= {key: [*map(dict, given)] for key, given in sorted(approvals.readings.items())}
    # default_flow_style=None writes each reading in braces on one line, so that diffs stay short.
    written = yaml.dump(
        rows,
        Dumper=_Dumper,
        sort_keys=False,
        default_flow_style=None,
        width=200,
        allow_unicode=True,
    )
    return (_HEADER + written).encode()
