"""The text of a reply in its form: a screen, a list of topics, or a question."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from rights_line.core import (
    ACTS,
    CHANGED,
    CLOSE,
    LANGUAGES,
    MENU,
    UNCLEAR,
    UNCLEAR_AGAIN,
    Medium,
    Reply,
    ScreenId,
)
from rights_line.core.library import MULTILINGUAL, Edition, Library
from rights_line.core.screen import Head, Screen
from rights_line.core.sms import count_sms
from rights_line.core.understanding import (
    AskLanguage,
    AskToWrite,
    EndSession,
    Intent,
    ListLanguages,
    ShowScreen,
    ShowStart,
)

_MAX_SEGMENTS = 2  # of a list of languages
# Names of replies that are no screen with a code, as channels and counts report them.
LIST, ACKNOWLEDGEMENT = "list", "ok"
_NAMES = {CHANGED: MENU, UNCLEAR_AGAIN: UNCLEAR, **dict.fromkeys(ACTS, ACKNOWLEDGEMENT)}


class ReplyForm(NamedTuple):
    """The form that a reply takes.

    `has_memory`: the next message will come with the tag of this one. If not, the links include the
    word of the language.
    """

    medium: Medium  # SMS or chat
    moment: datetime  # aware, in Europe/Oslo
    has_memory: bool
    head: Head  # the first line
    is_latin: bool = False  # in Latin letters, instead of those of the language


def reply_to_intent(intent: Intent, library: Library, form: ReplyForm) -> Reply:
    """Return the reply to an intent from `conversation.resolve`."""
    text, screen = _text(intent, library, form), screen_id(intent)
    if not isinstance(intent, ShowScreen):
        return Reply(text, screen=screen)
    if intent.other_language:
        text = f"{text}\n{_offer_other_language(intent, library)}"
    return Reply(text, screen=screen, choices=_list_choices(intent, library, form))


def _list_choices(intent: ShowScreen, library: Library, form: ReplyForm) -> tuple[str, ...]:
    """Return the lines of a list of topics, if a sender may send them as they are."""
    has_edition = intent.language in library.editions
    if not (intent.is_list and has_edition and form.has_memory):
        return ()
    return tuple(_screen(intent, _edition(intent, library, form), True).links.split("\n"))


def _offer_other_language(intent: ShowScreen, library: Library) -> str:
    """Return the text that leads to a screen in the other language: "HINDI 1"."""
    word, code = library.languages[intent.other_language].word, intent.code
    return f"{word} {code}" if code in library.codes and code != MENU else word


def _text(intent: Intent, library: Library, form: ReplyForm) -> str:
    has_memory = form.has_memory
    match intent:
        case ShowScreen(language, _) if language in library.unsupported:
            text, stateless_text = library.unsupported[language]
            return text if has_memory else stateless_text
        case ShowScreen():
            edition = _edition(intent, library, form)
            screen = _screen(intent, edition, has_memory)
            texts = screen.texts_at(edition.form, form.moment, library.holidays)
            return texts.for_medium(form.medium, form.head)
        case EndSession():
            return library.goodbye
        case AskLanguage():
            return language_question(intent, library, has_memory)
        case ListLanguages(is_rest, script):
            text, stateless_text = library.lists[script][is_rest]
            return text if has_memory else stateless_text
        case AskToWrite():
            return library.write_first
        case ShowStart(code, is_repeated) if is_repeated or (code and not has_memory):
            return start_with_code(code, library)
        case ShowStart():
            return library.start if has_memory else library.start_stateless
        case _:
            return ""


def _edition(intent: ShowScreen, library: Library, form: ReplyForm) -> Edition:
    editions = library.latin_editions if form.is_latin else library.editions
    return editions[intent.language]


def _screen(intent: ShowScreen, edition: Edition, has_memory: bool) -> Screen:
    """Return the screen of an intent, with the topics that it offers as its first links.

    A list has no others but the menu. A sub-screen is offered by its topic, whose title says more
    alone. A topic whose label is not approved is left out.
    """
    screen, lines = edition.screens[intent.code], edition.links
    if not has_memory:
        screen, lines = screen.stateless, edition.stateless_links
    if not intent.offered:
        return screen
    own = [lines.get(MENU)] if intent.is_list else screen.links.split("\n")
    topics = (_topic(code, edition) for code in intent.offered)
    offered = [lines.get(topic) for topic in topics if topic != intent.code or intent.is_list]
    found = filter(None, [*offered, *own])
    return replace(screen, links="\n".join(dict.fromkeys(found)))


def _topic(code: str, edition: Edition) -> str:
    """Return the code of the topic of a screen that has no line of its own."""
    screen, above = edition.screens.get(code), edition.screens.get(code[:-1])
    is_below = screen and above and screen.topic == above.topic and code not in edition.links
    return _topic(above.code, edition) if above and is_below else code


def start_with_code(code: str, library: Library) -> str:
    """Return the languages by word, each with a code: "POLSKI 4"."""
    words = {language.word for language in library.languages.values()}
    lines = [
        f"{line} {code}" if line in words else line for line in library.start_stateless.split("\n")
    ]
    while count_sms("\n".join(lines)).segments > _MAX_SEGMENTS:
        del lines[max(place for place, line in enumerate(lines) if line.endswith(f" {code}"))]
    return "\n".join(lines)


def language_question(asked: AskLanguage, library: Library, has_memory: bool) -> str:
    """Return the question which of some languages to use, below the helplines.

    If the text asked for a screen, each line is an answer that leads there: a language's word and
    the code. If all languages use one script, names and helplines are in that script.
    """
    rows = [library.languages[tag] for tag in asked.languages]
    helplines = library.helplines
    if asked.by_script and rows[0].tag in library.editions:
        helplines = library.editions[rows[0].tag].helplines
    if asked.code in library.codes and asked.code != MENU:
        words = [row.own_name if asked.by_script else row.word for row in rows]
        lines = [f"{word} {asked.code}" for word in words]
    else:
        names = [row.own_name if asked.by_script else row.label for row in rows]
        by_number = has_memory and not asked.by_word
        keys = [row.number if by_number else row.word for row in rows]
        lines = [*map(" ".join, zip(keys, names, strict=True))]
    return "\n".join([helplines, *lines])


def screen_id(intent: Intent) -> ScreenId | None:
    """Return the screen that a reply intent shows; None for a question or no reply."""
    match intent:
        case ShowScreen(language, code):
            name = LIST if intent.is_list else _NAMES.get(code, code)
            return ScreenId(language, name)
        case EndSession():
            return ScreenId(MULTILINGUAL, CLOSE)
        case ListLanguages():
            return ScreenId(MULTILINGUAL, LANGUAGES)
        case ShowStart() | AskToWrite():
            return ScreenId(MULTILINGUAL, MENU)
        case _:
            return None
