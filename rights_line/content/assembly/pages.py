"""The titles of screens, and the texts of web pages and cards that belong to no screen."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from rights_line.content import ContentSources
from rights_line.content.assembly import Link, MessageKey, ScreenTemplate, ScreenTree
from rights_line.content.assembly.texts import TABLES, TextRenderer, in_latin_letters
from rights_line.content.languages import ENGLISH, LanguageSource
from rights_line.core import CHANGED, INSULT, MENU, NOT_SENT, UNCLEAR, UNCLEAR_AGAIN
from rights_line.core.screen import Phrase
from rights_line.core.understanding.words import normalise
from rights_line.library.schema import Pages

_PAGE_PHRASES = (
    *("leave", "languages", "menu", "by_sms", "cost", "checked", "draft", "about", "no_page"),
    *("leave_limits", "leave_keys", "private_window", "web_sees"),
)
_CARD_PHRASES = ("about", "by_sms", "cost", "delete")
_ANSWERS = ("answer_yes", "answer_no")
_SAFETY_TOPICS = ("safe_phone", "what_we_keep")
# "Choose 4"; "00 clears"
_CHOOSE_CODE = re.compile(r"\b(?:choose |(?=00\b))(\d+)\b", re.IGNORECASE)
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


def build(sources: ContentSources, tree: ScreenTree, tags: Iterable[str]) -> Pages:
    """Return the texts of pages and cards; `tags` are the languages with an edition."""
    content = sources.content
    own = [tag for tag, row in sources.languages.items() if row.has_texts]
    return Pages(
        country=content.country,
        contacts=content.contacts,
        outreach=sources.outreach,
        phrases={tag: dict(_page_phrases(sources, tag)) for tag in own},
        card_phrases={tag: dict(_card_phrases(sources, tree, tag)) for tag in tags},
        say=content.fixed["say"],
        dial=content.fixed["dial"],
        named_codes={row.code: codes for row in tree.screens if (codes := _named_codes(row))},
        answers={row.code: codes for row in tree.screens if (codes := _answers(row))},
        safety=tuple(
            content.topics[name].code for name in _SAFETY_TOPICS if name in content.topics
        ),
        topics={name: topic.title for name, topic in content.topics.items()},
        texts={tag: row.texts for tag, row in sources.languages.items()},
    )


def _page_phrases(sources: ContentSources, tag: str) -> Iterator[tuple[str, Phrase]]:
    """Yield each of the line's own sentences; in English if it is not translated."""
    known = sources.content.phrases
    for name in filter(known.__contains__, _PAGE_PHRASES):
        message = known[name]
        translation = sources.languages[tag].translate(name, message)
        yield name, Phrase(translation or message, tag if translation else ENGLISH)


def _card_phrases(
    sources: ContentSources, tree: ScreenTree, tag: str
) -> Iterator[tuple[str, Phrase]]:
    """Yield the sentences that may be printed on a card; in English if not translated."""
    either = [TextRenderer(sources.languages[one], tree) for one in (ENGLISH, tag)]
    is_offered = sources.approvals[tag].is_offered
    names = _CARD_PHRASES if is_offered else (*_CARD_PHRASES, "draft")
    for name in filter(sources.content.phrases.__contains__, names):
        for renderer in either:  # that of the language last: it replaces the English one
            if text := renderer.optional(name):
                yield name, Phrase(text, renderer.language.tag)


def _answers(template: ScreenTemplate) -> tuple[str, ...]:
    return tuple(code for code, key in template.links if key[0] in _ANSWERS)


def _named_codes(template: ScreenTemplate) -> tuple[str, ...]:
    """Return the codes that the text of a screen says to choose."""
    texts = " ".join(message for _, message in template.body)
    return tuple(dict.fromkeys(_CHOOSE_CODE.findall(texts)))


def headings(tree: ScreenTree) -> dict[str, MessageKey]:
    """Return code -> the heading of its screen on a page."""
    passages = {
        passage.code: (topic.id, topic.title) for topic in tree.topics for passage in topic.passages
    }
    contacts = {row.code: (row.id, row.name) for row in tree.content.contacts.values()}
    return passages | tree.titles | contacts


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


def screen_name(code: str) -> str:
    """Return the name of a screen in a sentence: the code, if one can send it."""
    return f"“{NOT_SENT_TITLES[code]}”" if code in NOT_SENT else code


def english_titles(tree: ScreenTree) -> dict[str, str]:
    """Return code -> English title; an untitled passage is named after its topic."""
    found = {code: title for code, (_, title) in headings(tree).items()}
    return {MENU: tree.content.phrases["menu"], **NOT_SENT_TITLES, **found}
