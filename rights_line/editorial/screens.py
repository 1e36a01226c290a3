"""List every screen with text and sources, for lawyers, reviewers, translators."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from rights_line.content.assembly.library_builder import build_library
from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.content.loader import ContentSources
from rights_line.core.fixed_codes import CLOSE, LANGUAGES
from rights_line.core.library import MULTILINGUAL


def rows(sources: ContentSources, tags: Collection[str], now: datetime) -> Iterator[dict[str, Any]]:
    """Yield every screen as it would be sent by SMS at a time.

    `language` is the language asked for; `text` is in English if that language lacks a translation.
    `sources` and `facts` are empty for sentences that are not from the guide. Without `tags` these
    are all languages, and the screens that have no language.
    """
    library = build_library(sources, "drafts", tags)
    provenance = {screen.code: screen.provenance for screen in ScreenTree(sources.content).screens}
    if not tags:
        yield _row(MULTILINGUAL, "", "start", library.start, "draft")
        yield _row(MULTILINGUAL, LANGUAGES, "languages", library.listing, "draft")
    for tag, edition in library.editions.items():
        core = "approved" if sources.is_language_offered(tag) else "draft"
        for code, screen in edition.screens.items():
            is_sent = sources.approval.language(tag, code) == screen.language
            text = screen.texts_at(now, library.holidays).sms
            row = _row(tag, code, screen.topic, text, core if is_sent else "draft")
            yield row | {"sources": provenance[code].citations, "facts": provenance[code].facts}
        yield _row(tag, CLOSE, "goodbye", library.goodbye, core)


def _row(language: str, code: str, topic: str, text: str, approval: str) -> dict[str, Any]:
    return {
        "language": language,
        "code": code,
        "topic": topic,
        "text": text,
        "review": approval,
        "sources": (),
        "facts": (),
    }
