"""Texts in several languages at once: first reply, language list, fallback response."""

from collections.abc import Iterator, Sequence
from itertools import chain

from rights_line.content import ContentSources
from rights_line.content.assembly import ScreenTree, speech
from rights_line.content.assembly.texts import TextRenderer
from rights_line.content.languages import ENGLISH
from rights_line.core import LANGUAGES, OTHER_LANGUAGES
from rights_line.core.library import LanguageList, SessionTexts, SharedTexts
from rights_line.core.model import Language
from rights_line.core.sms import count_sms

MAX_SEGMENTS = 2  # of the first reply, and of a list of languages
MINORS = "under_18"  # the topic; a country may have none
CHILD_WORRY, ADULT_WORRY, OWN_CHILDREN = "child_worry", "adult_worry", "my_children"  # concepts
MINOR_GOES_HOME = "minor_goes_home"  # the same
# The last line of a text that shows only some of the languages.
_ALL, _REST = f"{LANGUAGES} +", f"{OTHER_LANGUAGES} +"


def shared_texts(
    sources: ContentSources, tree: ScreenTree, served: Sequence[str], tags: Sequence[str]
) -> SharedTexts:
    """Return the texts that belong to no edition, without `own_lines`.

    `served` are the languages that can be chosen, `tags` those with an edition. The first reply
    names as many of the languages with all texts as fit it.
    """
    languages = sources.languages
    renderer = TextRenderer(languages[ENGLISH], tree)
    listed = [languages[tag].language for tag in served]
    full = [row for row in listed if languages[row.tag].texts == "full"] or listed
    first = full
    while len(first) > 1 and not _has_room(_first_reply(renderer, first, listed)):
        first = first[:-1]
    start, start_stateless = _first_reply(renderer, first, listed)
    return SharedTexts(
        languages={tag: row.language for tag, row in languages.items()},
        numbers={row.language.number: tag for tag, row in languages.items()},
        unsupported={
            tag: _unsupported_language(renderer, row.language, listed)
            for tag, row in languages.items()
            if tag not in tags
        },
        default=ENGLISH if ENGLISH in tags else tags[0],
        start=start,
        start_stateless=start_stateless,
        listing=_language_list(renderer, listed).text,
        lists=dict(_language_lists(renderer, len(first), listed, sources)),
        helplines=renderer.fixed("start"),
        fallback=renderer.fixed("fallback"),
        throttled=renderer.fixed("throttled"),
        goodbye=renderer.fixed("goodbye"),
        # Without a language, a person who writes gets the numbers again.
        write_first=renderer.fixed("write_first") if served else start,
        voice=speech.prompts(languages, tree, served, [row.tag for row in full]),
        codes=tree.codes(),
        minors=next(iter(sources.content.topic_codes(MINORS)), ""),
        another_minor=_code_of(CHILD_WORRY, sources),
        another_adult=_code_of(ADULT_WORRY, sources),
        own_children=_code_of(OWN_CHILDREN, sources),
        minor_goes_home=_code_of(MINOR_GOES_HOME, sources),
        own_lines=(),
    )


def _code_of(concept: str, sources: ContentSources) -> str:
    """Return the code of the screen that a concept leads to; empty without that concept."""
    found = sources.concepts.get(concept)
    return found.concept.code if found else ""


def sent_texts(shared: SharedTexts) -> Iterator[str]:
    """Yield the texts that senders may quote."""
    yield from (shared.start, shared.start_stateless, shared.listing, shared.helplines)
    yield from (shared.fallback, shared.throttled, shared.goodbye, shared.write_first)
    yield from chain.from_iterable(chain.from_iterable(shared.lists.values()))


def _unsupported_language(
    renderer: TextRenderer, language: Language, listed: Sequence[Language]
) -> SessionTexts:
    """Return the reply to a language that is understood but has no edition.

    It offers the languages of those who answer the helplines.
    """
    spoken = renderer.tree.content.country.languages
    say = renderer.fixed("say", norwegian=language.norwegian)
    bridges = [row for row in listed if row.tag in spoken]
    return _start(renderer, bridges, [language.own_name, say])


def _first_reply(
    renderer: TextRenderer, first: Sequence[Language], listed: Sequence[Language]
) -> SessionTexts:
    more = _ALL if len(first) < len(listed) else ""
    return _start(renderer, first, more=more)


def _start(
    renderer: TextRenderer, rows: Sequence[Language], lines: Sequence[str] = (), more: str = ""
) -> SessionTexts:
    """Return the numbers, some lines, and the languages to choose from."""
    if not rows:
        numbers = renderer.fixed("numbers")
        return SessionTexts(numbers, numbers)
    head = [renderer.fixed("start"), *lines, renderer.fixed("start_reply")]
    return _with_languages("\n".join(head), rows, more)


def _language_lists(
    renderer: TextRenderer, on_start: int, listed: Sequence[Language], sources: ContentSources
) -> Iterator[tuple[str, LanguageList]]:
    """Yield the list for a session in each script and for one without a language, and the rest.

    If one message has no room for all, it holds those of the script, first, and those that the
    first reply has no room for.
    """
    scripts = {row.language.script for row in sources.languages.values()}
    for script in ("", *sorted(scripts)):
        rows = _languages_with_room(renderer, on_start, listed, script)
        rest = [row for row in listed if row not in rows]
        first = _language_list(renderer, rows, _REST if rest else "")
        yield script, LanguageList(first, _language_list(renderer, rest or listed))


def _languages_with_room(
    renderer: TextRenderer, on_start: int, listed: Sequence[Language], script: str
) -> Sequence[Language]:
    """Return the languages of a list in its order: all, or as many as it has room for."""
    if _has_room(_language_list(renderer, listed)):
        return listed
    wanted = sorted([*listed[on_start:], *listed[:on_start]], key=lambda row: row.script != script)
    while not _has_room(_language_list(renderer, wanted, _REST)):
        wanted.pop()
    return sorted(wanted, key=lambda row: (row.script != script, listed.index(row)))


def _language_list(
    renderer: TextRenderer, rows: Sequence[Language], more: str = ""
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
