"""Draw all screens, their links and their SMS segments as a Mermaid flowchart."""

from collections.abc import Iterator

from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.content.files.languages import ENGLISH
from rights_line.core.fixed_codes import (
    CHANGED,
    CLOSE,
    INSULT,
    LANGUAGES,
    MENU,
    NOT_SENT,
    UNCLEAR,
    UNCLEAR_AGAIN,
)
from rights_line.core.library import Library
from rights_line.core.sms import count_sms
from rights_line.editorial.costs import screen_costs

# Fill of a node by its segments in English, which its author can change; the last also for more.
COLOURS = ("#d5ecd4", "#fbe3ae", "#f2a58f")
_DEAREST = 5  # screens that the legend lists
_NAMED = {MENU: "menu", LANGUAGES: "languages", CLOSE: "close_label"}
# Screens that nobody can ask for by a code, in the words of a reader.
NOT_SENT_TITLES = {
    UNCLEAR: "not understood",
    UNCLEAR_AGAIN: "not understood again",
    CHANGED: "menu after a change of language",
    "thanks": "answer to: thanks",
    "go_on": "answer to: what now?",
    "again": "answer to: I do not understand",
    "affirm": "answer to: yes",
    "deny": "answer to: no",
    "cannot_read": "answer to: I cannot read",
    "wrong_number": "answer to: wrong number",
    INSULT: "answer to: an insult",
}
_REPEATED = (UNCLEAR, CHANGED)  # their links are those of the menu


def lines(tree: ScreenTree, library: Library) -> Iterator[str]:
    """Yield the lines of a flowchart with a node for each screen and an edge for each link.

    A node shows code (if it can be sent), title, segments in English and the most expensive
    language; a legend explains it and lists the dearest. The links that every screen has (menu,
    languages, close) are drawn from the menu only.
    """
    yield "flowchart LR"
    for number, colour in enumerate(COLOURS, start=1):
        yield f"  classDef sms{number} fill:{colour},stroke:#333,color:#111"
    segments, named = _segments(library), titles(tree)
    yield from _legend(segments, named)
    for code, title in named.items():
        most, language = max((number, tag) for tag, number in segments[code].items())
        cost = f"SMS: {segments[code][ENGLISH]}, {language}: {most}"
        name = title if code in NOT_SENT else f"{code} {title}"
        label = _quoted_text(f"{name}<br>{cost}")
        english = min(segments[code][ENGLISH], len(COLOURS))
        yield f"  {_node(code)}[{label}]:::sms{english}"
    for screen in tree.screens:
        for target, (context, label) in screen.links:
            if (screen.code != MENU and target in _NAMED) or screen.code in _REPEATED:
                continue
            arrow = f"-- {_quoted_text(label)} -->" if context.startswith("answer") else "-->"
            yield f"  {_node(screen.code)} {arrow} {_node(target)}"


def _legend(segments: dict[str, dict[str, int]], named: dict[str, str]) -> Iterator[str]:
    yield '  legend["SMS in English, then in the language that needs most"]'
    for number in range(1, len(COLOURS) + 1):
        more = " or more" if number == len(COLOURS) else ""
        yield f'  legend --- legend{number}["{number} SMS{more} in English"]:::sms{number}'
    dearest = sorted(named, key=lambda code: -max(segments[code].values()))[:_DEAREST]
    rows = "<br>".join(f"{named[code]}: {max(segments[code].values())}" for code in dearest)
    yield f"  legend --- dearest[{_quoted_text(f'Dearest in any language<br>{rows}')}]"


def _node(code: str) -> str:
    return f"n{NOT_SENT.index(code)}" if code in NOT_SENT else f"c{code}"


def _quoted_text(text: str) -> str:
    return '"' + text.replace('"', "#quot;") + '"'


def _segments(library: Library) -> dict[str, dict[str, int]]:
    """Return code -> language -> SMS segments."""
    segments: dict[str, dict[str, int]] = {
        LANGUAGES: {ENGLISH: count_sms(library.listing).segments},
        CLOSE: {ENGLISH: count_sms(library.goodbye).segments},
    }
    for row in screen_costs(library):
        segments.setdefault(row["code"], {})[row["language"]] = row["segments"]
    return segments


def titles(tree: ScreenTree) -> dict[str, str]:
    """Return code -> English title; an untitled passage is named after its topic."""
    found = {code: tree.content.phrases[name] for code, name in _NAMED.items()}
    found |= NOT_SENT_TITLES
    for topic in tree.topics:
        for passage in topic.passages:
            found[passage.code] = passage.title or topic.title
        found[topic.code] = topic.title
    return found | {contact.code: contact.name for contact in tree.content.contacts.values()}
