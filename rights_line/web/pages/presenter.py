"""Present a screen as a web page. Every word comes from the library, as in an SMS."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import quote

from rights_line.cards import call_link
from rights_line.core import CLOSE, LANGUAGES, MENU
from rights_line.core.library import ENGLISH, MULTILINGUAL, Edition
from rights_line.core.model import Language
from rights_line.core.screen import Phrase, Screen
from rights_line.library.site import Linkifier, Paragraph, Site, Span
from rights_line.web.pages.page import Link, Navigation

_IN_HEADER = (CLOSE, LANGUAGES)  # every web page links to these two above the screen
_FRAME_PHRASES = ("leave", "languages", "menu", "by_sms", "cost", "checked")
# Topic -> what its page says of the browser; an SMS has no room for it, and no use.
_LIMITS = {
    "safe_phone": ("leave_limits", "leave_keys", "private_window"),
    "what_we_keep": ("web_sees",),
}


@dataclass(frozen=True)
class ScreenView:
    """A screen as a web page shows it."""

    language: Language
    frame: Language  # the language of everything around the screen
    phrases: Mapping[str, Phrase]  # name -> sentence for the frame
    sms: str  # the text that gets the screen by SMS; or empty
    helplines: tuple[Paragraph, ...]  # one for each helpline
    title: Phrase
    helplines_first: bool = True
    paragraphs: tuple[Paragraph, ...] = ()
    notes: tuple[Phrase, ...] = ()  # which helplines are closed now
    web: tuple[str, ...] = ()  # websites with more information
    links: tuple[Link, ...] = ()  # to other screens
    up: Link | None = None  # to the screen above
    safety: tuple[Link, ...] = ()  # to the pages about a safe phone
    languages: tuple[Link, ...] = ()  # to the same screen in each language
    languages_href: str = ""  # the page that has these
    dials: tuple[Link, ...] = ()  # a call in this language, and the USSD code
    notice: Phrase | None = None  # why this screen is shown
    drafts: tuple[Phrase, ...] = ()  # notices that the texts are drafts, per language
    about: Phrase | None = None  # on the menu: whose number this is
    limits: tuple[Phrase, ...] = ()  # on the pages about phones: what a browser keeps
    has_browsers: bool = False  # whether the menus of the usual browsers follow
    checked: date | None = None  # day on which the helplines were last checked


class ScreenPresenter:
    """Builds the view of each screen of a library."""

    def __init__(self, site: Site) -> None:
        self._site, self._library, self._pages = site, site.library, site.pages
        self.navigation = Navigation(site)
        self._linkifier = Linkifier(site.pages.contacts.values())
        helplines = [site.pages.contacts[name] for name in site.pages.country.helplines]
        self._checked = min(contact.verified_on for contact in helplines)

    def present(self, tag: str, code: str, now: datetime) -> ScreenView:
        """Return the view of a screen; an unsupported language has the same view for each code."""
        if tag in self._library.unsupported:
            return self._unsupported(self._library.languages[tag])
        edition = self._library.editions[tag]
        if self.navigation.is_bare_edition(tag):
            view = self._view(edition.language, ENGLISH, edition.helplines, MULTILINGUAL)
            # An SMS or a dialled code would cost money and hold the same numbers.
            return replace(view, sms="", dials=())
        screen, row = edition.screens[code], edition.language
        limits = _LIMITS.get(screen.topic, ())
        up = self.navigation.parent_link(tag, code)
        needs_no_code = code == MENU or code in self._library.contact_codes
        own = "" if code == MENU else screen.own  # here nobody writes
        return replace(
            self._view(row, tag, edition.helplines, tag, "" if needs_no_code else code),
            title=self.navigation.screen_title(screen),
            helplines_first=own != screen.body,
            paragraphs=tuple(self._paragraphs(screen, own, edition)),
            notes=tuple(
                Phrase(note, screen.language)
                for note in screen.closed_notices(now, self._library.holidays)
            ),
            web=screen.web,
            links=tuple(self._links(screen, tag, up)),
            up=up,
            safety=tuple(self.navigation.safety_links(tag)),
            languages_href=self.navigation.languages_href(tag, code),
            drafts=tuple(self._pages.phrases[one]["draft"] for one in _draft_tags(screen, edition)),
            about=self._sentences(["about"], tag).get("about") if code == MENU else None,
            limits=tuple(self._sentences(limits, tag).values()),
            has_browsers="private_window" in limits,
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
            "",
            view.helplines,
            view.phrases["languages"],
            helplines_first=False,
            checked=view.checked,
            languages=links,
            up=Link(self.navigation.screen_href(tag, code), code, view.title),
        )

    def present_not_found(self, view: ScreenView) -> ScreenView:
        """Return a view that says first that there is no such page."""
        return replace(view, notice=self._sentences(["no_page"], view.frame.tag).get("no_page"))

    def _unsupported(self, language: Language) -> ScreenView:
        """Return the view of a language that is recognised but not translated, as by SMS."""
        rows = self._library.languages
        helplines = self._library.helplines.partition("\n")[2]  # without the line that is our title
        say = self._pages.say.format(norwegian=language.norwegian)
        return replace(
            self._view(language, ENGLISH, helplines, MULTILINGUAL),
            title=Phrase(language.own_name, language.tag),
            paragraphs=(Paragraph((Span(say),), MULTILINGUAL),),
            links=tuple(
                Link(f"/{tag}/", "", Phrase(rows[tag].own_name, tag))
                for tag in self._pages.country.languages
                if tag in self.navigation.offered_tags
            ),
            languages_href=self.navigation.languages_href(language.tag, MENU),
        )

    def _view(self, row: Language, frame: str, text: str, tag: str, code: str = "") -> ScreenView:
        """Return a view with nothing but the helplines; `code` goes into the SMS."""
        return ScreenView(
            row,
            self._library.languages[frame],
            self._sentences(_FRAME_PHRASES, frame),
            f"{row.word} {code}".rstrip() if self._site.number else "",
            self._linkifier.helplines(text, tag),
            self.navigation.neutral_title,
            dials=tuple(self._dials(row)),
        )

    def _sentences(self, names: Iterable[str], tag: str) -> dict[str, Phrase]:
        """Return those of the line's own sentences that the content has, by their names."""
        known = self._pages.phrases[tag]
        return {name: known[name] for name in names if name in known}

    def _paragraphs(self, screen: Screen, own: str, edition: Edition) -> Iterator[Paragraph]:
        """Yield how to ask for an interpreter, if the screen says it, and its own sentences."""
        if edition.interpreter in screen.above:
            yield from self._linkifier.sentences(edition.interpreter, edition.language.tag)
        tag = edition.language.tag
        named = self._pages.named_codes.get(screen.code, ())
        codes = {each: self.navigation.screen_href(tag, each) for each in named}
        yield from self._linkifier.sentences(own, screen.language, codes)

    def _links(self, screen: Screen, tag: str, up: Link | None) -> Iterator[Link]:
        """Yield the links of a screen; to yes or no without the code, which here nobody types."""
        answers = self._pages.answers.get(screen.code, ())
        for code, label in screen.choices:
            if code not in _IN_HEADER and (not up or code != up.code):
                text = Phrase(label, screen.language)
                shown = "" if code in answers else code
                yield Link(self.navigation.screen_href(tag, code), shown, text)

    def _dials(self, language: Language) -> Iterator[Link]:
        """Yield the links that call the line in this language, and that dial its USSD code."""
        number, ussd = self._site.grouped_number, self._site.ussd
        hrefs = {ussd: f"tel:{quote(ussd, safe='*')}"} if ussd else {}
        if number and self._site.takes_calls:
            hrefs = {f"{number}, {language.number}": call_link(number, language.number)} | hrefs
        for code, href in hrefs.items():
            text = self._pages.dial.format(code=code)
            yield Link(href, "", Phrase(text, MULTILINGUAL))


def _draft_tags(screen: Screen, edition: Edition) -> list[str]:
    """Return the languages of which a page shows drafts: the helplines', and the screen's."""
    shown = {edition.language.tag: edition.screens[MENU], screen.language: screen}
    drafts = [tag for tag, row in shown.items() if not (row.language == tag and row.is_approved)]
    return [] if screen.code in edition.withheld else drafts
