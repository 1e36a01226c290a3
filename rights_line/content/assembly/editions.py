"""Build the edition of each language: the finished parts of all its screens."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from rights_line.content.approvals.screen_approval import ScreenApproval
from rights_line.content.assembly.latin_letters import TABLES, latin_source
from rights_line.content.assembly.rendering import (
    SENTENCES,
    SESSION,
    LinkWords,
    MissingTranslation,
    ScreenRenderer,
)
from rights_line.content.assembly.screen_titles import headings
from rights_line.content.assembly.screen_tree import ScreenTemplate, ScreenTree
from rights_line.content.assembly.speech import SpeechRenderer, speech_parts
from rights_line.content.files.languages import ENGLISH, LanguageSource
from rights_line.core.fixed_codes import MENU, NEXT
from rights_line.core.opening_hours import ClosedNotice
from rights_line.core.screen import NO_PHRASE, Form, Head, Phrase
from rights_line.core.sms import replace_sms_letters
from rights_line.core.understanding.text.normalise import normalise_lines
from rights_line.core.ussd_pages import Footer
from rights_line.library.assembly import screen_of
from rights_line.library.schema import EditionParts, ScreenParts


class EditionBuilder:
    """Builds the editions of all languages.

    Attributes:
        notices: the closed-notices of all screens.
    """

    def __init__(
        self,
        languages: Mapping[str, LanguageSource],
        tree: ScreenTree,
        approval: ScreenApproval,
        audio_url: str,
        offers_english: bool,
    ) -> None:
        self.notices: list[ClosedNotice] = []
        self._languages, self._tree, self._approval = languages, tree, approval
        self._headings = headings(tree)
        self._audio_url = audio_url
        english = languages[ENGLISH]
        self._english = ScreenRenderer(english, tree, notices=self.notices)
        self._spoken_english = SpeechRenderer(english, tree, notices=self.notices)
        self._english_word = english.language.word if offers_english else ""

    def edition(self, tag: str, is_served: bool) -> EditionParts:
        """Return the edition of a language; one that is not served has only the numbers."""
        source = self._languages[tag]
        if not is_served:
            return _numbers_only(ScreenRenderer(source, self._tree, self._english))
        speech = speech_parts(source, self._tree, self._spoken_english, self._audio_url)
        return replace(self._full(source), speech=speech)

    def latin_editions(self, served: Collection[str]) -> dict[str, EditionParts]:
        """Return the editions in Latin letters of the languages in `served` that have one."""
        return {
            tag: self._full(latin_source(self._languages[tag])) for tag in TABLES if tag in served
        }

    def _full(self, source: LanguageSource) -> EditionParts:
        """Return the full edition of a language, without the texts for calls.

        A screen that may not be sent in the language is in English, below the helplines and how to
        ask for an interpreter, in the edition's language; if it may not be sent in English either,
        it shows the helplines.
        """
        english = self._english
        renderer = ScreenRenderer(source, self._tree, english, self.notices)
        words = LinkWords(source.language.word, self._english_word)
        helplines = renderer.phrase("helplines")
        form = Form(
            fold=source.language.fold,
            footer=_footer(renderer, english),
            numbers=renderer.fixed("lifelines"),
            helplines=helplines,
            sentences=tuple(map(renderer.phrase, SENTENCES)),
        )
        return EditionParts(
            language=source.language,
            form=form,
            screens={row.code: self._screen(row, renderer, words) for row in self._tree.screens},
            helplines=helplines,
            interpreter=renderer.interpreter,
            withheld=tuple(sorted(renderer.withheld_codes)),
            links=_offered_links(renderer, english),
            stateless_links=_offered_links(renderer, english, words),
        )

    def _screen(
        self, template: ScreenTemplate, renderer: ScreenRenderer, words: LinkWords
    ) -> ScreenParts:
        """Return a screen; the menu of a short edition tells how to ask for an interpreter, too."""
        helplines, code = renderer.phrase("helplines"), template.code
        prefix = f"{helplines}\n{renderer.interpreter}".rstrip("\n")
        screen = renderer.best(template, prefix)
        is_short = renderer.source.texts == "short" and code == MENU
        body = prefix if is_short else screen.body
        state = self._approval.language(screen.language, code)
        return replace(
            screen,
            body=body,
            stateless_links=renderer.best_links(template, words),
            own_from=_own_from(body, helplines, renderer.interpreter),
            title=self._title(code, screen.language),
            is_approved=state == screen.language,
        )

    def _title(self, code: str, tag: str) -> Phrase:
        """Return the heading of a screen; in English while its translation waits."""
        if key := self._headings.get(code):
            for each in (tag, ENGLISH):
                if title := self._languages[each].translate(*key):
                    return Phrase(title, each)
        return NO_PHRASE


def _own_from(body: str, helplines: str, interpreter: str) -> int:
    """Return where the own words of a screen begin, below helplines and interpreter."""
    own = body.removeprefix(helplines).lstrip("\n").removeprefix(interpreter).lstrip("\n")
    return len(body) - len(own)


def own_lines(editions: Iterable[EditionParts], texts: Iterable[str]) -> tuple[str, ...]:
    """Return every line of our own texts, also with letters folded, normalised and sorted.

    `texts` are those that belong to no edition.
    """
    lines = {line for text in texts for line in text.split("\n")}
    for edition in editions:
        for code, row in edition.screens.items():
            screen = screen_of(code, row, edition.form)
            headed = screen.texts().headed(Head.HELPLINES).body
            for text in (screen.body, headed, screen.links, row.stateless_links):
                lines.update(text.split("\n"))
                lines.update(replace_sms_letters(text, edition.form.fold).split("\n"))
    words = {word for line in lines for word in line.split()}
    plain = dict(zip(words, normalise_lines([*words]), strict=True))  # once, as words recur
    own = {" ".join(filter(None, map(plain.get, line.split()))) for line in lines if line}
    return tuple(sorted(own))


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
                found[link[0]] = either.link(link, words)
                break
            except MissingTranslation:
                continue
    return found


def _footer(renderer: ScreenRenderer, english: ScreenRenderer) -> Footer:
    for either in (renderer, english):
        try:
            home = either.link((MENU, either.tree.phrase_key("menu")))
            return Footer(home, f"{NEXT} {either.phrase('next')}")
        except MissingTranslation:
            continue
    return Footer(MENU, NEXT)


def _numbers_only(renderer: ScreenRenderer) -> EditionParts:
    """Return the edition of an unapproved language: every screen shows only the numbers."""
    numbers, tag = renderer.fixed("numbers"), renderer.language.tag
    footer, lifelines = Footer(MENU, NEXT), renderer.fixed("lifelines")
    return EditionParts(
        language=renderer.language,
        form=Form({}, footer, lifelines, helplines=numbers),
        screens={
            row.code: ScreenParts(row.topic, tag, numbers, links="")
            for row in renderer.tree.screens
        },
        helplines=numbers,
    )
