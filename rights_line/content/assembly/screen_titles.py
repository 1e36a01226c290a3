"""The titles of screens: their headings on pages, and the lines of menus as keywords."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from rights_line.content.assembly.latin_letters import TABLES, in_latin_letters
from rights_line.content.assembly.screen_tree import Link, MessageKey, ScreenTree
from rights_line.content.files.languages import LanguageSource
from rights_line.core.understanding.text.normalise import normalise


def headings(tree: ScreenTree) -> dict[str, MessageKey]:
    """Return code -> the heading of its screen on a page."""
    found = {}
    for topic in tree.topics:
        found[topic.code] = topic.id, topic.title
        for passage in topic.passages:
            found[passage.code] = topic.id, passage.title or topic.title
    for contact in tree.content.contacts.values():
        found[contact.code] = contact.id, contact.name
    return found


def screen_titles(
    tree: ScreenTree, languages: Mapping[str, LanguageSource], fold: Callable[[str], str]
) -> dict[str, dict[str, str]]:
    """Return language -> title -> code, for the languages that have texts; `fold` spells words.

    Of two screens with one title, the first counts.
    """
    found: dict[str, dict[str, str]] = defaultdict(dict)
    links = [*title_links(tree)]
    for tag, source in languages.items():
        for code, key in links:
            if source.has_texts and (title := source.translate(*key)):
                found[tag].setdefault(fold(normalise(title)), code)
                if tag in TABLES:
                    found[tag].setdefault(fold(normalise(in_latin_letters(title, tag))), code)
    return dict(found)


def title_links(tree: ScreenTree) -> Iterator[Link]:
    """Yield each code and its title, topics first."""
    yield from sorted(tree.titles.items(), key=lambda link: len(link[0]))
    linked = {code for screen in tree.screens for code, _ in screen.links}
    for contact in tree.content.contacts.values():
        if contact.code in linked:
            yield contact.code, (contact.id, contact.name)
    yield from (tree.home, tree.languages, tree.close)
