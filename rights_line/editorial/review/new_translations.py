"""New translations of a language: written into its catalog, and checked before."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from rights_line.content.files.catalogs import Entries
from rights_line.content.files.content_reader import EnglishString
from rights_line.content.files.yaml_mapping import display_path
from rights_line.content.loader import ContentSources
from rights_line.editorial import po_files
from rights_line.editorial.lint.lint_texts import lint_missing_translations, lint_texts
from rights_line.errors import Problem


def changed_catalog(
    path: Path, changes: Mapping[EnglishString, str], problems: list[Problem]
) -> bytes:
    """Return a catalog with other translations of some texts, adding every problem found."""
    catalog = po_files.read_file(path)
    for text, translation in changes.items():
        message = catalog.get(text.message, text.context)
        if message is None:
            problem = f"lacks {text.context}: {text.message[:60]!r}"
            fix = "Run make strings, then import again"
            problems.append(Problem(display_path(path), problem, fix))
        else:
            message.string = translation
            message.flags.discard("fuzzy")
    return po_files.file_bytes(catalog)


def new_translation_problems(sources: ContentSources, tag: str, entries: Entries) -> list[Problem]:
    """Return the problems that new catalog entries would add to a language."""
    candidate = sources.with_language_source(replace(sources.languages[tag], **entries._asdict()))
    problems = list(candidate.source_problems()) or lint_texts(candidate)
    if not problems:
        return []
    known = {
        *map(
            _problem_key,
            (*lint_texts(sources), *lint_missing_translations(candidate, tag)),
        )
    }
    return [problem for problem in problems if _problem_key(problem) not in known]


def _problem_key(problem: Problem) -> tuple[str, str]:
    """Return a problem without its line, which moves with the entries above it."""
    return re.sub(r":\d+$", "", problem.place), problem.summary
