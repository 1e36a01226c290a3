"""What is said, for those who answer for it: lawyers, reviewers, translators."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from rights_line.content.loader import ContentSources, build_library
from rights_line.content.screen_tree import ScreenTree
from rights_line.core.library import CLOSE, LANGUAGES, MULTILINGUAL


def screens(
    sources: ContentSources, tags: Collection[str], now: datetime
) -> Iterator[dict[str, Any]]:
    """Yield every screen as it would be sent by SMS now; of the languages named, or of all.

    `language` is the edition; where it lacks a translation, `text` is in English. `sources` and
    `facts` are empty for the line's own sentences.
    """
    library = build_library(sources, "drafts", tags)
    said = {page.code: page.provenance for page in ScreenTree(sources.content).screens}
    if not tags:
        yield _row(MULTILINGUAL, "", "start", library.start, "draft")
        yield _row(MULTILINGUAL, LANGUAGES, "languages", library.listing, "draft")
    for tag, edition in library.editions.items():
        review = "approved" if sources.is_approved(tag) else "draft"
        for code, screen in edition.screens.items():
            text = screen.sms_text(now, library.holidays, edition.language.fold)
            row = _row(tag, code, screen.topic, text, review)
            yield row | {"sources": said[code].sources, "facts": said[code].facts}
        yield _row(tag, CLOSE, "bland", library.goodbye, review)


def _row(language: str, code: str, topic: str, text: str, review: str) -> dict[str, Any]:
    return {
        "language": language,
        "code": code,
        "topic": topic,
        "text": text,
        "review": review,
        "sources": (),
        "facts": (),
    }
