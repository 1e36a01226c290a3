"""Texts in several languages at once: first reply, language list, fallback response."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from rights_line.content.assembly.rendering import ScreenRenderer
from rights_line.core.fixed_codes import LANGUAGES, OTHER_LANGUAGES
from rights_line.core.library import LanguageList, SessionTexts
from rights_line.core.model import Language
from rights_line.core.sms import count_sms

MAX_SEGMENTS = 2  # of the first reply, and of a list of languages
# The last line of a text that shows only some of the languages.
_ALL, _REST = f"{LANGUAGES} +", f"{OTHER_LANGUAGES} +"


class MultilingualTexts(NamedTuple):
    """The texts that belong to no edition; the fields are named as in `SharedTexts`."""

    start: str
    start_stateless: str
    listing: str
    lists: Mapping[str, LanguageList]
    helplines: str
    fallback: str
    throttled: str
    goodbye: str
    write_first: str

    def every(self) -> Iterator[str]:
        yield from (self.start, self.start_stateless, self.listing, self.helplines)
        yield from (self.fallback, self.throttled, self.goodbye, self.write_first)
        yield from chain.from_iterable(chain.from_iterable(self.lists.values()))


def multilingual_texts(
    renderer: ScreenRenderer,
    first: Sequence[Language],
    listed: Sequence[Language],
    scripts: Collection[str],
) -> MultilingualTexts:
    """Return the texts that belong to no edition.

    `first` are the languages of the first reply, as many as fit it; `listed` all languages that can
    be chosen; `scripts` those that a session's language may have.
    """
    while len(first) > 1 and not _has_room(_first_reply(renderer, first, listed)):
        first = first[:-1]
    start, start_stateless = _first_reply(renderer, first, listed)
    return MultilingualTexts(
        start=start,
        start_stateless=start_stateless,
        listing=_language_list(renderer, listed).text,
        lists=dict(_language_lists(renderer, len(first), listed, scripts)),
        helplines=renderer.fixed("start"),
        fallback=renderer.fixed("fallback"),
        throttled=renderer.fixed("throttled"),
        goodbye=renderer.fixed("goodbye"),
        write_first=renderer.fixed("write_first"),
    )


def unsupported_language(
    renderer: ScreenRenderer, language: Language, listed: Sequence[Language]
) -> SessionTexts:
    """Return the reply to a language that is understood but has no edition.

    It offers the languages of those who answer the helplines.
    """
    spoken = renderer.tree.content.country.languages
    say = renderer.fixed("say", norwegian=language.norwegian)
    bridges = [row for row in listed if row.tag in spoken]
    return _start(renderer, bridges, [language.own_name, say])


def _first_reply(
    renderer: ScreenRenderer, first: Sequence[Language], listed: Sequence[Language]
) -> SessionTexts:
    more = _ALL if len(first) < len(listed) else ""
    return _start(renderer, first, more=more)


def _start(
    renderer: ScreenRenderer, rows: Sequence[Language], lines: Sequence[str] = (), more: str = ""
) -> SessionTexts:
    """Return the numbers, some lines, and the languages to choose from."""
    if not rows:
        numbers = renderer.fixed("numbers")
        return SessionTexts(numbers, numbers)
    head = [renderer.fixed("start"), *lines, renderer.fixed("start_reply")]
    return _with_languages("\n".join(head), rows, more)


def _language_lists(
    renderer: ScreenRenderer,
    on_start: int,
    listed: Sequence[Language],
    scripts: Collection[str],
) -> Iterator[tuple[str, LanguageList]]:
    """Yield the list for a session in each script and for one without a language, and the rest.

    If one message has no room for all, it holds those of the script, first, and those that the
    first reply has no room for.
    """
    parts = {
        script: _languages_with_room(renderer, on_start, listed, script)
        for script in ("", *sorted(scripts))
    }
    for script, rows in parts.items():
        rest = [row for row in listed if row not in rows]
        yield (
            script,
            LanguageList(
                _language_list(renderer, rows, _REST if rest else ""),
                _language_list(renderer, rest or listed),
            ),
        )


def _languages_with_room(
    renderer: ScreenRenderer, on_start: int, listed: Sequence[Language], script: str
) -> Sequence[Language]:
    """Return the languages of a list in its order: all, or as many as it has room for."""
    if _has_room(_language_list(renderer, listed)):
        return listed
    wanted = sorted([*listed[on_start:], *listed[:on_start]], key=lambda row: row.script != script)
    while not _has_room(_language_list(renderer, wanted, _REST)):
        wanted.pop()
    return sorted(wanted, key=lambda row: (row.script != script, listed.index(row)))


def _language_list(
    renderer: ScreenRenderer, rows: Sequence[Language], more: str = ""
) -> SessionTexts:
    """Return some languages to choose from, below the numbers."""
    return _with_languages(renderer.fixed("lifelines"), rows, more)


def _with_languages(head: str, rows: Sequence[Language], more: str = "") -> SessionTexts:
    """Return a text with languages by number, and without a session by word."""
    last = [more] if more else []
    return SessionTexts(
        "\n".join([head, *(row.choice for row in rows), *last]),
        "\n".join([head, *(row.word for row in rows), *last]),
    )


def _has_room(texts: SessionTexts) -> bool:
    return max(count_sms(text).segments for text in texts) <= MAX_SEGMENTS
