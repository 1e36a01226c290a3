"""Print what changes for senders, or what they get now.

Usage, with the line's variables: changes.py [BEFORE] AFTER

BEFORE and AFTER are folders with content/ and locales/, and the library that was built of them.
With AFTER alone, it prints one sentence.
"""

import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from rights_line.content.approval import list_names
from rights_line.content.assembly import pages
from rights_line.content.languages import ENGLISH
from rights_line.core.sms import count_sms
from rights_line.errors import ConfigurationError
from rights_line.library import file, location
from rights_line.library.location import built_file, choices_of
from rights_line.library.schema import Built
from rights_line.settings import Serve, Settings

_MAX_LISTED = 12  # codes or msgctxts on a line


@dataclass(frozen=True)
class Sent:
    """All that a version of the texts sends."""

    numbers: Mapping[str, str]  # contact -> its number
    offered: frozenset[str]  # the languages whose core is approved
    lacking: Mapping[str, tuple[str, ...]]  # tag -> msgctxts that lost their approval
    complete: frozenset[str]  # the languages of which all is approved
    own: frozenset[tuple[str, str]]  # (tag, code) that an offered language sends in its own words
    screens: Mapping[tuple[str, str], str]  # (tag, code) -> the SMS

    @classmethod
    def of_built(cls, built: Built) -> "Sent":
        states = built.state.languages
        offered = frozenset(tag for tag, state in states.items() if state != "draft")
        return cls(
            numbers={name: row.number for name, row in built.pages.contacts.items()},
            offered=offered,
            lacking=built.state.lacking,
            complete=frozenset(tag for tag in offered if states[tag] == "approved"),
            own=frozenset(
                (tag, code)
                for tag, edition in built.editions.items()
                for code, row in edition.screens.items()
                if tag in offered and row.language == tag and row.is_approved
            ),
            screens={
                (tag, code): row.texts(edition.form).sms
                for tag, edition in built.editions.items()
                for code, row in edition.screens.items()
            },
        )


def _changes(before: Sent, after: Sent) -> list[str]:
    """Return a line for each change: of a number, of an approval, of a language's screens."""
    return [
        *_number(before, after),
        *_approval(before, after),
        *_screen(before, after),
    ]


def _number(before: Sent, after: Sent) -> Iterator[str]:
    for name in sorted(before.numbers.keys() | after.numbers.keys()):
        old, new = (row.numbers.get(name, "none") for row in (before, after))
        if old != new:
            yield f"number of {name}: {old} -> {new}, in every language"


def _approval(before: Sent, after: Sent) -> Iterator[str]:
    for tag in sorted(before.offered - after.offered):
        lacking = _listed(after.lacking.get(tag, ())) or _change_without_lacking(tag, after)
        yield f"{tag} LOSES its approval, and gets the three helpline numbers alone: {lacking}"
    for tag in sorted(after.offered - before.offered):
        approved = "approved" if tag in after.complete else "core approved"
        yield f"{tag}: {approved}, and offered from now on"
    for tag in sorted(before.offered & after.offered):
        lost, new = (
            [code for one, code in sorted(some - other) if one == tag]
            for some, other in (
                (before.own & after.screens.keys(), after.own),
                (after.own, before.own),
            )
        )
        instead = "the helplines" if tag == ENGLISH else "English or the helplines"
        if lost:
            codes = _screens(lost)
            yield f"{tag}: screens that LOSE their approval, {instead} instead: {codes}"
        if new:
            yield f"{tag}: screens that are approved, and sent from now on: {_screens(new)}"


def _change_without_lacking(tag: str, after: Sent) -> str:
    """Return why a language is not offered, although none of its strings lost an approval."""
    is_ready = tag == ENGLISH or ENGLISH in after.offered
    return "no approvals" if is_ready else "because English is not approved"


def _screen(before: Sent, after: Sent) -> Iterator[str]:
    """Yield which screens are new, gone or different, and their cost; equal languages together."""
    keys = before.screens.keys() | after.screens.keys()
    changed = sorted(key for key in keys if before.screens.get(key) != after.screens.get(key))
    tags = defaultdict[str, list[str]](list)
    for tag, group in groupby(changed, lambda key: key[0]):
        rows = list(group)
        old, new = (_segments(sent, rows) for sent in (before, after))
        cost = f"; {old} -> {new} segments" if old != new else ""
        change = "1 screen changes" if len(rows) == 1 else f"{len(rows)} screens change"
        tags[f"{change}: {_screens(code for _, code in rows)}{cost}"].append(tag)
    yield from (f"{', '.join(found)}: {change}" for change, found in tags.items())


def _segments(sent: Sent, rows: list[tuple[str, str]]) -> int:
    return sum(count_sms(sent.screens[key]).segments for key in rows if key in sent.screens)


def _screens(codes: Iterable[str]) -> str:
    return _listed(map(pages.screen_name, codes))


def _listed(names: Iterable[str]) -> str:
    return list_names(names, _MAX_LISTED)


def sender_summary(sent: Sent, serve: Serve) -> str:
    """Return in one sentence what senders get now."""
    if serve == "drafts":
        return "Senders get all texts, also those that nobody has approved (RIGHTS_LINE_SERVE)."
    if not sent.offered:
        return (
            "No text is approved: everybody gets three numbers, in every language. "
            "Have texts read: docs/publishing.md."
        )
    offered = ", ".join(sorted(sent.offered))
    return f"Senders are offered {offered}; in every other language they get three numbers."


def main(*folders: str) -> None:
    """Print the sentences."""
    choices = choices_of(Settings.from_environ(os.environ))

    def sent(folder: str) -> Sent:
        environ = {**os.environ, "RIGHTS_LINE_TEXTS": folder}
        return Sent.of_built(location.open(environ, choices).built)

    def published(folder: str) -> Sent:
        """Return what senders get now, which another version may have built."""
        path = built_file(Path(folder), choices.serve)
        return Sent.of_built(file.decode(path, file.read(path))) if path.exists() else sent(folder)

    *before, after = folders
    new = sent(after)
    if not before:
        print(sender_summary(new, choices.serve))
        return
    try:
        old = published(*before)
    except ConfigurationError:  # the way out of such a state must stay open
        summary = sender_summary(new, choices.serve)
        print("The changes cannot be shown: the served texts are of another version, or damaged.")
        print(summary)
        return
    print(*_changes(old, new) or ["Nothing that senders see changes."], sep="\n")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except ConfigurationError as error:
        sys.exit(f"Fix:\n{error}")
