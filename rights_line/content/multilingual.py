"""The texts that are in no one language: the first answer, the list of languages, the fallback."""

from collections.abc import Sequence
from typing import NamedTuple

from rights_line.content.rendering import ScreenRenderer
from rights_line.core.library import LANGUAGES, UnsupportedLanguage
from rights_line.core.model import Language

# Offered to those whose language we understand and do not speak.
BRIDGES = ("nb", "en")
# The last line of a list of languages that is not all of them.
MORE = f"{LANGUAGES} +"


class Texts(NamedTuple):
    """Each of them, by its name in the library."""

    start: str
    start_spelled: str
    listing: str
    listing_spelled: str
    helplines: str
    last_resort: str
    pause: str
    bland: str


def texts(source: ScreenRenderer, first: Sequence[Language], listed: Sequence[Language]) -> Texts:
    """Return the texts; `first` are the languages named at the start, `listed` all there are."""
    more = len(first) < len(listed)
    return Texts(
        start=_start(source, [row.choice for row in first], more=more),
        start_spelled=_start(source, [row.word for row in first], more=more),
        listing=_listing(source, [row.choice for row in listed]),
        listing_spelled=_listing(source, [row.word for row in listed]),
        helplines=source.fixed("start"),
        last_resort=source.fixed("last_resort"),
        pause=source.fixed("pause"),
        bland=source.fixed("bland"),
    )


def recognised(
    source: ScreenRenderer, language: Language, listed: Sequence[Language]
) -> UnsupportedLanguage:
    """Return what is answered in a language that is understood and not spoken."""
    bridges = [row for row in listed if row.tag in BRIDGES]
    return UnsupportedLanguage(
        text=_start(source, [row.choice for row in bridges], language),
        stateless_text=_start(source, [row.word for row in bridges], language),
    )


def _start(
    source: ScreenRenderer, choices: list[str], of: Language | None = None, more: bool = False
) -> str:
    """Return the first answer, with what to say on the phone `of` a language we do not speak.

    Without a language to choose, only the numbers are said; if there are `more` than are named,
    the last line says how to see them.
    """
    if not choices:
        return source.fixed("numbers")
    lines = [source.fixed("start")]
    if of:
        lines += [of.own_name, source.fixed("say", norwegian=of.norwegian)]
    return "\n".join([*lines, source.fixed("start_reply"), *choices, *([MORE] if more else [])])


def _listing(source: ScreenRenderer, choices: list[str]) -> str:
    """Return every language to choose from, after the numbers."""
    return "\n".join([source.fixed("lifelines"), *choices])
