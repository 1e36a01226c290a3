"""Approval by screen (docs/design.md, D27): the core, and the language that each screen is sent in.

A screen is approved when all its strings are, in its language and in English. A language is offered
when its core is approved.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby

from rights_line.content.approval_rule import StringApproval, list_names
from rights_line.content.assembly.screen_tree import MessageKey, ScreenTemplate, ScreenTree
from rights_line.content.assembly.texts import RUN_BY, SENTENCES
from rights_line.content.files.catalogs import EnglishString
from rights_line.content.files.languages import ENGLISH, LanguageSource
from rights_line.content.text_checks import text_placeholders
from rights_line.core.fixed_codes import MENU, NOT_SENT
from rights_line.errors import Problem

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
        self.strings = {row.code: strings(tree, row) for row in tree.screens}
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
    screens = (strings(tree, row) for row in tree.screens if row.code in CORE)
    return frozenset[MessageKey]().union(*screens)


def short_texts(tree: ScreenTree) -> frozenset[MessageKey]:
    """Return what a language with `texts: short` must translate: the core and some phrases."""
    names = filter(tree.content.phrases.__contains__, _SHORT_PHRASES)
    return core_strings(tree) | {*map(tree.phrase_key, names)}


def strings(tree: ScreenTree, template: ScreenTemplate) -> frozenset[MessageKey]:
    """Return the strings of a screen: body, links, and the phrases that complete them."""
    found = {*template.strings}
    for name in text_placeholders(" ".join(message for _, message in template.body)) or ():
        contact = tree.content.contacts.get(name.removesuffix("_hours"))
        if name in (*SENTENCES, RUN_BY):
            found.add(tree.phrase_key(name))
        elif contact and contact.periods:
            if name.endswith("_hours"):
                found.add(tree.phrase_key("hours"))
            else:
                found |= {(contact.id, contact.name), *map(tree.phrase_key, ("closed", "holiday"))}
    return frozenset(found)


def _keys(texts: Iterable[EnglishString]) -> frozenset[MessageKey]:
    return frozenset(text.key for text in texts)
