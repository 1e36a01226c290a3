"""The screens of a review file: their order, names and texts, and the rules of the language."""

from collections.abc import Mapping, Sequence
from typing import Any

from rights_line.content import ContentSources
from rights_line.content.assembly import MessageKey, ScreenTemplate, ScreenTree, pages
from rights_line.content.assembly.library_builder import build
from rights_line.content.assembly.texts import TextRenderer
from rights_line.content.content_reader import Content
from rights_line.content.languages import LanguageSource
from rights_line.core import CLOSE, LANGUAGES, NOT_SENT
from rights_line.core.library import Edition
from rights_line.core.sms import LIMITS, PLAIN_PUNCTUATION, SEPTETS
from rights_line.editorial.lint import lint_screens
from rights_line.editorial.lint.lint_screens import FORBIDDEN_CHARACTERS
from rights_line.library.schema import Choices

# Read after the core and the helplines: the screens for children.
NEXT_SCREENS = ("81", "82", "83")


def in_order(tree: ScreenTree, core: Sequence[str]) -> list[ScreenTemplate]:
    """Return the screens in the order in which they are read."""
    emergency, adults, minors = tree.content.country.helplines
    contacts = (tree.content.contacts[name].code for name in (emergency, minors, adults))
    first = {code: rank for rank, code in enumerate((*core, *contacts, *NEXT_SCREENS))}
    return sorted(tree.screens, key=lambda screen: first.get(screen.code, len(first)))


def rows(
    sources: ContentSources,
    tag: str,
    templates: Sequence[ScreenTemplate],
    numbers: Mapping[MessageKey, int],
) -> list[dict[str, Any]]:
    """Return the screens whose texts all have a number; `notices` are the longest, `ussd` pages."""
    has_texts = sources.languages[tag].has_texts
    edition = build(sources, Choices("drafts", (tag,))).editions[tag] if has_texts else None
    titles = pages.english_titles(sources.tree)
    return [
        _row(template, titles[template.code], numbers, edition)
        for template in templates
        if numbers.keys() >= {*template.strings}
    ]


def _row(
    template: ScreenTemplate,
    title: str,
    numbers: Mapping[MessageKey, int],
    edition: Edition | None,
) -> dict[str, Any]:
    code = template.code
    screen = edition.screens[code] if edition else None
    is_sent = code not in NOT_SENT
    return {
        "title": f"Screen {code}: {title}" if is_sent else title[0].upper() + title[1:],
        "name": pages.screen_name(code),  # in a sentence
        "code": code,
        "body": [numbers[key] for key in template.body],
        "links": [[code, numbers[key]] for code, key in template.links],
        "notices": lint_screens.longest_notices(screen) if screen else [],
        "ussd": len(screen.texts(edition.form).ussd) if edition and screen else 0,
    }


def values(source: LanguageSource, tree: ScreenTree) -> dict[str, str]:
    """Return placeholder -> its text, a sample for the phrases that the program completes."""
    contacts = tree.content.contacts.values()
    named = next(row for row in contacts if row.periods)
    days, short = source.language.weekdays, source.language.weekdays_short
    return {
        **TextRenderer(source, tree).values,
        "name": source.translate(named.id, named.name) or named.name,
        "day": days[0],
        "first": short[0],
        "last": short[4],
        "opens": "10:00",
        "closes": "15:00",
        "language": source.language.norwegian,
    }


def rules(source: LanguageSource, content: Content) -> Mapping[str, Any]:
    """Return the names of a language, and the rules for the length of its texts."""
    language = source.language
    is_plain = language.encoding != "UCS-2"
    return {
        "name": language.own_name,
        "direction": language.direction,
        "word": language.word,
        "wordless": {LANGUAGES: f"{LANGUAGES} ", CLOSE: None},
        "fold": dict(language.fold),
        "isPlain": is_plain,
        "plain": _plain_characters(is_gsm7=is_plain),
        "segments": lint_screens.MAX_SEGMENTS[language.encoding],
        "limits": LIMITS,
        "septets": SEPTETS,
        "emergency": content.country.helplines.emergency,
        "call": source.written_words.get("call", ()),
        "numbers": [contact.code for contact in content.contacts.values()],
    }


def _plain_characters(*, is_gsm7: bool) -> dict[str, str]:
    """Return each character that must not be typed, with its replacement.

    Languages in UCS-2 may keep their own quotation marks.
    """
    refused = FORBIDDEN_CHARACTERS.findall("".join(map(chr, range(0x10000))))
    if is_gsm7:
        refused += [chr(code) for code in PLAIN_PUNCTUATION if code >= 0x80]
    return {character: PLAIN_PUNCTUATION.get(ord(character), "") for character in sorted(refused)}
