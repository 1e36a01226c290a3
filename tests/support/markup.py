"""A web page as a tree, and its readable text."""

import html
import re
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

VOID = {"meta", "link", "input", "br", "img"}


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tree = TreeBuilder()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.tree.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self.tree.end(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        self.tree.data(data)


def parsed(markup: str) -> Element:
    """Return the `html` element of a page; an unclosed element is an error."""
    parser = _Parser()
    parser.feed(markup.partition(">")[2].strip())
    return parser.tree.close()


def words(element: Element) -> str:
    """Return the text of an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def bare(text: str) -> str:
    """Return a text without spaces and full stops, to compare wording across media."""
    return re.sub(r"[\s.。।۔።]", "", text)


def found(page: Element, tag: str, kind: str = "") -> list[Element]:
    """Return the elements with a tag name, and with a class if one is given."""
    return [one for one in page.iter(tag) if not kind or kind in one.get("class", "").split()]


def links(element: Element, scheme: str = "") -> list[tuple[str, str]]:
    """Return address and text of each link, optionally of one scheme."""
    every = [(one.get("href", ""), words(one)) for one in element.iter("a")]
    return [(href, text) for href, text in every if href.startswith(scheme)]


def readable_text(markup: str) -> str:
    """Return the text of some markup without its tags, with single spaces."""
    shown = re.sub(r"<(style|script)\b.*?</\1>", "", markup, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub("<[^>]*>", "", shown)).split())
