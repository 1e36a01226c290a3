"""The source strings of a screen, so that a reviewer can quote them to an editor."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rights_line.content.approvals.approval_rule import missing_roles
from rights_line.content.assembly.screen_tree import MessageKey, ScreenTree
from rights_line.content.files.languages import ENGLISH
from rights_line.content.files.yaml_mapping import display_path
from rights_line.content.site import Site
from rights_line.core.fixed_codes import CLOSE, LANGUAGES, MENU
from rights_line.core.library import MULTILINGUAL, Screen
from rights_line.core.messages import Medium, ScreenId
from rights_line.core.opening_hours import State
from rights_line.core.understanding.intents import ShowScreen

# Code of a screen in several languages -> its phrases, which are the same in every language.
_MULTILINGUAL = {MENU: ("start", "start_reply"), LANGUAGES: ("lifelines",), CLOSE: ("goodbye",)}
_UNSUPPORTED = ("start", "say", "start_reply")
_NUMBERS_ONLY = ("numbers",)
# Those of a call; the last two in the languages of the helplines.
_CALL = ("call_start", "call_helplines", "call_more")
_UNVOICED = ("call_unvoiced",)


@dataclass(frozen=True)
class ScreenString:
    """A source string of a screen."""

    language: str  # of `text`
    context: str  # the msgctxt
    message: str  # the msgid, which is the English text
    text: str  # the translation
    is_approved: bool | None  # None: the same in every language, and not translated
    places: tuple[str, ...]  # the files that hold it; of the English text also the line


class ScreenStrings:
    """Finds the source strings of the screens of a site."""

    def __init__(self, site: Site) -> None:
        self._site = site
        tree = ScreenTree(site.sources.content)
        self._templates = {template.code: template for template in tree.screens}
        self._titles = tree.titles
        self._texts = {(text.context, text.message): text for text in site.sources.texts}

    def strings_of_screen(
        self, screen_id: ScreenId, medium: Medium, shown: ShowScreen | None = None
    ) -> Iterator[ScreenString]:
        """Yield the strings of a screen as it is at this moment, with the topics it offers."""
        tag, code = (shown.language, shown.code) if shown else screen_id
        library, is_call = self._site.library, medium is Medium.VOICE
        edition = library.editions.get(tag)
        if tag == MULTILINGUAL:
            is_spoken = is_call and code != CLOSE
            yield from self._fixed_screen_strings(
                self._spoken_phrase_names(_CALL) if is_spoken else _MULTILINGUAL[code]
            )
        elif is_call and not (edition and edition.speech.screens):
            yield from self._fixed_screen_strings(_UNVOICED)
        elif not edition:
            yield from self._fixed_screen_strings(_UNSUPPORTED)
        elif not edition.screens[MENU].links:
            yield from self._fixed_screen_strings(_NUMBERS_ONLY)
        elif code not in edition.screens or code in edition.withheld:
            yield from self._translated_screen_strings(["helplines", "menu"], tag)
        else:
            screen = edition.speech.screens[code] if is_call else edition.screens[code]
            if edition.interpreter and edition.interpreter in screen.body:
                yield from self._translated_screen_strings(["interpreter"], tag)
            has_links = medium in (Medium.SMS, Medium.CHAT)
            offer = shown if shown and has_links else ShowScreen(tag, code)
            yield from self._strings_of_edition_screen(screen, offer, medium)

    def _strings_of_edition_screen(
        self, screen: Screen, shown: ShowScreen, medium: Medium
    ) -> Iterator[ScreenString]:
        """Yield the strings of a screen in an edition; in English if it is not translated."""
        template, tag = self._templates[screen.code], shown.language
        if screen.language != tag:
            yield from self._translated_screen_strings(["helplines"], tag)
        own = template.links if not shown.is_list else template.links[:0]
        labels = [self._titles[code] for code in shown.offered]
        keys = [*template.body, *labels, *(label for _, label in own)]
        yield from (self._screen_string(key, screen.language) for key in dict.fromkeys(keys))
        if shown.is_list:
            yield from self._translated_screen_strings(["menu"], tag)
        yield from self._translated_screen_strings(
            self._notice_phrase_names(screen), screen.language
        )
        keyed = {Medium.USSD: ["next"], Medium.VOICE: ["press"]}
        yield from self._translated_screen_strings(keyed.get(medium, ()), tag)

    def _notice_phrase_names(self, screen: Screen) -> Iterator[str]:
        now, holidays = self._site.now(), self._site.library.holidays
        states = {notice.hours.opening_state(now, holidays) for notice in screen.notices}
        yield from (state.value for state in states if state is not State.OPEN)

    def _translated_screen_strings(self, names: Iterable[str], tag: str) -> Iterator[ScreenString]:
        """Yield phrases of content/phrases.yaml; in English if they are not translated."""
        for name in names:
            key = name, self._site.sources.content.phrases[name]
            is_translated = self._site.sources.languages[tag].translate(*key) is not None
            yield self._screen_string(key, tag if is_translated else ENGLISH)

    def _screen_string(self, key: MessageKey, tag: str) -> ScreenString:
        source, language = self._texts[key], self._site.sources.languages[tag]
        catalog = () if tag == ENGLISH else (f"locales/{tag}/LC_MESSAGES/messages.po",)
        return ScreenString(
            tag,
            *key,
            text=language.translate(*key) or source.message,
            is_approved=not missing_roles(language, source),
            places=(f"{display_path(source.path)}:{source.line}", *catalog),
        )

    def _spoken_phrase_names(self, names: Iterable[str]) -> Iterator[str]:
        """Yield the names of phrases: as they are, or one in each language of the helplines."""
        content = self._site.sources.content
        for name in names:
            in_languages = (f"{name}_{tag}" for tag in content.country.languages)
            yield from (name,) if name in content.fixed else in_languages

    def _fixed_screen_strings(self, names: Iterable[str]) -> Iterator[ScreenString]:
        for name in names:
            message = self._site.sources.content.fixed[name]
            places = ("content/phrases.yaml",)
            yield ScreenString(MULTILINGUAL, name, message, message, None, places)
