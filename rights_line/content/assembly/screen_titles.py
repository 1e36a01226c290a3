"""The lines of menus in each language, as keywords."""

from collections.abc import Callable, Iterator, Mapping

from rights_line.content.assembly.latin_letters import TABLES, in_latin_letters
from rights_line.content.assembly.screen_tree import Link, ScreenTree
from rights_line.content.files.languages import LanguageSource
from rights_line.core.fixed_codes import CLOSE, LANGUAGES, MENU
from rights_line.core.understanding.text.normalise import normalise
from rights_line.core.understanding.words.titles import Title

_FIXED = ((MENU, "menu"), (LANGUAGES, "languages"), (CLOSE, "close_label"))


def screen_titles(
    tree: ScreenTree, languages: Mapping[str, LanguageSource], fold: Callable[[str], str]
) -> Iterator[Title]:
    """Yield the titles of all screens in each language that has texts; `fold` spells words."""
    links = [*_links(tree)]
    for tag, source in languages.items():
        for code, key in links:
            if source.has_texts and (title := source.translate(*key)):
                yield Title(tag, code, fold(normalise(title)))
                if tag in TABLES:
                    yield Title(tag, code, fold(normalise(in_latin_letters(title, tag))))


def _links(tree: ScreenTree) -> Iterator[Link]:
    yield from sorted(tree.titles.items(), key=lambda link: len(link[0]))
    linked = {code for screen in tree.screens for code, _ in screen.links}
    for contact in tree.content.contacts.values():
        if contact.code in linked:
            yield contact.code, (contact.id, contact.name)
    for code, name in _FIXED:
        yield code, tree.phrase_key(name)
