"""The rule of approval (docs/design.md, D7) and the state of each string under it.

English is approved by a practitioner and a lawyer, two people. Any other language is approved by a
native reader. Approval by screen is in screen_approval.py.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rights_line.content.assembly.screen_tree import MessageKey
from rights_line.content.files import approvals_file
from rights_line.content.files.approvals_file import LAWYER, NATIVE_READER, PRACTITIONER, Approvals
from rights_line.content.files.catalogs import EnglishString
from rights_line.content.files.languages import ENGLISH, LanguageSource


@dataclass(frozen=True)
class StringApproval:
    """The state of approval of one language."""

    required: tuple[EnglishString, ...]  # the strings that must be approved
    lacking: tuple[EnglishString, ...]  # those of them that are not
    changed: tuple[EnglishString, ...]  # those of `lacking` with an earlier version that was
    was_complete: bool  # whether every string is approved, or was at one time

    @property
    def lost_strings(self) -> tuple[EnglishString, ...]:
        """Return the strings that made an approved text lose its approval."""
        return self.lacking if self.was_complete else self.changed


def needed_roles(tag: str) -> tuple[str, ...]:
    """Return the roles that must each approve every string of a language."""
    return (PRACTITIONER, LAWYER) if tag == ENGLISH else (NATIVE_READER,)


def missing_roles(source: LanguageSource, text: EnglishString) -> list[str]:
    """Return the roles that have not approved the current translation of a string."""
    translation, roles = source.translate(*text.key), needed_roles(source.language.tag)
    if translation is None:
        return [*roles]
    key = approvals_file.fingerprint(text, translation)
    return _roles_without_reader(roles, source.approvals, key)


def _roles_without_reader(roles: Sequence[str], approvals: Approvals, key: str) -> list[str]:
    """Return the roles without a reader. Two roles need two people: one counts in the first."""
    readers = [approvals.readers(key, role) for role in roles]
    missing = [role for role, initials in zip(roles, readers, strict=True) if not initials]
    people = set().union(*readers)
    return missing or [*roles[len(people) :]]


def string_approval(
    source: LanguageSource, texts: Sequence[EnglishString], short: Collection[MessageKey]
) -> StringApproval:
    """Return the state of approval of a language.

    `short` holds the texts that a language with `texts: short` must translate.
    """
    required = tuple(texts)
    if source.texts == "short":  # the other texts may be left in English
        required = tuple(
            text
            for text in required
            if text.key in short or source.translate(*text.key) is not None
        )
    was_complete = source.approvals.complete is not None
    if not source.approvals.readings:
        return StringApproval(required, required, (), was_complete)
    lacking = tuple(text for text in required if missing_roles(source, text))
    earlier = _formerly_approved_contexts(source, texts) if lacking else set()
    changed = tuple(text for text in lacking if text.context in earlier)
    return StringApproval(required, lacking, changed, was_complete or changed == lacking)


def _formerly_approved_contexts(source: LanguageSource, texts: Sequence[EnglishString]) -> set[str]:
    """Return the msgctxts of approved strings that are not in use any more."""
    current = {
        approvals_file.fingerprint(text, string)
        for text in texts
        if (string := source.translate(*text.key)) is not None
    }
    needed = needed_roles(source.language.tag)
    return {
        reading["msgctxt"]
        for key, readings in source.approvals.readings.items()
        if key not in current and not _roles_without_reader(needed, source.approvals, key)
        for reading in readings
        if "msgctxt" in reading
    }


def list_names(names: Iterable[str], most: int = 3) -> str:
    """Return the first names of a list, and how many more there are."""
    found = list(dict.fromkeys(names))
    more = len(found) - most
    listed = ", ".join(found[:most])
    return f"{listed} and {more} more" if more > 0 else listed
