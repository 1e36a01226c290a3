"""The picture of all screens is complete, and nothing in it overlaps."""

from itertools import combinations
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from rights_line.content.loader import ContentSources
from rights_line.content.screen_tree import ScreenTree
from rights_line.core.library import UNCLEAR, Library
from rights_line.editorial.costs import costs
from rights_line.editorial.drawing import svg
from rights_line.editorial.screen_graph import START, WAYS_OUT, graph
from tests.support.cli import run

SVG = "{http://www.w3.org/2000/svg}"


class Area(NamedTuple):
    """A rectangle of the picture."""

    left: int
    top: int
    right: int
    bottom: int

    def holds(self, other: "Area") -> bool:
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other: "Area") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


@pytest.fixture(scope="module")
def tree(sources: ContentSources) -> ScreenTree:
    """All screens of the content."""
    return ScreenTree(sources.content)


@pytest.fixture(scope="module")
def picture(tree: ScreenTree, library: Library) -> Element:
    """The picture, read as XML."""
    return ElementTree.fromstring(svg(graph(tree, library)))


def boxes(picture: Element) -> dict[str, Element]:
    """Return a dict: code -> box."""
    return {group.get("data-code", ""): group for group in picture.iter(f"{SVG}g")}


def areas(group: Element, kind: str) -> list[Area]:
    """Return the rectangles of a class."""
    found = [row for row in group.iter(f"{SVG}rect") if row.get("class") == kind]
    sizes = [[int(row.get(key, "")) for key in ("x", "y", "width", "height")] for row in found]
    return [Area(x, y, x + width, y + height) for x, y, width, height in sizes]


def words(group: Element) -> str:
    """Return the text of a box."""
    return " ".join(" ".join(text.itertext()) for text in group.iter(f"{SVG}text"))


def test_graph_every_code_has_a_box_with_its_english_text(
    picture: Element, tree: ScreenTree, library: Library
) -> None:
    drawn = boxes(picture)

    assert drawn.keys() == {*tree.codes().values(), UNCLEAR, START}
    for code, screen in library.editions["en"].screens.items():
        assert " ".join(screen.body.split()) in " ".join(words(drawn[code]).split()), code


def test_graph_every_link_is_named_and_drawn(picture: Element, tree: ScreenTree) -> None:
    """Links to a way out are named only; there is no other line."""
    drawn = boxes(picture)
    links = [(screen.code, target) for screen in tree.screens for target, _ in screen.links]
    lines = [(path.get("data-from"), path.get("data-to")) for path in picture.iter(f"{SVG}path")]

    for code, target in links:
        drawn_links = words(drawn[code]).partition("→ ")[2].split(" nb ")[0]
        named = [link.strip().partition(" ")[0] for link in drawn_links.split(",")]
        assert target in named, code
    expected = [link for link in links if link[0] != UNCLEAR and link[1] not in WAYS_OUT]
    assert sorted(map(str, lines)) == sorted(map(str, expected))


def test_graph_line_ends_are_on_the_edges_of_its_boxes(picture: Element) -> None:
    at = {code: areas(group, "box")[0] for code, group in boxes(picture).items()}
    for path in picture.iter(f"{SVG}path"):
        numbers = path.get("d", "").replace("M", "").replace("C", "").split()
        x, y, end_x, end_y = map(int, numbers[:2] + numbers[-2:])
        origin, target = at[path.get("data-from", "")], at[path.get("data-to", "")]
        assert x == origin.right
        assert origin.top < y < origin.bottom
        assert end_x in (target.left, target.right)
        assert target.top < end_y < target.bottom


def test_graph_boxes_and_cells_do_not_overlap(picture: Element) -> None:
    """Every cell is in its box, and every box in the picture."""
    size = Area(0, 0, int(picture.get("width", "")), int(picture.get("height", "")))
    drawn = boxes(picture)
    outer = [area for group in drawn.values() for area in areas(group, "box")]

    assert len(outer) == len(drawn)
    assert all(map(size.holds, outer))
    assert [pair for pair in combinations(outer, 2) if pair[0].meets(pair[1])] == []
    for group in drawn.values():
        (box,) = areas(group, "box")
        cells = areas(group, "cell")
        assert all(map(box.holds, cells))
        assert not any(one.meets(other) for one, other in combinations(cells, 2))
        for text in group.iter(f"{SVG}text"):
            assert box.top < int(text.get("y", "")) < box.bottom


def test_graph_cell_shows_the_segments_of_its_language(picture: Element, library: Library) -> None:
    """A dash if the screen is in English there."""
    known = {(row["code"], row["language"]): str(row["segments"]) for row in costs(library)}
    for code, group in boxes(picture).items():
        cells = [row for row in group.iter(f"{SVG}text") if row.get("class") == "small"]
        following = {row: after for row, after in zip(group, list(group)[1:], strict=False)}
        shown = {cell.text: following[cell].text for cell in cells}
        if code in library.editions["en"].screens:
            assert shown == {tag: known.get((code, tag), "–") for tag in library.editions}, code
        else:
            assert shown.keys() == {"all"}, code


def test_graph_command_writes_the_same_to_file_and_output(
    tree: ScreenTree, library: Library, tmp_path: Path
) -> None:
    """A file that cannot be written is named."""
    expected = svg(graph(tree, library))
    file = tmp_path / "screens.svg"

    assert run("graph", "--out", str(file)).returncode == 0
    assert file.read_text(encoding="utf-8") == expected
    assert run("graph").stdout == expected
    refused = run("graph", "--out", str(tmp_path / "none" / "screens.svg"))
    assert (refused.returncode, "No such file" in refused.stderr) == (1, True)
