"""Draw the tree of screens as SVG, with the SMS segments of each language."""

from collections import defaultdict
from collections.abc import Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from rights_line.core.library import MULTILINGUAL
from rights_line.editorial.screen_graph import Box, Graph, Line

MARGIN, GAP, GUTTER = 24, 14, 90  # around the picture, between rows, between columns
WIDTH, PAD, LINE_HEIGHT = 392, 10, 14
CELL_WIDTH, CELL_HEIGHT, IN_A_ROW = 31, 26, 12
HEAD = 110  # height of the heading and its explanation

# Colour of a cell by its number of segments; the last one also for longer screens.
COLOURS = ("#ffffff", "#d5ecd4", "#eef3c3", "#fbe3ae", "#f8c9a0", "#f2a58f")
STYLE = """
text { font-family: sans-serif; font-size: 11px; fill: #1a1a1a }
.code { font-size: 16px; font-weight: bold } .title { font-size: 13px; font-weight: bold }
.small { font-size: 8px } .ways { fill: #444 } .box { fill: #fff; stroke: #333 }
.cell { stroke: #888; stroke-width: 0.5 } .line { fill: none; stroke: #557; stroke-width: 1.5 }
.across { stroke: #99a; stroke-width: 1; stroke-dasharray: 5 4 }
"""
ABOUT = (
    "Each box is a screen: its code, its title and text in English, and the codes of its links.",
    "Below: SMS segments by language, with every helpline open; – if the language uses English.",
    "Solid lines lead one column to the right, dashed lines elsewhere. The last column: helplines.",
)
_Corner = tuple[int, int]


def svg(graph: Graph) -> str:
    """Return the picture as SVG; the same texts always give the same bytes."""
    corners, width, height = _corners(graph)
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width} {height}",
            "width": f"{width}",
            "height": f"{height}",
        },
    )
    SubElement(root, "title").text = "Screens and their cost"
    SubElement(root, "style").text = STYLE
    SubElement(root, "rect", {"width": "100%", "height": "100%", "fill": "#fafafa"})
    _head(root, graph.languages)
    for line in graph.lines:
        _line(root, line, corners)
    for box in graph.boxes:
        _box(root, box, corners[box.code], graph.languages)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _corners(graph: Graph) -> tuple[dict[str, _Corner], int, int]:
    """Return the top left corner of each box, and width and height of the picture."""
    heights: dict[int, int] = defaultdict(int)
    for box in graph.boxes:
        heights[box.row] = max(heights[box.row], _height(box, graph.languages))
    top, tops = HEAD + MARGIN, {}
    for row in sorted(heights):
        tops[row] = top
        top += heights[row] + GAP
    corners = {
        box.code: (MARGIN + box.column * (WIDTH + GUTTER), tops[box.row]) for box in graph.boxes
    }
    columns = 1 + max(box.column for box in graph.boxes)
    return corners, 2 * MARGIN + columns * (WIDTH + GUTTER) - GUTTER, top + MARGIN


def _height(box: Box, languages: Mapping[str, str]) -> int:
    cells = len(languages) if MULTILINGUAL not in box.segments else 1
    return 62 + LINE_HEIGHT * len(box.text) + CELL_HEIGHT * -(-cells // IN_A_ROW)


def _head(root: Element, languages: Mapping[str, str]) -> None:
    _text(root, MARGIN, MARGIN + 10, "Screens and their cost", "code")
    for number, line in enumerate(ABOUT):
        _text(root, MARGIN, MARGIN + 30 + 16 * number, line)
    names = ", ".join(f"{tag} {name}" for tag, name in languages.items())
    _text(root, MARGIN, MARGIN + 82, names)


def _line(root: Element, line: Line, corners: Mapping[str, _Corner]) -> None:
    """Draw a link from the right edge of a box.

    It ends at the left edge of a box further to the right, and at the right edge of any other box.
    """
    (left, top), (right, bottom) = corners[line.origin], corners[line.target]
    x, y, end = left + WIDTH, top + 20, bottom + 20
    onward = right - left == WIDTH + GUTTER
    if right > left:
        bend = (x + right) // 2
        path = f"M{x} {y} C{bend} {y} {bend} {end} {right} {end}"
    else:
        bend, back = x + GUTTER // 2, right + WIDTH
        path = f"M{x} {y} C{bend} {y} {bend} {end} {back} {end}"
    kind = "line" if onward else "line across"
    drawn = SubElement(root, "path", {"class": kind, "d": path})
    drawn.attrib |= {"data-from": line.origin, "data-to": line.target}
    SubElement(drawn, "title").text = f"{line.origin} → {line.target} {line.label}"


def _box(root: Element, box: Box, corner: _Corner, languages: Mapping[str, str]) -> None:
    x, y = corner
    group = SubElement(root, "g", {"data-code": box.code})
    SubElement(group, "title").text = "\n".join((f"{box.code} {box.title}", *box.sources))
    height = _height(box, languages)
    SubElement(
        group,
        "rect",
        {
            "class": "box",
            **{"x": f"{x}", "y": f"{y}", "width": f"{WIDTH}", "height": f"{height}", "rx": "6"},
        },
    )
    code = _text(group, x + PAD, y + 24, f"{box.code} ", "code")
    SubElement(code, "tspan", {"class": "title"}).text = box.title
    for number, line in enumerate(box.text):
        _text(group, x + PAD, y + 42 + LINE_HEIGHT * number, line)
    below = y + 42 + LINE_HEIGHT * len(box.text)
    _text(group, x + PAD, below, f"→ {box.ways}" if box.ways else "", "ways")
    tags = [MULTILINGUAL] if MULTILINGUAL in box.segments else list(languages)
    for place, tag in enumerate(tags):
        row, column = divmod(place, IN_A_ROW)
        at = (x + PAD + column * CELL_WIDTH, below + 8 + row * CELL_HEIGHT)
        _cell(group, at, "all" if tag == MULTILINGUAL else tag, box.segments.get(tag, 0))


def _cell(group: Element, corner: _Corner, tag: str, segments: int) -> None:
    x, y = corner
    colour = COLOURS[min(segments, len(COLOURS) - 1)]
    size = {"width": f"{CELL_WIDTH}", "height": f"{CELL_HEIGHT}"}
    SubElement(group, "rect", {"class": "cell", "x": f"{x}", "y": f"{y}", **size, "fill": colour})
    _text(group, x + 2, y + 9, tag, "small")
    _text(group, x + 2, y + 21, str(segments or "–"))


def _text(group: Element, x: int, y: int, text: str, kind: str = "") -> Element:
    drawn = SubElement(group, "text", {"x": f"{x}", "y": f"{y}"})
    if kind:
        drawn.set("class", kind)
    drawn.text = text
    return drawn
