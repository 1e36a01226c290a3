"""Render a screen in one language: its texts, its links, and its closed-notices."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from rights_line.content.assembly import Link, ScreenTemplate, ScreenTree
from rights_line.content.assembly.texts import TextRenderer
from rights_line.content.languages import LanguageSource
from rights_line.core import CLOSE, LANGUAGES, TALK, opening_hours
from rights_line.core.model import Contact
from rights_line.core.opening_hours import ClosedNotice, WeeklyHours
from rights_line.core.screen import Screen


class LinkWords(NamedTuple):
    """The words that links carry beside their code, so that they work without a session."""

    own: str = ""
    english: str = ""  # for links to screens in English; empty if English is not offered


SESSION = LinkWords()  # the session holds the language


class ScreenRenderer(TextRenderer):
    """Renders screens in one language, as text to read.

    `english` renders the screens that this language lacks; None for English itself.
    """

    def __init__(
        self,
        source: LanguageSource,
        tree: ScreenTree,
        english: "ScreenRenderer | None" = None,
    ) -> None:
        super().__init__(source, tree, english.source if english else None)
        self._english = english

    @cached_property
    def interpreter(self) -> str:
        """How to ask for an interpreter on the phone; empty if it may not be sent."""
        return self.optional("interpreter", language=self.language.norwegian)

    @cached_property
    def untranslated_codes(self) -> frozenset[str]:
        """The codes of the screens that may not be sent whole in this language."""
        return frozenset(
            code
            for code, keys in self.tree.strings.items()
            if any(self._translate(key) is None for key in keys)
        )

    @cached_property
    def withheld_codes(self) -> frozenset[str]:
        """The codes of the screens that may be sent neither in it nor in English."""
        return self.untranslated_codes & (self._english or self).untranslated_codes

    def render(self, template: ScreenTemplate, prefix: str = "") -> Screen:
        """Return a screen, with `prefix` above its body, in place of its own line of helplines.

        Raises:
            MissingTranslation: any part of it; a screen is never in two languages by halves.
        """
        text = " ".join(map(self.text, template.body)).replace("。 ", "。")  # Chinese has no space
        if prefix:
            text = text.removeprefix(self.phrase("helplines")).lstrip()
        return Screen(
            code=template.code,
            topic=template.topic,
            language=self.language.tag,
            body="\n".join(filter(None, (prefix, text))),
            links=self.links(self._links_of(template)),
            notices=tuple(self._notices(template)),
            web=template.web,
        )

    def best(self, template: ScreenTemplate, prefix: str = "") -> Screen:
        """Return a screen in this language, else in English below `prefix`, else the helplines.

        Raises:
            MissingTranslation: a label of the menu.
        """
        if renderer := self._renderer_of(template.code):
            return renderer.render(template, "" if renderer is self else prefix)
        return Screen(
            code=template.code,
            topic=template.topic,
            language=self.language.tag,
            body=self.phrase("helplines"),
            links=self.best_links(template),
        )

    def best_links(self, template: ScreenTemplate, words: LinkWords = SESSION) -> str:
        """Return the links of `best`, which may include words for the language."""
        if renderer := self._renderer_of(template.code):
            return renderer.links(renderer._links_of(template), words)
        return self.links([(TALK, self.tree.titles[TALK]), self.tree.home], words)

    def _renderer_of(self, code: str) -> "ScreenRenderer | None":
        """Return what renders a screen: this, or that of English, or none."""
        if code not in self.untranslated_codes:
            return self
        return None if code in self.withheld_codes else self._english

    def _links_of(self, template: ScreenTemplate) -> tuple[Link, ...]:
        """Return its links; last before the menu, helplines for speakers of this language alone.

        Such a link is left out until its label may be sent.
        """
        own = [
            (row.code, (row.id, row.name))
            for row in self.contacts
            if row.link_from == template.code
            and self.language.tag in row.languages
            and self.source.translate(row.id, row.name)
        ]
        return (*template.links[:-1], *own, *template.links[-1:])

    def links(self, links: Iterable[Link], words: LinkWords = SESSION) -> str:
        return "\n".join(filter(None, [self.link(link, words) for link in links]))

    def link(self, link: Link, words: LinkWords = SESSION) -> str:
        """Return the line of a link; one to a screen in English says so."""
        code, label = link[0], self.text(link[1])
        if code not in self.untranslated_codes or code in self.withheld_codes:
            return self.link_line(code, label, words.own)
        if words.english:  # ENGLISH instead of the language's own word
            return self.link_line(code, label, words.english)
        return self.link_line(code, self.fixed("in_english", label=label), words.own)

    def link_line(self, code: str, label: str, word: str) -> str:
        """Return the line of a link; with a `word`, the link works without a session."""
        if not word or code == LANGUAGES:
            return f"{code} {label}"
        return "" if code == CLOSE else f"{word} {code} {label}"  # no session: nothing to close

    def _notices(self, template: ScreenTemplate) -> Iterator[ClosedNotice]:
        body = " ".join(message for _, message in template.body)
        for contact in self.contacts:
            if contact.hours and contact.periods and f"{{{contact.id}}}" in body:
                yield self._notice(contact, contact.hours)

    def _notice(self, contact: Contact, hours: WeeklyHours) -> ClosedNotice:
        openings = {(day, period.opens) for period in hours.periods for day in period.days}
        name = self.text((contact.id, contact.name))

        def sentences(phrase: str) -> Mapping[str, str]:
            return {
                opening_hours.key(day, opens): self.phrase(
                    phrase, name=name, day=self.language.weekdays[day], opens=f"{opens:%H:%M}"
                )
                for day, opens in sorted(openings)
            }

        return ClosedNotice(hours, sentences("closed"), sentences("holiday"))
