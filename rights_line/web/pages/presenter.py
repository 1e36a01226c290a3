"""Present a screen as a web page. Every word comes from the library, as in an SMS."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from rights_line.cards.qr import call_link
from rights_line.core.fixed_codes import CLOSE, LANGUAGES, MENU
from rights_line.core.library import ENGLISH, MULTILINGUAL, Edition
from rights_line.core.model import Language
from rights_line.core.screen import Screen
from rights_line.library.site import Site
from rights_line.web.pages.linkify import Linkifier, Paragraph, Span
from rights_line.web.pages.navigation import Navigation
from rights_line.web.pages.screen_view import Link, LocalizedText, ScreenView

_IN_HEADER = (CLOSE, LANGUAGES)  # every web page links to these two above the screen
_FRAME_PHRASES = ("leave", "languages", "menu", "by_sms", "cost", "checked")
# Topic -> what its page says of the browser; an SMS has no room for it, and no use.
_LIMITS = {
    "safe_phone": ("leave_limits", "leave_keys", "private_window"),
    "what_we_keep": ("web_sees",),
}


class ScreenPresenter:
    """Builds the view of each screen of a library."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.library = site.library
        self.navigation = Navigation(site)
        self._pages = site.pages
        self._linkifier = Linkifier(site.pages.contacts.values())
        helplines = [site.pages.contacts[name] for name in site.pages.country.helplines]
        self._checked = min(contact.verified_on for contact in helplines)

    def present_sentences(self, names: Iterable[str], tag: str) -> Iterator[LocalizedText]:
        """Yield those of the line's own sentences that the content has."""
        known = self._pages.phrases[tag]
        yield from (self.present_sentence(name, tag) for name in names if name in known)

    def present_sentence(self, name: str, tag: str) -> LocalizedText:
        """Return one of the line's own sentences; in English if it is not translated."""
        return self.navigation.localized_text(*self._pages.phrases[tag][name])

    def present(self, tag: str, code: str, now: datetime) -> ScreenView:
        """Return the view of a screen; an unsupported language has the same view for each code."""
        if tag in self.library.unsupported:
            return self._present_unsupported_language(self.library.languages[tag])
        edition = self.library.editions[tag]
        if self.navigation.is_bare_edition(tag):
            view = self._present_helplines(
                edition.language, ENGLISH, edition.helplines, MULTILINGUAL
            )
            # An SMS or a dialled code would cost money and hold the same numbers.
            return replace(view, sms=("", ""), dials=())
        screen = edition.screens[code]
        interpreter = edition.interpreter if edition.interpreter in screen.above else ""
        own = "" if code == MENU else screen.own  # here nobody writes
        row = self.library.languages[screen.language]
        links = self._present_code_links(code, tag)
        paragraphs = (
            *self._linkifier.sentences(interpreter, edition.language),
            *self._linkifier.sentences(own, row, links),
        )
        drafts = _draft_tags(screen, edition)
        notes = screen.closed_notices(now, self.library.holidays)
        up = self.navigation.parent_link(tag, code, self.present_sentence("menu", tag))
        needs_no_code = code == MENU or code in self.library.contact_codes
        return replace(
            self._present_helplines(
                edition.language, tag, edition.helplines, tag, "" if needs_no_code else code
            ),
            title=self.navigation.screen_title(screen),
            helplines_first=own != screen.body,
            paragraphs=paragraphs,
            notes=tuple(self.navigation.localized_text(note, row.tag) for note in notes),
            web=screen.web,
            links=tuple(self._present_links(screen, tag, up)),
            up=up,
            safety=tuple(self.navigation.safety_links(tag)),
            languages_href=self.navigation.languages_href(tag, code),
            drafts=tuple(self.present_sentence("draft", one) for one in drafts),
            about=next(self.present_sentences(["about"], tag), None) if code == MENU else None,
            limits=tuple(self.present_sentences(_LIMITS.get(screen.topic, ()), tag)),
            has_browsers="private_window" in _LIMITS.get(screen.topic, ()),
            checked=self._checked,
        )

    def present_start(self, tag: str, now: datetime) -> ScreenView:
        """Return the view of the start page: the menu, and the languages below it."""
        links = tuple(self.navigation.language_links(MENU))
        href = "#languages" if links else ""
        return replace(self.present(tag, MENU, now), languages=links, languages_href=href)

    def present_languages(self, tag: str, code: str, now: datetime) -> ScreenView:
        """Return links to a screen in each language; without a choice, the screen itself."""
        view = self.present(tag, code, now)
        links = tuple(self.navigation.language_links(code))
        if not links:
            return view
        return ScreenView(
            view.language,
            view.frame,
            view.phrases,
            ("", ""),
            view.helplines,
            view.phrases["languages"],
            helplines_first=False,
            checked=view.checked,
            languages=links,
            up=Link(self.navigation.screen_href(tag, code), code, view.title),
        )

    def present_not_found(self, view: ScreenView) -> ScreenView:
        """Return a view that says first that there is no such page."""
        return replace(view, notice=next(self.present_sentences(["no_page"], view.frame.tag), None))

    def _present_unsupported_language(self, language: Language) -> ScreenView:
        """Return the view of a language that is recognised but not translated, as by SMS."""
        text = self._pages.say.format(norwegian=language.norwegian)
        helplines = self.library.helplines.partition("\n")[2]  # without the line that is our title
        return replace(
            self._present_helplines(language, ENGLISH, helplines, MULTILINGUAL),
            title=self.navigation.localized_text(language.own_name, language.tag),
            paragraphs=(Paragraph((Span(text),), MULTILINGUAL, "ltr"),),
            links=tuple(
                Link(
                    f"/{tag}/",
                    "",
                    self.navigation.localized_text(self.library.languages[tag].own_name, tag),
                )
                for tag in self._pages.country.languages
                if tag in self.navigation.offered_tags
            ),
            languages_href=self.navigation.languages_href(language.tag, MENU),
        )

    def _present_helplines(
        self, language: Language, frame: str, helplines: str, helplines_tag: str, code: str = ""
    ) -> ScreenView:
        """Return a view with nothing but the helplines; `code` goes into the SMS."""
        direction = "ltr" if helplines_tag == MULTILINGUAL else language.direction
        frame_phrases = filter(self._pages.phrases[frame].__contains__, _FRAME_PHRASES)
        return ScreenView(
            language,
            self.library.languages[frame],
            {name: self.present_sentence(name, frame) for name in frame_phrases},
            self._present_sms_link(f"{language.word} {code}".rstrip()),
            self._linkifier.helplines(helplines, helplines_tag, direction),
            self.navigation.neutral_title,
            dials=tuple(self._present_dials(language)),
        )

    def _present_links(self, screen: Screen, tag: str, up: Link | None) -> Iterator[Link]:
        """Yield the links of a screen; to yes or no without the code, which here nobody types."""
        answers = self._pages.answers.get(screen.code, ())
        for code, label in screen.choices:
            if code not in _IN_HEADER and (not up or code != up.code):
                yield Link(
                    self.navigation.screen_href(tag, code),
                    "" if code in answers else code,
                    self.navigation.localized_text(label, screen.language),
                )

    def _present_code_links(self, code: str, tag: str) -> dict[str, str]:
        """Return the codes that the text of a screen says to send -> their URLs."""
        named = self._pages.named_codes.get(code, ())
        return {each: self.navigation.screen_href(tag, each) for each in named}

    def _present_dials(self, language: Language) -> Iterator[Link]:
        """Yield the links that call the line in this language, and that dial its USSD code."""
        number, ussd = self.site.grouped_number, self.site.ussd
        if number and self.site.takes_calls:
            href = call_link(number, language.number)
            yield self._present_dial(f"{number}, {language.number}", href)
        if ussd:
            yield self._present_dial(ussd, f"tel:{quote(ussd, safe='*')}")

    def _present_dial(self, code: str, href: str) -> Link:
        text = self._pages.dial.format(code=code)
        return Link(href, "", LocalizedText(text, MULTILINGUAL, "ltr"))

    def _present_sms_link(self, text: str) -> tuple[str, str]:
        """Return a link that opens an SMS on both Android and iOS, and the text of that SMS."""
        number = self.site.number.replace(" ", "")
        return (f"sms:{number}?&body={quote(text)}", text) if number else ("", "")


def _draft_tags(screen: Screen, edition: Edition) -> list[str]:
    """Return the languages of which a page shows drafts: the helplines', and the screen's."""
    shown = {edition.language.tag: edition.screens[MENU], screen.language: screen}
    drafts = [tag for tag, row in shown.items() if not (row.language == tag and row.is_approved)]
    return [] if screen.code in edition.withheld else drafts
