"""The flowchart of all screens is complete, and Mermaid can parse it."""

import re
from pathlib import Path

import pytest

from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.content.loader import ContentSources
from rights_line.core.fixed_codes import (
    CHANGED,
    CLOSE,
    LANGUAGES,
    MENU,
    NOT_SENT,
    OTHER_LANGUAGES,
    UNCLEAR,
)
from rights_line.core.library import Library
from rights_line.core.sms import count_sms
from rights_line.editorial import screen_graph
from rights_line.editorial.screen_graph import COLOURS, NOT_SENT_TITLES
from tests.support.cli import run

NODE = re.compile(r'  (\w+)\["(\d*)([^"]+)<br>SMS: (\d), ([\w-]+): (\d)"\]:::sms(\d)')
EDGE = re.compile(r'  (\w+) (?:-- "[^"]+" )?--> (\w+)')
CLASS = re.compile(r"  classDef sms(\d) fill:#[0-9a-f]{6},stroke:#333,color:#111")


@pytest.fixture(scope="module")
def tree(sources: ContentSources) -> ScreenTree:
    """All screens of the content."""
    return ScreenTree(sources.content)


@pytest.fixture(scope="module")
def lines(tree: ScreenTree, library: Library) -> list[str]:
    """The flowchart, line by line."""
    return list(screen_graph.lines(tree, library))


def matches(pattern: re.Pattern[str], lines: list[str]) -> list[tuple[str, ...]]:
    """Return the groups of each line that matches as a whole."""
    return [match.groups() for match in map(pattern.fullmatch, lines) if match]


def node_id(code: str) -> str:
    """Return the id of the node of a screen."""
    return f"n{NOT_SENT.index(code)}" if code in NOT_SENT else f"c{code}"


def test_screen_graph_has_only_the_plain_syntax_of_mermaid(lines: list[str]) -> None:
    """Ids of letters and digits, labels in quotes, each class defined, each edge between nodes."""
    nodes, edges = matches(NODE, lines), matches(EDGE, lines)
    ids = {node[0] for node in nodes}

    assert lines[0] == "flowchart LR"
    assert len(matches(CLASS, lines)) == len(COLOURS)
    legend = [line for line in lines if line.startswith("  legend")]
    assert len(lines) == 1 + len(COLOURS) + len(legend) + len(nodes) + len(edges)
    assert len(legend) == 2 + len(COLOURS)
    assert len(ids) == len(nodes)
    assert {end for edge in edges for end in edge} <= ids
    assert {int(node[-1]) for node in nodes} <= set(range(1, len(COLOURS) + 1))


def test_screen_graph_has_a_node_for_each_code(lines: list[str], tree: ScreenTree) -> None:
    """Screens that nobody can ask for by a code have the words for what they answer."""
    codes = {*tree.codes().values()} - {OTHER_LANGUAGES}
    nodes = matches(NODE, lines)
    assert {code for _, code, *_ in nodes if code} == codes
    assert [title for _, code, title, *_ in nodes if not code] == [*NOT_SENT_TITLES.values()]
    assert NOT_SENT_TITLES.keys() == {*NOT_SENT}


def test_screen_graph_has_an_edge_for_each_link(lines: list[str], tree: ScreenTree) -> None:
    """Links that every screen has are drawn from the menu only."""
    links = {
        (node_id(screen.code), node_id(target))
        for screen in tree.screens
        for target, _ in screen.links
        if screen.code == MENU
        or (screen.code not in (UNCLEAR, CHANGED) and target not in (MENU, LANGUAGES, CLOSE))
    }
    edges = matches(EDGE, lines)

    assert set(edges) == links
    assert len(edges) == len(links)
    assert '  c9302 -- "not true" --> c9303' in lines


def test_node_shows_the_segments_in_english_and_in_the_dearest_language(
    lines: list[str], library: Library
) -> None:
    screens = {tag: row.screens["4"] for tag, row in library.editions.items()}
    costs = {
        tag: count_sms(screen.texts().sms).segments
        for tag, screen in screens.items()
        if screen.language == tag
    }
    (node,) = [node for node in matches(NODE, lines) if node[1] == "4"]
    assert int(node[3]) == costs["en"]
    assert int(node[5]) == costs[node[4]] == max(costs.values())
    assert int(node[6]) == min(costs["en"], len(COLOURS))


def test_graph_of_screens_is_written_to_a_file(small_root: Path, tmp_path: Path) -> None:
    """A file that cannot be written is named; it shows all languages."""
    file = tmp_path / "screens.mmd"
    assert run("screens", "--graph", str(file), where=small_root).returncode == 0
    assert file.read_text(encoding="utf-8").startswith("flowchart LR\n")
    refused = run("screens", "--graph", str(file / "screens.mmd"), where=small_root)
    assert (refused.returncode, "File exists" in refused.stderr) == (1, True)
    for more in ("--json", "pl"):
        done = run("screens", "--graph", str(file), more, where=small_root)
        assert (done.returncode, "leave out --json and TAG" in done.stderr) == (2, True)
