"""Build the edition of each language: all of its screens, ready to send."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial

from rights_line.content.assembly.latin_letters import TABLES, latin_source
from rights_line.content.assembly.rendering import (
    SENTENCES,
    SESSION,
    LinkWords,
    MissingTranslation,
    ScreenRenderer,
)
from rights_line.content.assembly.screen_texts import HeadLine, TextRenderer
from rights_line.content.assembly.screen_tree import ScreenTemplate, ScreenTree
from rights_line.content.assembly.speech import SpeechRenderer, spoken_edition
from rights_line.content.files.languages import ENGLISH, LanguageSource
from rights_line.core.fixed_codes import MENU, NEXT
from rights_line.core.library import NO_SPEECH, Edition, Footer, Head, Screen, SpokenEdition
from rights_line.core.understanding.text.normalise import normalise_lines


def build_editions(
    languages: Mapping[str, LanguageSource],
    tree: ScreenTree,
    tags: Collection[str],
    served: Collection[str],
    audio_url: str,
) -> dict[str, Edition]:
    """Return the editions of some languages by tag.

    Languages that are not in `served` get an edition with only the helplines' numbers.
    """
    english = ScreenRenderer(languages[ENGLISH], tree)
    spoken_english = SpeechRenderer(languages[ENGLISH], tree)
    english_word = english.language.word if ENGLISH in tags else ""
    editions = {}
    for tag in tags:
        renderer = ScreenRenderer(languages[tag], tree, english)
        if tag in served:
            speak = partial(spoken_edition, languages[tag], tree, spoken_english, audio_url)
            words = LinkWords(renderer.language.word, english_word)
            editions[tag] = _full_edition(renderer, english, words, speak)
        else:
            editions[tag] = _numbers_only_edition(renderer)
    return editions


def build_latin_editions(
    languages: Mapping[str, LanguageSource],
    tree: ScreenTree,
    editions: Mapping[str, Edition],
    served: Collection[str],
) -> dict[str, Edition]:
    """Return the editions in Latin letters of the languages in `served` that have one, by tag."""
    english = ScreenRenderer(languages[ENGLISH], tree)
    english_word = english.language.word if ENGLISH in editions else ""
    found = {}
    for tag in TABLES.keys() & served:
        renderer = ScreenRenderer(latin_source(languages[tag]), tree, english)
        words = LinkWords(renderer.language.word, english_word)
        found[tag] = _full_edition(renderer, english, words, editions[tag].speak)
    return found


def own_lines(editions: Iterable[Edition], texts: Iterable[str]) -> tuple[str, ...]:
    """Return every line of our own texts, normalised and sorted.

    `texts` are those that belong to no edition.
    """
    lines = {line for text in texts for line in text.split("\n")}
    for edition in editions:
        for screen in edition.screens.values():
            rendering = screen.renderer
            body = rendering.headed(screen, screen.body, Head.HELPLINES) if rendering else ""
            lines.update(screen.body.split("\n"), body.split("\n"), screen.links.split("\n"))
        for screen in edition.stateless_screens.values():  # their bodies are the same
            lines.update(screen.links.split("\n"))
    words = {word for line in lines for word in line.split()}
    plain = dict(zip(words, normalise_lines([*words]), strict=True))  # once, as words recur
    own = {" ".join(filter(None, map(plain.get, line.split()))) for line in lines if line}
    return tuple(sorted(own))


def _full_edition(
    renderer: ScreenRenderer,
    english: ScreenRenderer,
    words: LinkWords,
    speak: Callable[[], SpokenEdition],
) -> Edition:
    """Return the full edition of a language.

    A screen that may not be sent in the language is in English, below the helplines and how to ask
    for an interpreter, in the edition's language; if it may not be sent in English either, it shows
    the helplines. The menu of a short edition tells how to ask for an interpreter, too.
    """
    helplines = renderer.render_phrase("helplines")
    prefix = f"{helplines}\n{renderer.interpreter}".rstrip("\n")
    is_short = renderer.source.texts == "short"

    def edition_screen(template: ScreenTemplate) -> Screen:
        screen = renderer.render_best_screen(template, prefix)
        body = prefix if is_short and template.code == MENU else screen.body
        return replace(screen, body=body, renderer=texts)

    def stateless_screen(template: ScreenTemplate) -> Screen:
        return replace(screens[template.code], links=renderer.render_best_links(template, words))

    templates = renderer.tree.screens
    head = HeadLine(helplines, tuple(map(renderer.render_phrase, SENTENCES)))
    footer, numbers = _edition_footer(renderer, english), renderer.render_fixed("lifelines")
    texts = TextRenderer(renderer.language.fold, footer, numbers, head)
    screens = {row.code: edition_screen(row) for row in templates}
    return Edition(
        language=renderer.language,
        screens=screens,
        stateless_screens={row.code: stateless_screen(row) for row in templates},
        helplines=helplines,
        interpreter=renderer.interpreter,
        speak=speak,
        withheld=renderer.withheld_codes,
        links=_offered_links(renderer, english),
        stateless_links=_offered_links(renderer, english, words),
    )


def _offered_links(
    renderer: ScreenRenderer, english: ScreenRenderer, words: LinkWords = SESSION
) -> dict[str, str]:
    """Return the lines that lead to the topics and the menu; an unapproved label is in English.

    Without an approved English one there is no line.
    """
    tree, found = renderer.tree, {}
    titles = [(topic.code, (topic.id, topic.title)) for topic in tree.topics]
    for link in (*titles, (MENU, tree.phrase_key("menu"))):
        for either in (renderer, english):
            try:
                found[link[0]] = either.render_link(link, words)
                break
            except MissingTranslation:
                continue
    return found


def _edition_footer(renderer: ScreenRenderer, english: ScreenRenderer) -> Footer:
    for either in (renderer, english):
        try:
            home = either.render_link((MENU, either.tree.phrase_key("menu")))
            return Footer(home, f"{NEXT} {either.render_phrase('next')}")
        except MissingTranslation:
            continue
    return Footer(MENU, NEXT)


def _numbers_only_edition(renderer: ScreenRenderer) -> Edition:
    """Return the edition of an unapproved language: every screen shows only the numbers."""
    numbers, tag = renderer.render_fixed("numbers"), renderer.language.tag
    texts = TextRenderer(
        {}, Footer(MENU, NEXT), renderer.render_fixed("lifelines"), HeadLine(numbers)
    )
    screens = {
        template.code: Screen(template.code, template.topic, tag, numbers, "", renderer=texts)
        for template in renderer.tree.screens
    }
    return Edition(
        language=renderer.language,
        screens=screens,
        stateless_screens=screens,
        helplines=numbers,
        speak=lambda: NO_SPEECH,
    )
