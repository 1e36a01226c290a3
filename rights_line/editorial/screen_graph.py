"""Layout of the tree of screens: one column for each digit of a code."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap

from rights_line.content.languages import SOURCE
from rights_line.content.screen_tree import ScreenTree
from rights_line.core.library import CLOSE, LANGUAGES, MENU, MULTILINGUAL, UNCLEAR, Library
from rights_line.core.sms import count
from rights_line.editorial.costs import costs

START = "*"  # stands for any text, the first one of a sender
# Links that every screen has: named in its box, but not drawn as lines.
WAYS_OUT = (MENU, LANGUAGES, CLOSE)
_FIRST = (START, UNCLEAR, LANGUAGES, CLOSE)  # below the menu, in its column
_LETTERS = 64  # characters in a line of a box


@dataclass(frozen=True)
class Box:
    """One screen: `ways` lists its links, `segments` maps a tag to SMS segments.

    A language without its own translation of the screen is not in `segments`; a text that is the
    same in every language has the single key MULTILINGUAL.
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
    """A link that is drawn as a line, with its label."""

    origin: str
    target: str
    label: str


@dataclass(frozen=True)
class Graph:
    """All boxes and lines of the picture."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    languages: Mapping[str, str]  # tag -> name, in the order of the cells


def graph(tree: ScreenTree, library: Library) -> Graph:
    """Lay out every screen."""
    own: dict[str, dict[str, int]] = {}
    for cost in costs(library):
        own.setdefault(cost["code"], {})[cost["language"]] = cost["segments"]
    texts = _texts(library)
    own |= {code: {MULTILINGUAL: count(text).segments} for code, text in _neutral(library).items()}
    titles, screens = _titles(tree), {screen.code: screen for screen in tree.screens}
    boxes = []
    for code, (column, row) in _places(tree).items():
        screen = screens.get(code)
        links = screen.links if screen else ()
        shown = (line for part in texts[code].split("\n") for line in wrap(part, _LETTERS))
        sources = screen.provenance.sources if screen else ()
        ways = ", ".join(_way(target, *label) for target, label in links)
        boxes.append(Box(code, titles[code], ways, tuple(shown), sources, own[code], column, row))
    names = {tag: edition.language.label for tag, edition in library.editions.items()}
    return Graph(tuple(boxes), tuple(_lines(tree)), names)


def _texts(library: Library) -> dict[str, str]:
    english = library.editions[SOURCE].screens
    lists = {code: text.replace("\n", " / ") for code, text in _neutral(library).items()}
    return {code: screen.body for code, screen in english.items()} | lists


def _neutral(library: Library) -> dict[str, str]:
    """Return code -> text of the screens that are the same in every language."""
    return {START: library.start, LANGUAGES: library.listing, CLOSE: library.goodbye}


def _way(code: str, context: str, label: str) -> str:
    """Return the name of a link: code and label of an answer, else the code."""
    return f"{code} {label}" if context.startswith("answer") else code


def _titles(tree: ScreenTree) -> dict[str, str]:
    """Return code -> English title; an untitled passage is named after its topic."""
    titles = {START: "first reply, to any text", UNCLEAR: "not understood"}
    titles |= {code: tree.content.phrases[name] for code, name in _NAMED.items()}
    titles |= {contact.code: contact.name for contact in tree.content.contacts.values()}
    for topic in tree.topics:
        titles[topic.code] = topic.title
        for passage in topic.passages[1:]:
            titles[passage.code] = passage.title or f"{topic.title} ..."
    return titles


_NAMED = {MENU: "menu", LANGUAGES: "languages", CLOSE: "close_label"}


def _lines(tree: ScreenTree) -> Iterator[Line]:
    for screen in tree.screens:
        for target, (_, label) in screen.links:
            if (
                target not in WAYS_OUT and screen.code != UNCLEAR
            ):  # UNCLEAR has the links of the menu
                yield Line(screen.code, target, label)


def _places(tree: ScreenTree) -> dict[str, tuple[int, int]]:
    """Return code -> (column, row): a tree, and a separate column of helplines."""
    contacts = [contact.code for contact in tree.content.contacts.values()]
    below = _below(tree)
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


def _below(tree: ScreenTree) -> dict[str, list[str]]:
    """Return code -> its children, by breadth-first search from the menu."""
    links = {screen.code: [target for target, _ in screen.links] for screen in tree.screens}
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
