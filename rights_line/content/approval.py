"""The rule of approval of strings, and what it allows: screens, languages (D7, D27).

English is approved by a practitioner and a lawyer, two people. Any other language is approved by a
native reader. A screen is approved when all its strings are, in its language and in English. A
language is offered when its core is approved: the screens of CORE.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from rights_line.content.approvals_file import LAWYER, NATIVE_READER, PRACTITIONER
from rights_line.content.assembly import MessageKey, ScreenTree
from rights_line.content.catalogs import EnglishString
from rights_line.content.languages import ENGLISH, LanguageSource
from rights_line.core import MENU, NOT_SENT
from rights_line.errors import Problem


def needed_roles(tag: str) -> tuple[str, ...]:
    """Return the roles that must each approve every string of a language."""
    return (PRACTITIONER, LAWYER) if tag == ENGLISH else (NATIVE_READER,)


def missing_roles(source: LanguageSource, text: EnglishString) -> list[str]:
    """Return the roles that have not approved the current translation of a string."""
    roles = needed_roles(source.language.tag)
    if source.translate(*text.key) is None:
        return [*roles]
    return source.approvals.roles_without_reader(roles, source.fingerprint(text))


def _formerly_approved_contexts(source: LanguageSource, texts: Sequence[EnglishString]) -> set[str]:
    """Return the msgctxts of approved strings that are not in use any more."""
    current = {*map(source.fingerprint, texts)}
    needed = needed_roles(source.language.tag)
    return {
        reading["msgctxt"]
        for key, readings in source.approvals.readings.items()
        if key not in current and not source.approvals.roles_without_reader(needed, key)
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


class Approval:
    """The state of approval of a language, and of each screen in it.

    Attributes:
        strings: code of a screen -> its strings.
        core: the strings without which a language is not offered.
        required: the strings that must be approved.
        lacking: those of them that are not.
        changed: those of `lacking` with an earlier version that was.
        was_complete: whether every string is approved, or was at one time.
    """

    def __init__(
        self,
        source: LanguageSource,
        tree: ScreenTree,
        texts: Sequence[EnglishString],
        english: "Approval | None" = None,
    ) -> None:
        self.source, self.strings, self.core = source, tree.strings, core_strings(tree)
        self._english = english or self
        self.required = tuple(texts)
        if source.texts == "short":  # the other texts may be left in English
            short = short_texts(tree)
            self.required = tuple(
                text
                for text in texts
                if text.key in short or source.translate(*text.key) is not None
            )
        self.lacking = self.required
        self.changed: tuple[EnglishString, ...] = ()
        if source.approvals.readings:
            self.lacking = tuple(text for text in self.required if missing_roles(source, text))
            earlier = _formerly_approved_contexts(source, texts) if self.lacking else set()
            self.changed = tuple(text for text in self.lacking if text.context in earlier)
        self.was_complete = source.approvals.complete is not None or self.changed == self.lacking
        self._lacking = _keys(self.lacking)

    @property
    def lost_strings(self) -> tuple[EnglishString, ...]:
        """The strings that made an approved text lose its approval."""
        return self.lacking if self.was_complete else self.changed

    @property
    def withheld(self) -> frozenset[MessageKey]:
        """The strings that may not be sent."""
        return self._lacking | self._english._lacking

    @property
    def is_offered(self) -> bool:
        """Whether the core is approved."""
        return self.source.has_texts and self._may_send(self.core)

    @property
    def is_complete(self) -> bool:
        """Whether all that the language must have approved is."""
        return self.is_offered and not self.withheld

    @property
    def state(self) -> str:
        """`approved`, `partial` (its core) or `draft`."""
        if self.is_complete:
            return "approved"
        return "partial" if self.is_offered else "draft"

    def language(self, code: str) -> str:
        """Return the language that a screen is sent in: its own, English, or `HELPLINES`."""
        keys = self.strings[code]
        if self._may_send(keys):
            return self.source.language.tag
        return HELPLINES if keys & self._english._lacking else ENGLISH

    def to_read(self) -> list[tuple[list[str], int]]:
        """Return for each group of screens that lack the same strings: codes, number of strings."""
        lacking = {code: keys & self._lacking for code, keys in self.strings.items()}
        rows = sorted((sorted(keys), code) for code, keys in lacking.items() if keys)
        groups = groupby(rows, lambda row: row[0])
        return sorted(([code for _, code in group], len(keys)) for keys, group in groups)

    @property
    def is_lost(self) -> bool:
        """Whether the language was offered earlier and now is not."""
        return not self.is_offered and self._was_offered and self._english._was_offered

    def lost_problems(self) -> Iterator[Problem]:
        """Yield a problem if the language lost its core, or other screens."""
        if self.is_lost:
            yield self._lost_core_problem()
        elif self.is_offered:
            yield from self._lost_screens_problems()

    @property
    def _was_offered(self) -> bool:
        return self.was_complete or self.core & self._lacking <= _keys(self.changed)

    def _may_send(self, keys: Collection[MessageKey]) -> bool:
        withheld, translate = self.withheld, self.source.translate
        return all(key not in withheld and translate(*key) is not None for key in keys)

    def _lost_core_problem(self) -> Problem:
        names = [text.context for text in self.lost_strings if text.key in self.core]
        if not names:
            why = "lost its approval because English is not approved"
            return self._lost_problem(why, see=self._english)
        count = f"{len(names)} of {len(self.core)} strings of the core changed or are new"
        return self._lost_problem(f"lost its approval, {count}: {list_names(names)}", see=self)

    def _lost_screens_problems(self) -> Iterator[Problem]:
        lost = _keys(self.lost_strings)
        if codes := [code for code, keys in self.strings.items() if keys & lost]:
            instead = "in English, or as the helplines"
            if self is self._english:
                instead = "as the helplines"
            count = f"{len(codes)} of {len(self.strings)} screens {instead}"
            summary = f"sends {count}, until they are read again: {list_names(codes)}"
            yield self._lost_problem(summary, see=self)

    def _lost_problem(self, summary: str, see: "Approval") -> Problem:
        fix = f"Run: rights-line status {see.source.language.tag}"
        return Problem(f"language {self.source.language.tag}", summary, fix)


def approvals(
    tree: ScreenTree, languages: Mapping[str, LanguageSource], texts: Sequence[EnglishString]
) -> dict[str, Approval]:
    """Return the state of approval of each language."""
    english = Approval(languages[ENGLISH], tree, texts)
    return {
        tag: english if tag == ENGLISH else Approval(source, tree, texts, english)
        for tag, source in languages.items()
    }


def core_codes(tree: ScreenTree) -> tuple[str, ...]:
    """Return the screens of the core that there are."""
    return tuple(code for code in CORE if code in tree.strings)


def core_strings(tree: ScreenTree) -> frozenset[MessageKey]:
    """Return the strings without which a language is not offered."""
    return frozenset[MessageKey]().union(*map(tree.strings.__getitem__, core_codes(tree)))


def short_texts(tree: ScreenTree) -> frozenset[MessageKey]:
    """Return what a language with `texts: short` must translate: the core and some phrases."""
    names = filter(tree.content.phrases.__contains__, _SHORT_PHRASES)
    return core_strings(tree) | {*map(tree.phrase_key, names)}


def _keys(texts: Iterable[EnglishString]) -> frozenset[MessageKey]:
    return frozenset(text.key for text in texts)
