"""A review file: one page of HTML for a reader, without a network, and its model.

A string is asked for once, on the first screen that shows it. The model holds every string that a
language must have approved, because screens also show the approved ones. The first `core` strings
are those with which the language can go live.

The page, its style and its script are in page/. The content security policy allows these, by hash,
and nothing else: no request can leave the file.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from rights_line.content import ContentSources
from rights_line.content.approval import core_codes, missing_roles, needed_roles
from rights_line.content.assembly import MessageKey, ScreenTemplate
from rights_line.content.assembly.rendering import ScreenRenderer
from rights_line.content.assembly.texts import TABLES, in_latin_letters
from rights_line.content.catalogs import EnglishString
from rights_line.content.languages import ENGLISH, LanguageSource
from rights_line.core.model import Provenance
from rights_line.core.screen import MARKED
from rights_line.editorial.lint import guide_facts
from rights_line.editorial.lint.guide_facts import Fact
from rights_line.editorial.review import review_screens
from rights_line.style import inline_files, security_policy

FORMAT = "rights-line review 1"
# A native reader tells these in own words before the English is shown.
RETOLD_SCREENS = ("1", "11", "8", "73", "54")
_SECONDS_PER_STRING, _SECONDS_PER_CHARACTER = 10, 0.07
_SCRIPTS = ("texts.js", "chips.js", "state.js", "step.js", "overview.js", "file.js", "start.js")

ReviewModel = dict[str, Any]


def review_model(sources: ContentSources, tag: str) -> ReviewModel:
    """Return the model of a language; `read` is the hash of everything that it shows.

    Raises:
        ConfigurationError: the facts of the guide have a problem.
    """
    source, tree = sources.languages[tag], sources.tree
    templates = review_screens.in_order(tree, core_codes(tree))
    strings = _strings(sources, tag, templates)
    numbers = {text.key: number for number, text in enumerate(strings)}
    rows = list(_string_rows(strings, source, templates, sources.root))
    values = review_screens.values(source, tree)
    page = {
        "format": FORMAT,
        "tag": tag,
        "screens": review_screens.rows(sources, tag, templates, numbers),
        "values": values,
        "english": review_screens.values(sources.languages[ENGLISH], tree),
        "in_english": {
            "codes": sorted(ScreenRenderer(source, tree).untranslated_codes),
            "label": tree.content.fixed["in_english"],
            "heading": tree.content.fixed["below_english"],
            "marked": MARKED,
            "word": sources.languages[ENGLISH].language.word,
        },
    }
    return {
        **page,
        "country": sources.content.country.name,
        "strings": rows,
        "core": sum(key in sources.approvals[tag].core for key in numbers),
        "read": _hash([page, [row["id"] for row in rows]]),
        "ask": _strings_asked(source, strings),
        "retold": [] if tag == ENGLISH else [*RETOLD_SCREENS],
        "language": review_screens.rules(source, sources.content),
        "latin": _latin_forms(tag, rows, values),
    }


def review_minutes(model: ReviewModel, numbers: Iterable[int]) -> int:
    """Return the minutes to read strings; `minutesOf` of page/state.js rounds in the same way."""
    seconds: int = sum(model["strings"][number]["seconds"] for number in numbers)
    return max(1, (seconds + 30) // 60) if seconds else 0


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


def _strings(
    sources: ContentSources, tag: str, templates: list[ScreenTemplate]
) -> list[EnglishString]:
    """Return the strings of the core, of the other screens, then those that no screen shows."""
    approval = sources.approvals[tag]
    texts = {text.key: text for text in approval.required}
    shown = (key for row in templates for key in row.strings)
    keys = sorted(dict.fromkeys([*shown, *texts]), key=lambda key: key not in approval.core)
    return [texts[key] for key in keys if key in texts]


def _string_rows(
    strings: list[EnglishString],
    source: LanguageSource,
    templates: list[ScreenTemplate],
    root: Path,
) -> Iterator[ReviewModel]:
    tag = source.language.tag
    facts = guide_facts.load(root).facts if tag == ENGLISH else {}  # a native reader gets none
    stated = {key: screen.provenance for screen in templates for key in screen.body}
    codes: dict[MessageKey, list[str]] = {}
    for template in templates:
        for key in dict.fromkeys(template.strings):
            codes.setdefault(key, []).append(template.code)
    for text in strings:
        key = text.key
        judged = _judged_string(text, source, stated.get(key, Provenance()), facts)
        length = len(judged["english"]) + len(judged["text"])
        yield {
            **judged,
            "id": _hash(judged)[:16],
            "codes": codes.get(key, []),
            "note": "" if key in codes else text.note,
            "place": text.place,
            "draft": source.catalog.drafts.get(key, ""),
            "doubts": source.catalog.doubts.get(key, []),
            "seconds": round(_SECONDS_PER_STRING + _SECONDS_PER_CHARACTER * length),
        }


def _judged_string(
    text: EnglishString, source: LanguageSource, stated: Provenance, facts: Mapping[str, Fact]
) -> ReviewModel:
    """Return the part of a string that a reader judges; an answer is bound to its hash."""
    return {
        "context": text.context,
        "english": text.message,
        "text": source.translate(*text.key) or "",
        "sources": stated.citations,
        "facts": [_fact_text(facts[name]) for name in stated.facts] if facts else [],
    }


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


def review_file(
    model: ReviewModel, asker: str = "", reply_to: str = "", due: date | None = None
) -> str:
    """Return the page; it says who asks, the e-mail address for the answers, and the last day."""
    last = due.isoformat() if due else ""
    # The page knows which lists there are, and the file stays small.
    strings = [{key: each for key, each in row.items() if each != []} for row in model["strings"]]
    invitation = {"asker": asker, "reply_to": reply_to, "due": last}
    data = {**model, "strings": strings, "invitation": invitation}
    inline = inline_files(__package__, ["page/page.css"], [f"page/{name}" for name in _SCRIPTS])
    page = files(__package__).joinpath("page/page.html").read_text("utf-8")
    return Template(page).substitute(
        csp=security_policy(inline.sources),
        country=escape(model["country"]),
        name=escape(model["language"]["name"]),
        style=inline.style,
        script=inline.script,
        # In a script element only "<" could end the data.
        model=json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
    )
