"""Say every page in one language: numbers put in, links spelled out, notices made ready."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta

from babel.dates import format_date

from rights_line.content.languages import LanguageSource
from rights_line.content.screen_tree import MessageKey, ScreenTemplate, ScreenTree
from rights_line.core.library import (
    CLOSE,
    LANGUAGES,
    MENU,
    NEXT,
    NO_SPEECH,
    Edition,
    Footer,
    Screen,
    SpokenEdition,
)
from rights_line.core.model import Contact
from rights_line.core.opening_hours import ClosedNotice, OpeningPeriod, WeeklyHours
from rights_line.core.sms import to_plain_punctuation

_MONDAY = date(2024, 1, 1)  # any Monday: a weekday's name is all that is read from it


class MissingTranslation(Exception):
    """Something of a page has no translation to be served."""


class ScreenRenderer:
    """One language, saying pages."""

    def __init__(self, source: LanguageSource, tree: ScreenTree) -> None:
        self.tongue = source
        self.language = source.language
        self.outline = tree
        self.contacts = tree.content.contacts
        self.values = self._values()

    def translate(self, saying: MessageKey, **more: str) -> str:
        """Return a saying with the numbers in it.

        Raises:
            Untranslated: there is no translation, or none of the hours in it.
        """
        text = self.tongue.translate(*saying)
        if text is None:
            raise MissingTranslation(saying)
        try:
            said = text.format_map({**self.values, **more})
        except KeyError as error:
            raise MissingTranslation(saying) from error
        return said if self.language.encoding == "UCS-2" else to_plain_punctuation(said)

    def fixed(self, name: str, **more: str) -> str:
        """Return a sentence that is the same in every language."""
        return self.outline.content.fixed[name].format_map({**self.values, **more})

    def screen(self, page: ScreenTemplate, spelled: bool, word: str, before: str = "") -> Screen:
        """Return a page as a screen, after `before`; `word` is what codes are spelled with.

        Raises:
            Untranslated: some part of it has no translation: half a screen is never said.
        """
        body = "\n".join(filter(None, (before, *map(self.translate, page.body))))
        links = [
            self.link(code, self.translate(label), word if spelled else "")
            for code, label in page.links
        ]
        return Screen(
            code=page.code,
            topic=page.topic,
            language=self.language.tag,
            body=body,
            links="\n".join(filter(None, links)),
            notices=tuple(self._notices(page)),
            web=page.web,
        )

    def phrase(self, name: str, /, **more: str) -> str:
        """Return one of the line's own sentences."""
        return self.translate((name, self.outline.content.phrases[name]), **more)

    def link(self, code: str, label: str, word: str) -> str:
        if not word or code == LANGUAGES:
            return f"{code} {label}"
        return (
            "" if code == CLOSE else f"{word} {code} {label}"
        )  # nothing is kept: nothing to close

    def _values(self) -> dict[str, str]:
        """Return what stands for each placeholder: a number, or its hours."""
        values = {name: self.number(contact) for name, contact in self.contacts.items()}
        phrase = self.tongue.translate("hours", self.outline.content.phrases["hours"])
        for name, contact in self.contacts.items():
            if phrase and contact.hours and contact.hours.periods:
                ranges = (self._range(phrase, span) for span in contact.hours.periods)
                values[f"{name}_hours"] = ", ".join(ranges)
        return values

    def number(self, contact: Contact) -> str:
        """Return a number to read: with no spaces where they would turn its groups round."""
        return contact.code if self.language.direction == "rtl" else contact.number

    def _range(self, phrase: str, span: OpeningPeriod) -> str:
        first, last = (self._day(day, "EEE") for day in (min(span.days), max(span.days)))
        opens, closes = _clock(span.opens), _clock(span.closes)
        return phrase.format(first=first, last=last, opens=opens, closes=closes)

    def _day(self, weekday: int, width: str) -> str:
        return format_date(_MONDAY + timedelta(days=weekday), width, self.language.locale)

    def _notices(self, page: ScreenTemplate) -> Iterable[ClosedNotice]:
        said = " ".join(message for _, message in page.body)
        for name, contact in self.contacts.items():
            if f"{{{name}}}" in said and contact.hours and contact.hours.periods:
                yield self._notice(contact, contact.hours)

    def _notice(self, contact: Contact, hours: WeeklyHours) -> ClosedNotice:
        openings = {(day, span.opens) for span in hours.periods for day in span.days}
        return ClosedNotice(
            hours,
            self._opening("closed", contact, openings),
            self._opening("holiday", contact, openings),
        )

    def _opening(
        self, phrase: str, contact: Contact, openings: Iterable[tuple[int, time]]
    ) -> Mapping[tuple[int, time], str]:
        name = self.translate((contact.id, contact.name))
        return {
            (day, opens): self.phrase(
                phrase, name=name, day=self._day(day, "EEEE"), opens=_clock(opens)
            )
            for day, opens in openings
        }


def _clock(moment: time) -> str:
    """Return a time with Western digits, as every keypad has them."""
    return f"{moment:%H:%M}"


def render_edition(
    speaker: ScreenRenderer, source: ScreenRenderer, aloud: SpokenEdition
) -> Edition:
    """Return every page in a language; a page it lacks is said whole in the source language,
    after the helplines in its own."""

    def screen(page: ScreenTemplate, spelled: bool) -> Screen:
        word = speaker.language.word
        try:
            return speaker.screen(page, spelled, word)
        except MissingTranslation:
            return source.screen(page, spelled, word, before=speaker.phrase("helplines"))

    pages = speaker.outline.screens
    return Edition(
        language=speaker.language,
        screens={page.code: screen(page, spelled=False) for page in pages},
        stateless_screens={page.code: screen(page, spelled=True) for page in pages},
        helplines=speaker.phrase("helplines"),
        numbers_line=speaker.fixed("lifelines"),
        footer=_footer(speaker, source),
        speech=aloud,
    )


def _footer(speaker: ScreenRenderer, source: ScreenRenderer) -> Footer:
    try:
        return Footer(f"{MENU} {speaker.phrase('menu')}", f"{NEXT} {speaker.phrase('next')}")
    except MissingTranslation:
        return _footer(source, source)


def numbers_only_edition(speaker: ScreenRenderer) -> Edition:
    """Return an edition that says nothing but the numbers: nobody has approved its texts."""
    bare = {
        page.code: Screen(page.code, page.topic, speaker.language.tag, speaker.fixed("numbers"), "")
        for page in speaker.outline.screens
    }
    return Edition(
        language=speaker.language,
        screens=bare,
        stateless_screens=bare,
        helplines=speaker.fixed("numbers"),
        numbers_line=speaker.fixed("lifelines"),
        footer=Footer(MENU, NEXT),
        speech=NO_SPEECH,
    )
