"""The rule of approval of strings, and what it allows: screens, languages (D7, D27).

English is approved by a practitioner and a lawyer, two people. Any other language is approved by a
native reader. A screen is approved when all its strings are, in its language and in English. A
language is offered when its core is approved: the screens of CORE.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rights_line.content import approvals_file
from rights_line.content.approvals_file import LAWYER, NATIVE_READER, PRACTITIONER, Approvals
from rights_line.content.assembly import MessageKey, ScreenTree
from rights_line.content.assembly.texts import screen_strings
from rights_line.content.catalogs import EnglishString
from rights_line.content.languages import ENGLISH, LanguageSource
from rights_line.core import MENU, NOT_SENT
from rights_line.errors import Problem


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


# Danger, the menu, somebody to talk to, under 18, and the answers without a topic.
CORE = ("1", "11", "12", "13", MENU, "2", "8", *NOT_SENT)
# Of a short edition: how to ask for an interpreter; what stands on web pages, cards and USSD pages.
_SHORT_PHRASES = (
    *("interpreter", "draft", "leave", "leave_limits", "leave_keys", "private_window"),
    *("by_sms", "cost", "delete", "checked", "no_page", "web_sees", "next"),
)
HELPLINES = ""  # in place of a language: a screen that is approved in neither


class ScreenApproval:
    """The state of approval of each screen in each language."""

    def __init__(
        self,
        tree: ScreenTree,
        languages: Mapping[str, LanguageSource],
        string_approvals: Mapping[str, StringApproval],
    ) -> None:
        self.strings = {row.code: screen_strings(tree, row) for row in tree.screens}
        self.core_codes = tuple(code for code in CORE if code in self.strings)
        self.core = core_strings(tree)
        self._languages = languages
        self._string_approvals = string_approvals
        self._lacking = {tag: _keys(row.lacking) for tag, row in string_approvals.items()}

    def withheld_strings(self, tag: str) -> frozenset[MessageKey]:
        """Return the strings of a language that may not be sent."""
        return self._lacking[tag] | self._lacking[ENGLISH]

    def is_language_offered(self, tag: str) -> bool:
        """Return whether the core of a language is approved."""
        return self._languages[tag].has_texts and self._may_send_strings(tag, self.core)

    def is_language_approved(self, tag: str) -> bool:
        """Return whether all that a language must have approved is."""
        return self.is_language_offered(tag) and not self.withheld_strings(tag)

    def language(self, tag: str, code: str) -> str:
        """Return the language that a screen is sent in: its own, English, or `HELPLINES`."""
        keys = self.strings[code]
        if self._may_send_strings(tag, keys):
            return tag
        return HELPLINES if keys & self._lacking[ENGLISH] else ENGLISH

    def to_read(self, tag: str) -> list[tuple[list[str], int]]:
        """Return for each group of screens that lack the same strings: codes, number of strings."""
        lacking = {code: keys & self._lacking[tag] for code, keys in self.strings.items()}
        rows = sorted((sorted(keys), code) for code, keys in lacking.items() if keys)
        groups = groupby(rows, lambda row: row[0])
        return sorted(([code for _, code in group], len(keys)) for keys, group in groups)

    def lost_problems(self, tags: Iterable[str]) -> Iterator[Problem]:
        """Yield a problem for each of these languages that lost its core, or other screens."""
        for tag in tags:
            if self.is_lost(tag):
                yield self._lost_core_problem(tag)
            elif self.is_language_offered(tag):
                yield from self._lost_screens_problems(tag)

    def is_lost(self, tag: str) -> bool:
        """Return whether a language was offered earlier and now is not."""
        return not self.is_language_offered(tag) and all(map(self._was_offered, (tag, ENGLISH)))

    def _was_offered(self, tag: str) -> bool:
        approval = self._string_approvals[tag]
        return approval.was_complete or self.core & self._lacking[tag] <= _keys(approval.changed)

    def _may_send_strings(self, tag: str, keys: Collection[MessageKey]) -> bool:
        source, withheld = self._languages[tag], self.withheld_strings(tag)
        return all(key not in withheld and source.translate(*key) is not None for key in keys)

    def _lost_core_problem(self, tag: str) -> Problem:
        lost = self._string_approvals[tag].lost_strings
        names = [text.context for text in lost if text.key in self.core]
        if not names:
            why = "lost its approval because English is not approved"
            return _lost_problem(tag, why, see=ENGLISH)
        count = f"{len(names)} of {len(self.core)} strings of the core changed or are new"
        return _lost_problem(tag, f"lost its approval, {count}: {list_names(names)}", see=tag)

    def _lost_screens_problems(self, tag: str) -> Iterator[Problem]:
        lost = _keys(self._string_approvals[tag].lost_strings)
        if codes := [code for code, keys in self.strings.items() if keys & lost]:
            instead = "as the helplines" if tag == ENGLISH else "in English, or as the helplines"
            count = f"{len(codes)} of {len(self.strings)} screens {instead}"
            summary = f"sends {count}, until they are read again: {list_names(codes)}"
            yield _lost_problem(tag, summary, see=tag)


def _lost_problem(tag: str, summary: str, see: str) -> Problem:
    return Problem(f"language {tag}", summary, f"Run: rights-line status {see}")


def core_strings(tree: ScreenTree) -> frozenset[MessageKey]:
    """Return the strings without which a language is not offered."""
    screens = (screen_strings(tree, row) for row in tree.screens if row.code in CORE)
    return frozenset[MessageKey]().union(*screens)


def short_texts(tree: ScreenTree) -> frozenset[MessageKey]:
    """Return what a language with `texts: short` must translate: the core and some phrases."""
    names = filter(tree.content.phrases.__contains__, _SHORT_PHRASES)
    return core_strings(tree) | {*map(tree.phrase_key, names)}


def _keys(texts: Iterable[EnglishString]) -> frozenset[MessageKey]:
    return frozenset(text.key for text in texts)
