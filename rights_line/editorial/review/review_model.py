"""Model of a review file: the strings to read, the screens that show them, and the limits.

A string is asked for once, on the first screen that shows it. The model holds every string that a
language must have approved, because screens also show the approved ones. The first `core` strings
are those with which the language can go live.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rights_line.content.approvals.approval_rule import missing_roles, needed_roles
from rights_line.content.assembly.latin_letters import TABLES, in_latin_letters
from rights_line.content.assembly.library_builder import build_library
from rights_line.content.assembly.rendering import ScreenRenderer
from rights_line.content.assembly.screen_tree import (
    NO_PROVENANCE,
    MessageKey,
    ScreenTemplate,
    ScreenTree,
)
from rights_line.content.files.content_reader import EnglishString
from rights_line.content.files.languages import ENGLISH, LanguageSource
from rights_line.content.files.yaml_mapping import display_path
from rights_line.content.loader import ContentSources
from rights_line.core.fixed_codes import (
    CHANGED,
    CLOSE,
    INSULT,
    LANGUAGES,
    MENU,
    NOT_SENT,
    UNCLEAR,
    UNCLEAR_AGAIN,
)
from rights_line.core.library import Edition
from rights_line.core.model import Provenance
from rights_line.editorial import po_files
from rights_line.editorial.lint import lint_screens
from rights_line.editorial.lint.fact_coverage import FACTS
from rights_line.editorial.lint.guide_facts import Fact, load_guide_facts
from rights_line.editorial.review.review_rules import review_rules, review_sample_values
from rights_line.errors import ConfigurationError, Problem

FORMAT = "rights-line review 1"
# Read after the core and the helplines: the screens for children.
NEXT_SCREENS = ("81", "82", "83")
# A native reader tells these in own words before the English is shown.
RETOLD_SCREENS = ("1", "11", "8", "73", "54")
_SECONDS_PER_STRING, _SECONDS_PER_CHARACTER = 10, 0.07
_NAMED = {MENU: "menu", LANGUAGES: "languages", CLOSE: "close_label"}
# Screens that nobody can ask for by a code, in the words of a reader.
_NOT_SENT_TITLES = {
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

ReviewModel = dict[str, Any]


def review_model(sources: ContentSources, tag: str, root: Path) -> ReviewModel:
    """Return the model of a language; `read` is the hash of everything that it shows.

    Raises:
        ConfigurationError: the facts of the guide, in `root`, have a problem.
    """
    source, tree = sources.languages[tag], ScreenTree(sources.content)
    templates = _screens(tree, sources.approval.core_codes)
    strings = _strings(sources, tag, templates)
    rows = list(_string_rows(strings, source, templates, root))
    values = _values(source, tree)
    page = {
        "format": FORMAT,
        "tag": tag,
        "screens": _screen_rows(sources, tag, templates, strings),
        "values": values,
        "english": _values(sources.languages[ENGLISH], tree),
        "in_english": {
            "codes": sorted(ScreenRenderer(source, tree).untranslated_codes),
            "label": tree.content.fixed["in_english"],
            "word": sources.languages[ENGLISH].language.word,
        },
    }
    return {
        **page,
        "country": sources.content.country.name,
        "strings": rows,
        "core": sum((text.context, text.message) in sources.approval.core for text in strings),
        "read": _hash([page, [row["id"] for row in rows]]),
        "ask": _strings_asked(source, strings),
        "retold": [] if tag == ENGLISH else [*RETOLD_SCREENS],
        "language": review_rules(source, sources.content),
        "latin": _latin_forms(tag, rows, values),
    }


def _latin_forms(tag: str, rows: Sequence[ReviewModel], values: Mapping[str, str]) -> ReviewModel:
    """Return the texts in Latin letters, by their number, and the values; empty without them.

    They follow from the texts that are read, so they are not part of what an answer is bound to.
    """
    if tag not in TABLES:
        return {}
    return {
        "texts": [in_latin_letters(row["text"], tag) for row in rows],
        "values": {name: in_latin_letters(value, tag) for name, value in values.items()},
    }


def review_minutes(model: ReviewModel, numbers: Iterable[int]) -> int:
    """Return the minutes to read strings; `minutesOf` of page/state.js rounds in the same way."""
    seconds: int = sum(model["strings"][number]["seconds"] for number in numbers)
    return max(1, (seconds + 30) // 60) if seconds else 0


def _values(source: LanguageSource, tree: ScreenTree) -> dict[str, str]:
    return ScreenRenderer(source, tree).values | review_sample_values(tree.content, source)


def _screens(tree: ScreenTree, core: Sequence[str]) -> list[ScreenTemplate]:
    emergency, adults, minors = tree.content.country.helplines
    contacts = (tree.content.contacts[name].code for name in (emergency, minors, adults))
    order = (*core, *contacts, *NEXT_SCREENS)
    first = {code: rank for rank, code in enumerate(order)}
    return sorted(tree.screens, key=lambda screen: first.get(screen.code, len(first)))


def _strings(
    sources: ContentSources, tag: str, templates: list[ScreenTemplate]
) -> list[EnglishString]:
    """Return the strings of the core, of the other screens, then those that no screen shows."""
    texts = {(text.context, text.message): text for text in sources.string_approvals[tag].required}
    keys = [*dict.fromkeys([*(key for row in templates for key in _keys(row)), *texts])]
    keys.sort(key=lambda key: key not in sources.approval.core)
    return [texts[key] for key in keys if key in texts]


def _keys(template: ScreenTemplate) -> tuple[MessageKey, ...]:
    return (*template.body, *(label for _, label in template.links))


def _edition(sources: ContentSources, tag: str) -> Edition | None:
    """Return the edition of a language; None if it has no texts."""
    if not sources.languages[tag].has_texts:
        return None
    return build_library(sources, "drafts", [tag]).editions[tag]


def _screen_rows(
    sources: ContentSources, tag: str, templates: list[ScreenTemplate], strings: list[EnglishString]
) -> list[ReviewModel]:
    """Return the screens whose texts are all among the strings."""
    numbers = {(text.context, text.message): number for number, text in enumerate(strings)}
    edition, titles = _edition(sources, tag), _titles(ScreenTree(sources.content))
    return [
        _screen_names(template.code, titles[template.code])
        | _screen_row(template, numbers, edition)
        for template in templates
        if all(key in numbers for key in _keys(template))
    ]


def _titles(tree: ScreenTree) -> dict[str, str]:
    """Return code -> English title; an untitled passage is named after its topic."""
    titles = {code: tree.content.phrases[name] for code, name in _NAMED.items()}
    titles |= _NOT_SENT_TITLES
    for topic in tree.topics:
        for passage in topic.passages:
            titles[passage.code] = passage.title or topic.title
        titles[topic.code] = topic.title
    return titles | {contact.code: contact.name for contact in tree.content.contacts.values()}


def _screen_names(code: str, title: str) -> dict[str, str]:
    """Return the heading of a screen, and its name in a sentence: the code, if one can send it."""
    if code in NOT_SENT:
        return {"title": title[0].upper() + title[1:], "name": f"“{title}”"}
    return {"title": f"Screen {code}: {title}", "name": code}


def _screen_row(
    template: ScreenTemplate, numbers: Mapping[MessageKey, int], edition: Edition | None
) -> ReviewModel:
    """Return a screen; `notices` are the longest closed-notices, and `ussd` its USSD pages."""
    screen = edition.screens[template.code] if edition else None
    return {
        "code": template.code,
        "body": [numbers[key] for key in template.body],
        "links": [[code, numbers[key]] for code, key in template.links],
        "notices": lint_screens.longest_notices(screen) if screen else [],
        "ussd": len(screen.texts().ussd) if screen else 0,
    }


def _string_rows(
    strings: list[EnglishString],
    source: LanguageSource,
    templates: list[ScreenTemplate],
    root: Path,
) -> Iterator[ReviewModel]:
    is_english = source.language.tag == ENGLISH
    facts = _facts(root) if is_english else {}
    drafts = {} if is_english else _drafts(root, source.language.tag)
    unsure = (
        {} if is_english else po_files.file_doubts(po_files.file_path(root, source.language.tag))
    )
    stated = {key: screen.provenance for screen in templates for key in screen.body}
    codes: dict[MessageKey, list[str]] = {}
    for template in templates:
        for key in dict.fromkeys(_keys(template)):
            codes.setdefault(key, []).append(template.code)
    for text in strings:
        key = (text.context, text.message)
        judged = _judged_string(text, source, stated.get(key, NO_PROVENANCE), facts)
        length = len(judged["english"]) + len(judged["text"])
        yield {
            **judged,
            "id": _hash(judged)[:16],
            "codes": codes.get(key, []),
            "note": "" if key in codes else text.note,
            "place": f"{display_path(text.path)}:{text.line}",
            "draft": drafts.get(key, ""),
            "doubts": unsure.get(key, []),
            "seconds": round(_SECONDS_PER_STRING + _SECONDS_PER_CHARACTER * length),
        }


def _judged_string(
    text: EnglishString, source: LanguageSource, stated: Provenance, facts: Mapping[str, Fact]
) -> ReviewModel:
    """Return the part of a string that a reader judges; an answer is bound to its hash."""
    return {
        "context": text.context,
        "english": text.message,
        "text": source.translate(text.context, text.message) or "",
        "sources": stated.citations,
        "facts": [_fact_text(facts[name]) for name in stated.facts] if facts else [],
    }


def _drafts(root: Path, tag: str) -> dict[MessageKey, str]:
    """Return the fuzzy translations: from an earlier English, as a start for the reader."""
    catalog = po_files.read_file(po_files.file_path(root, tag))
    return {
        (str(message.context), str(message.id)): str(message.string)
        for message in catalog
        if message.fuzzy and message.id
    }


def _facts(root: Path) -> Mapping[str, Fact]:
    problems: list[Problem] = []
    guide = load_guide_facts(root / FACTS, problems)
    if problems:
        raise ConfigurationError(problems)
    return guide.facts


def _fact_text(fact: Fact) -> str:
    part, _, _ = fact.place.partition(",")  # the heading is among the sources
    return f"{fact.summary} ({part}, line {fact.line})"


def _strings_asked(source: LanguageSource, strings: list[EnglishString]) -> dict[str, list[int]]:
    """Return role -> the numbers of the strings that a reader of that role has to read."""
    missing = [missing_roles(source, text) for text in strings]
    return {
        role: [number for number, roles in enumerate(missing) if role in roles]
        for role in needed_roles(source.language.tag)
    }


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()
