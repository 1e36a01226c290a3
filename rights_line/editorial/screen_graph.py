"""The tree of screens, laid out: a column for each digit of a code, no two boxes in one place."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap

from rights_line.content.languages import SOURCE
from rights_line.content.screen_tree import ScreenTree
from rights_line.core.library import CLOSE, LANGUAGES, MENU, MULTILINGUAL, UNCLEAR, Library
from rights_line.core.sms import count
from rights_line.editorial.costs import costs

START = "*"  # any word, to a number that never wrote before
# What every screen leads back to is named in its box, and no line is drawn.
WAYS_OUT = (MENU, LANGUAGES, CLOSE)
_FIRST = (START, UNCLEAR, LANGUAGES, CLOSE)  # below the menu, in its column
_LETTERS = 64  # of a box's text, in a line


@dataclass(frozen=True)
class Box:
    """One screen: `ways` are its links as they are named in it, `segments` is tag -> SMS segments.

    A language that says a screen in English has no segments of its own; a text that is the same in
    every language has those of MULTILINGUAL.
    """

    code: str
    title: str
    ways: str
    text: tuple[str, ...]
    sources: tuple[str, ...]
    segments: Mapping[str, int]
    column: int
    row: int


@dataclass(frozen=True)
class Line:
    """A link that is drawn: from a code to a code, and what it is called."""

    origin: str
    target: str
    label: str


@dataclass(frozen=True)
class Graph:
    """All there is to draw."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    languages: Mapping[str, str]  # tag -> its name, in the order of the cells


def graph(outline: ScreenTree, library: Library) -> Graph:
    """Lay out every screen that there is."""
    own: dict[str, dict[str, int]] = {}
    for cost in costs(library):
        own.setdefault(cost["code"], {})[cost["language"]] = cost["segments"]
    texts = _texts(library)
    own |= {code: {MULTILINGUAL: count(text).segments} for code, text in _neutral(library).items()}
    titles, pages = _titles(outline), {page.code: page for page in outline.screens}
    boxes = []
    for code, (column, row) in _places(outline).items():
        page = pages.get(code)
        links = page.links if page else ()
        shown = (line for part in texts[code].split("\n") for line in wrap(part, _LETTERS))
        sources = page.provenance.sources if page else ()
        ways = ", ".join(_way(target, *label) for target, label in links)
        boxes.append(Box(code, titles[code], ways, tuple(shown), sources, own[code], column, row))
    names = {tag: edition.language.label for tag, edition in library.editions.items()}
    return Graph(tuple(boxes), tuple(_lines(outline)), names)


def _texts(library: Library) -> dict[str, str]:
    english = library.editions[SOURCE].screens
    lists = {code: text.replace("\n", " / ") for code, text in _neutral(library).items()}
    return {code: screen.body for code, screen in english.items()} | lists


def _neutral(library: Library) -> dict[str, str]:
    """Return what is the same in every language."""
    return {START: library.start, LANGUAGES: library.listing, CLOSE: library.goodbye}


def _way(code: str, context: str, label: str) -> str:
    """Return a link as its box names it: an answer with its words, else the code alone."""
    return f"{code} {label}" if context.startswith("answer") else code


def _titles(outline: ScreenTree) -> dict[str, str]:
    """Return what each screen is called in English; a passage with no title continues its topic."""
    titles = {START: "first answer, to any word", UNCLEAR: "not understood"}
    titles |= {code: outline.content.phrases[name] for code, name in _NAMED.items()}
    titles |= {contact.code: contact.name for contact in outline.content.contacts.values()}
    for topic in outline.topics:
        titles[topic.code] = topic.title
        for passage in topic.passages[1:]:
            titles[passage.code] = passage.title or f"{topic.title} ..."
    return titles


_NAMED = {MENU: "menu", LANGUAGES: "languages", CLOSE: "close_label"}


def _lines(outline: ScreenTree) -> Iterator[Line]:
    for page in outline.screens:
        for target, (_, label) in page.links:
            if target not in WAYS_OUT and page.code != UNCLEAR:  # it leads where the menu leads
                yield Line(page.code, target, label)


def _places(outline: ScreenTree) -> dict[str, tuple[int, int]]:
    """Return code -> (column, row): below what leads to it first, helplines in a column apart."""
    contacts = [contact.code for contact in outline.content.contacts.values()]
    below = _below(outline)
    places = {MENU: (0, 0)} | {code: (0, row) for row, code in enumerate(_FIRST, start=1)}
    last = 0

    def place(code: str) -> None:
        nonlocal last
        for number, child in enumerate(below.get(code, ())):
            beside = number == 0 and len(child) > places[code][0]
            last += not beside
            places[child] = (len(child), last)
            place(child)

    place(MENU)
    apart = 1 + max(column for column, _ in places.values())
    return places | {code: (apart, row) for row, code in enumerate(contacts)}


def _below(outline: ScreenTree) -> dict[str, list[str]]:
    """Return code -> the codes that it is the first to lead to, from the menu on."""
    links = {page.code: [target for target, _ in page.links] for page in outline.screens}
    seen, waiting = {MENU, *WAYS_OUT}, deque([MENU])
    below: dict[str, list[str]] = {}
    while waiting:
        code = waiting.popleft()
        for target in links[code]:
            if target not in seen:
                seen.add(target)
                waiting.append(target)
                below.setdefault(code, []).append(target)
    return below
