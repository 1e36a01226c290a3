"""Present a screen as a web page. Every word comes from the library, as in an SMS."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from rights_line.content.assembly.screen_tree import MessageKey, ScreenTree
from rights_line.content.files.languages import ENGLISH
from rights_line.content.site import Site
from rights_line.core.fixed_codes import CLOSE, LANGUAGES, MENU
from rights_line.core.library import MULTILINGUAL, Screen
from rights_line.core.model import Language
from rights_line.web.pages.linkify import Linkifier, Paragraph, Span
from rights_line.web.pages.screen_view import Link, LocalizedText, ScreenView

LANGUAGE_LIST = "/#languages"
_IN_HEADER = (CLOSE, LANGUAGES)  # every web page links to these two above the screen
_SAFETY = "safe_phone"
_FRAME_PHRASES = ("leave", "languages", "menu", "by_sms", "cost")

_SEND_CODE = re.compile(r"\b(?:send |(?=00\b))(\d+)\b", re.IGNORECASE)  # "Send 4"; "00 clears"


class ScreenPresenter:
    """Builds the view of each screen of a library."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.library = site.library
        self._country = site.sources.content.country
        # A heading that names no subject.
        self._neutral = LocalizedText(self._country.title, self._country.languages[0], "ltr")
        tree = ScreenTree(site.sources.content)
        self._templates = {screen.code: screen for screen in tree.screens}
        self._titles = dict(_presented_titles(tree))
        self._linkifier = Linkifier(site.sources.content.contacts.values())

    def is_bare_edition(self, tag: str) -> bool:
        """Whether an edition holds only the helplines, because its texts are not approved."""
        return not self.library.editions[tag].screens[MENU].links

    def present_sentence(self, name: str, tag: str) -> LocalizedText:
        """Return one of the line's own sentences; in English if it is not translated."""
        message = self.site.sources.content.phrases[name]
        if translation := self.site.sources.languages[tag].translate(name, message):
            return self._present_text(translation, tag)
        return self._present_text(message, ENGLISH)

    def present_screen(self, tag: str, code: str, now: datetime) -> ScreenView:
        """Return the view of a screen; an unsupported language has the same view for each code."""
        if tag in self.library.unsupported:
            return self._present_unsupported_language(self.library.languages[tag])
        edition = self.library.editions[tag]
        if self.is_bare_edition(tag):
            view = self._present_helplines(
                edition.language, ENGLISH, edition.helplines, MULTILINGUAL
            )
            return replace(view, sms=("", ""))  # an SMS would cost money and hold the same numbers
        screen = edition.screens[code]
        body = screen.body.removeprefix(edition.helplines).lstrip("\n")
        own = edition.interpreter if body.startswith(edition.interpreter) else ""
        body = body.removeprefix(own).lstrip("\n")
        row = self.library.languages[screen.language]
        texts = (
            (self._linkifier.linkify_text(own), edition.language),
            (self._linkifier.linkify_text(body, self._present_code_links(code, tag)), row),
        )
        screens = {tag: MENU, row.tag: code}  # the helplines, and the screen
        sent_in = self.site.sources.approval.screen_language
        draft_tags = [one for one, of in screens.items() if sent_in(one, of) != one]
        draft_tags = [] if code in edition.withheld else draft_tags
        notes = screen.closed_notices(now, self.library.holidays)
        needs_no_code = code == MENU or code in self.library.contact_codes
        return replace(
            self._present_helplines(
                edition.language, tag, edition.helplines, tag, "" if needs_no_code else code
            ),
            title=self._present_title(screen),
            helplines_first=body != screen.body,
            paragraphs=tuple(
                Paragraph(spans, one.tag, one.direction) for spans, one in texts if spans
            ),
            notes=tuple(self._present_text(note, row.tag) for note in notes),
            web=screen.web,
            links=tuple(self._present_links(screen, tag)),
            drafts=tuple(self.present_sentence("draft", one) for one in draft_tags),
            exit_button_limits=self.present_sentence("leave_limits", tag)
            if screen.topic == _SAFETY
            else None,
        )

    def _present_unsupported_language(self, language: Language) -> ScreenView:
        """Return the view of a language that is recognised but not translated, as by SMS."""
        text = self.site.sources.content.fixed["say"].format(norwegian=language.norwegian)
        helplines = self.library.helplines.partition("\n")[2]  # without the line that is our title
        return replace(
            self._present_helplines(language, ENGLISH, helplines, MULTILINGUAL),
            title=LocalizedText(language.own_name, language.tag, language.direction),
            paragraphs=(Paragraph((Span(text),), MULTILINGUAL, "ltr"),),
            links=tuple(
                Link(f"/{tag}/", "", self._present_text(self.library.languages[tag].own_name, tag))
                for tag in self._country.languages
                if tag in self.library.editions and not self.is_bare_edition(tag)
            ),
        )

    def _present_helplines(
        self, language: Language, frame: str, helplines: str, helplines_tag: str, code: str = ""
    ) -> ScreenView:
        """Return a view with nothing but the helplines; `code` goes into the SMS."""
        direction = "ltr" if helplines_tag == MULTILINGUAL else language.direction
        return ScreenView(
            language,
            self.library.languages[frame],
            {name: self.present_sentence(name, frame) for name in _FRAME_PHRASES},
            self._present_sms_link(f"{language.word} {code}".rstrip()),
            self._linkifier.linkify_helplines(helplines, helplines_tag, direction),
            self._neutral,
        )

    def _present_text(self, text: str, tag: str) -> LocalizedText:
        return LocalizedText(text, tag, self.library.languages[tag].direction)

    def _present_title(self, screen: Screen) -> LocalizedText:
        if key := self._titles.get(screen.code):
            languages = self.site.sources.languages
            if translation := languages[screen.language].translate(*key):
                return self._present_text(translation, screen.language)
            if languages[ENGLISH].translate(*key):
                return self._present_text(key[1], ENGLISH)
        return self._neutral

    def _present_links(self, screen: Screen, tag: str) -> Iterator[Link]:
        for line in screen.links.splitlines():
            code, _, label = line.partition(" ")
            if code not in _IN_HEADER:
                yield Link(
                    self._present_href(tag, code), code, self._present_text(label, screen.language)
                )

    def _present_href(self, tag: str, code: str) -> str:
        if code in _IN_HEADER:
            return self._country.leave_to if code == CLOSE else LANGUAGE_LIST
        return f"/{tag}/" if code == MENU else f"/{tag}/{code}"

    def _present_code_links(self, code: str, tag: str) -> dict[str, str]:
        """Return the codes that the text of a screen says to send -> their URLs."""
        texts = (text for _, text in self._templates[code].body)
        codes = (code for text in texts for code in _SEND_CODE.findall(text))
        return {code: self._present_href(tag, code) for code in codes}

    def _present_sms_link(self, text: str) -> tuple[str, str]:
        """Return a link that opens an SMS on both Android and iOS, and the text of that SMS."""
        number = self.site.number.replace(" ", "")
        return (f"sms:{number}?&body={quote(text)}", text) if number else ("", "")


def _presented_titles(tree: ScreenTree) -> Iterator[tuple[str, MessageKey]]:
    """Yield each code, and the message that is the heading of its screen."""
    for topic in tree.topics:
        yield topic.code, (topic.id, topic.title)
        for passage in topic.passages:
            yield passage.code, (topic.id, passage.title or topic.title)
    for contact in tree.content.contacts.values():
        yield contact.code, (contact.id, contact.name)
