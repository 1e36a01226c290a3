"""Build the edition of each language: the finished parts of all its screens."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TypeVar

from rights_line.content.approval import Approval
from rights_line.content.assembly import SENTENCES, ScreenTemplate, ScreenTree
from rights_line.content.assembly.pages import headings
from rights_line.content.assembly.rendering import SESSION, LinkWords, ScreenRenderer
from rights_line.content.assembly.speech import SpeechRenderer, speech_parts
from rights_line.content.assembly.texts import (
    TABLES,
    MissingTranslation,
    TextRenderer,
    latin_source,
)
from rights_line.content.languages import ENGLISH, LanguageSource
from rights_line.core import MENU, NEXT
from rights_line.core.library import Edition
from rights_line.core.screen import NO_PHRASE, EnglishLinks, Form, Head, Phrase, Screen
from rights_line.core.sms import replace_sms_letters
from rights_line.core.understanding.words import normalise_lines
from rights_line.core.ussd_pages import Footer

T = TypeVar("T")


class EditionBuilder:
    """Builds the editions of all languages."""

    def __init__(
        self,
        languages: Mapping[str, LanguageSource],
        tree: ScreenTree,
        approvals: Mapping[str, Approval],
        audio_url: str,
        offers_english: bool,
    ) -> None:
        self._languages, self._tree, self._approvals = languages, tree, approvals
        self._headings = headings(tree)
        self._audio_url = audio_url
        english = languages[ENGLISH]
        self._english = ScreenRenderer(english, tree)
        self._spoken_english = SpeechRenderer(english, tree)
        self._english_word = english.language.word if offers_english else ""

    def edition(self, tag: str, is_served: bool) -> Edition:
        """Return the edition of a language; one that is not served has only the numbers."""
        source = self._languages[tag]
        if not is_served:
            return _numbers_only(TextRenderer(source, self._tree, self._english.source))
        speech = speech_parts(source, self._tree, self._spoken_english, self._audio_url)
        return replace(self._full(source), speech=speech)

    def latin_editions(self, served: Collection[str]) -> dict[str, Edition]:
        """Return the editions in Latin letters of the languages in `served` that have one."""
        return {
            tag: self._full(latin_source(self._languages[tag])) for tag in TABLES if tag in served
        }

    def _full(self, source: LanguageSource) -> Edition:
        """Return the full edition of a language, without the texts for calls.

        A screen that may not be sent in the language is in English, below the helplines and how to
        ask for an interpreter, in the edition's language; if it may not be sent in English either,
        it shows the helplines.
        """
        renderer = ScreenRenderer(source, self._tree, self._english)
        words = LinkWords(source.language.word, self._english_word)
        helplines = renderer.phrase("helplines")
        return Edition(
            language=source.language,
            form=Form(
                fold=source.language.fold,
                footer=self._own_or_english(renderer, _footer) or Footer(MENU, NEXT),
                numbers=renderer.fixed("lifelines"),
                helplines=helplines,
                sentences=tuple(map(renderer.phrase, SENTENCES)),
                english=EnglishLinks(
                    renderer.fixed("in_english", label=""), renderer.fixed("below_english")
                ),
            ),
            screens={row.code: self._screen(row, renderer, words) for row in self._tree.screens},
            helplines=helplines,
            interpreter=renderer.interpreter,
            withheld=tuple(sorted(renderer.withheld_codes)),
            links=dict(self._offered_links(renderer, SESSION)),
            stateless_links=dict(self._offered_links(renderer, words)),
        )

    def _screen(
        self, template: ScreenTemplate, renderer: ScreenRenderer, words: LinkWords
    ) -> Screen:
        """Return a screen; the menu of a short edition tells how to ask for an interpreter, too."""
        helplines, code = renderer.phrase("helplines"), template.code
        prefix = f"{helplines}\n{renderer.interpreter}".rstrip("\n")
        screen = renderer.best(template, prefix)
        is_short = renderer.source.texts == "short" and code == MENU
        body = prefix if is_short else screen.body
        own = body.removeprefix(helplines).lstrip("\n").removeprefix(renderer.interpreter)
        return replace(
            screen,
            body=body,
            stateless_links=renderer.best_links(template, words),
            own_from=len(body) - len(own.lstrip("\n")),
            title=self._title(code, screen.language),
            is_approved=self._approvals[screen.language].language(code) == screen.language,
        )

    def _title(self, code: str, tag: str) -> Phrase:
        """Return the heading of a screen; in English while its translation waits."""
        if key := self._headings.get(code):
            for each in (tag, ENGLISH):
                if title := self._languages[each].translate(*key):
                    return Phrase(title, each)
        return NO_PHRASE

    def _offered_links(
        self, renderer: ScreenRenderer, words: LinkWords
    ) -> Iterator[tuple[str, str]]:
        """Yield the codes of topics, helplines and the menu, and the lines that lead there.

        No reply offers short numbers, nor those for professionals alone.
        """
        topics = ((row.code, self._tree.titles[row.code]) for row in self._tree.topics)
        contacts = (
            (row.code, (row.id, row.name))
            for row in self._tree.content.contacts.values()
            if "adult" in row.audience and row.e164
        )
        for link in (*topics, *contacts, self._tree.home):
            line = partial(ScreenRenderer.link, link=link, words=words)
            if found := self._own_or_english(renderer, line):
                yield link[0], found

    def _own_or_english(
        self, renderer: ScreenRenderer, make: Callable[[ScreenRenderer], T]
    ) -> T | None:
        """Return a part of an edition, in English if need be; None if neither may be sent."""
        for either in (renderer, self._english):
            try:
                return make(either)
            except MissingTranslation:
                continue
        return None


def _footer(renderer: ScreenRenderer) -> Footer:
    return Footer(renderer.link(renderer.tree.home), f"{NEXT} {renderer.phrase('next')}")


def _numbers_only(renderer: TextRenderer) -> Edition:
    """Return the edition of an unapproved language: every screen shows only the numbers."""
    numbers, tag = renderer.fixed("numbers"), renderer.language.tag
    form = Form({}, Footer(MENU, NEXT), renderer.fixed("lifelines"), helplines=numbers)
    screens = {
        row.code: Screen(row.code, row.topic, tag, numbers, links="")
        for row in renderer.tree.screens
    }
    return Edition(renderer.language, form, screens, helplines=numbers)


def own_lines(editions: Iterable[Edition], texts: Iterable[str]) -> tuple[str, ...]:
    """Return every line of our own texts, also with letters folded, normalised and sorted.

    `texts` are those that belong to no edition.
    """
    lines = {line for text in texts for line in text.split("\n")}
    for edition in editions:
        for screen in edition.screens.values():
            headed = screen.texts(edition.form).headed(Head.HELPLINES).body
            links = (screen.links, edition.form.sms_links(screen.links), screen.stateless_links)
            unmarked = screen.links.replace(edition.form.english.mark, "")
            for text in (screen.body, headed, *links, unmarked):
                lines.update(text.split("\n"))
                lines.update(replace_sms_letters(text, edition.form.fold).split("\n"))
    words = {word for line in lines for word in line.split()}
    plain = dict(zip(words, normalise_lines([*words]), strict=True))  # once, as words recur
    own = {" ".join(filter(None, map(plain.get, line.split()))) for line in lines if line}
    return tuple(sorted(own))
