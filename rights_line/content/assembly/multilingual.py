"""Texts in several languages at once: first reply, language list, fallback response."""

from collections.abc import Sequence
from typing import NamedTuple

from rights_line.content.assembly.rendering import ScreenRenderer
from rights_line.core.fixed_codes import LANGUAGES
from rights_line.core.library import UnsupportedLanguage
from rights_line.core.model import Language
from rights_line.core.sms import count_sms

MAX_SEGMENTS = 2  # of the first reply
# The last line of a list that shows only some of the languages.
MORE_LANGUAGES = f"{LANGUAGES} +"


class SharedTexts(NamedTuple):
    """The texts that belong to no edition; the fields are named as in `Library`."""

    start: str
    start_stateless: str
    listing: str
    listing_stateless: str
    helplines: str
    fallback: str
    throttled: str
    goodbye: str


def shared_texts(
    renderer: ScreenRenderer, first: Sequence[Language], listed: Sequence[Language]
) -> SharedTexts:
    """Return the texts that belong to no edition.

    `first` are the languages of the first reply, as many as fit it; `listed` all languages that can
    be chosen.
    """
    start, start_stateless = _first_replies(renderer, first, listed)
    return SharedTexts(
        start=start,
        start_stateless=start_stateless,
        listing=_language_listing(renderer, [row.choice for row in listed]),
        listing_stateless=_language_listing(renderer, [row.word for row in listed]),
        helplines=renderer.render_fixed("start"),
        fallback=renderer.render_fixed("fallback"),
        throttled=renderer.render_fixed("throttled"),
        goodbye=renderer.render_fixed("goodbye"),
    )


def unsupported_language(
    renderer: ScreenRenderer, language: Language, listed: Sequence[Language]
) -> UnsupportedLanguage:
    """Return the reply to a language that is understood but has no edition.

    It offers the languages of those who answer the helplines.
    """
    spoken = renderer.tree.content.country.languages
    bridges = [row for row in listed if row.tag in spoken]
    return UnsupportedLanguage(
        text=_multilingual_start(renderer, [row.choice for row in bridges], language),
        stateless_text=_multilingual_start(renderer, [row.word for row in bridges], language),
    )


def _first_replies(
    renderer: ScreenRenderer, first: Sequence[Language], listed: Sequence[Language]
) -> tuple[str, str]:
    """Return the first reply with a session and without, with the same languages."""
    has_more = len(first) < len(listed)
    start = _multilingual_start(renderer, [row.choice for row in first], has_more=has_more)
    stateless = _multilingual_start(renderer, [row.word for row in first], has_more=has_more)
    size = max(count_sms(text).segments for text in (start, stateless))
    if len(first) > 1 and size > MAX_SEGMENTS:
        return _first_replies(renderer, first[:-1], listed)
    return start, stateless


def _multilingual_start(
    renderer: ScreenRenderer,
    choices: list[str],
    unsupported: Language | None = None,
    has_more: bool = False,
) -> str:
    """Return the first reply: the numbers, then the languages to choose from.

    For an `unsupported` language it also tells how to ask for an interpreter on the phone.
    """
    if not choices:
        return renderer.render_fixed("numbers")
    lines = [renderer.render_fixed("start")]
    if unsupported:
        lines += [
            unsupported.own_name,
            renderer.render_fixed("say", norwegian=unsupported.norwegian),
        ]
    more = [MORE_LANGUAGES] if has_more else []
    return "\n".join([*lines, renderer.render_fixed("start_reply"), *choices, *more])


def _language_listing(renderer: ScreenRenderer, choices: list[str]) -> str:
    """Return the list of languages, below the numbers."""
    return "\n".join([renderer.render_fixed("lifelines"), *choices])
