"""Reply to a message, and choose the session's next tag. Pure functions."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from rights_line.core import tags
from rights_line.core.fixed_codes import (
    ACTS,
    CHANGED,
    CLOSE,
    LANGUAGES,
    MENU,
    OTHER_LANGUAGES,
    UNCLEAR,
    UNCLEAR_AGAIN,
)
from rights_line.core.library import MULTILINGUAL, Library
from rights_line.core.messages import Inbound, Medium, Reply, ScreenId
from rights_line.core.screen import Head, Screen
from rights_line.core.sms import count_sms
from rights_line.core.understanding.intents import (
    AskLanguage,
    AskToWrite,
    AutoReply,
    EndSession,
    Helpline,
    Intent,
    ListLanguages,
    NotUnderstood,
    OptOut,
    ShowScreen,
    ShowStart,
)
from rights_line.core.understanding.interpret import interpret
from rights_line.core.understanding.interpretation import Interpretation
from rights_line.core.understanding.language.letters import tag_with_letters
from rights_line.core.understanding.text.normalised_text import NormalisedText, normalise_text

_MACHINE = Interpretation(AutoReply(), "The sender is a machine.")
_OPTED_OUT = Interpretation(OptOut(), "The provider reports an opt-out.")
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


def conversation_reply(
    inbound: Inbound, tag: str | None, library: Library, now: datetime, has_memory: bool
) -> tuple[Reply, str | None]:
    """Return the reply to a message, and the tag to store; None deletes the stored one.

    `tag` is the whole session (core/tags.py). `now` and `has_memory` are those of ReplyForm.
    """
    text = normalise_text(inbound.text, library.own_lines)
    found = interpret_message(inbound, text, tag, library)
    reply_intent, next_tag = resolve_reply_intent(found.intent, tag, library)
    head = reply_head(found, reply_intent, tag, library)
    next_tag = tag_with_letters(next_tag, text, tag, library)
    form = ReplyForm(inbound.medium, now, has_memory, head, tags.is_latin(next_tag))
    return reply_to_intent(reply_intent, library, form), next_tag


def interpret_message(
    inbound: Inbound, text: NormalisedText, tag: str | None, library: Library
) -> Interpretation:
    """Return the intent of a message, with the evidence; `text` is its text, normalised."""
    if not inbound.is_person:
        return _MACHINE
    return _OPTED_OUT if inbound.opted_out else interpret(text, tag, library)


def reply_head(
    found: Interpretation, reply_intent: Intent, tag: str | None, library: Library
) -> Head:
    """Return the first line of a reply: in full first in a session, and in danger."""
    code = reply_intent.code if isinstance(reply_intent, ShowScreen) else ""
    if not found.has_head and code not in ACTS:
        return Head.NONE
    is_first = tags.language(tag) not in library.editions
    return Head.HELPLINES if is_first or code in library.urgent_codes else Head.NUMBERS


def reply_to_intent(reply_intent: Intent, library: Library, form: ReplyForm) -> Reply:
    """Return the reply to an intent from `resolve_reply_intent`."""
    text, screen = _conversation_text(reply_intent, library, form), screen_id_of_reply(reply_intent)
    if not isinstance(reply_intent, ShowScreen):
        return Reply(text, screen=screen)
    if reply_intent.other_language:
        text = f"{text}\n{_offer_other_language(reply_intent, library)}"
    return Reply(text, screen=screen, choices=_list_choices(reply_intent, library, form))


def _list_choices(reply_intent: ShowScreen, library: Library, form: ReplyForm) -> tuple[str, ...]:
    """Return the lines of a list of topics, if a sender may send them as they are."""
    has_edition = reply_intent.language in library.editions
    if not (reply_intent.is_list and has_edition and form.has_memory):
        return ()
    return tuple(_screen(reply_intent, library, form).links.split("\n"))


def _offer_other_language(reply_intent: ShowScreen, library: Library) -> str:
    """Return the text that leads to a screen in the other language: "HINDI 1"."""
    word, code = library.languages[reply_intent.other_language].word, reply_intent.code
    return f"{word} {code}" if code in library.codes and code != MENU else word


def _conversation_text(reply_intent: Intent, library: Library, form: ReplyForm) -> str:
    has_memory = form.has_memory
    match reply_intent:
        case ShowScreen(language, _) if language in library.unsupported:
            text, stateless_text = library.unsupported[language]
            return text if has_memory else stateless_text
        case ShowScreen():
            texts = _screen(reply_intent, library, form).texts_at(form.moment, library.holidays)
            return texts.text_for_medium(form.medium, form.head)
        case EndSession():
            return library.goodbye
        case AskLanguage():
            return language_question(reply_intent, library, has_memory)
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


def _screen(reply_intent: ShowScreen, library: Library, form: ReplyForm) -> Screen:
    """Return the screen of an intent, with the topics that it offers as its first links."""
    editions = library.latin_editions if form.is_latin else library.editions
    edition = editions[reply_intent.language]
    screens = edition.screens if form.has_memory else edition.stateless_screens
    screen = screens[reply_intent.code]
    if not reply_intent.offered:
        return screen
    lines = edition.links if form.has_memory else edition.stateless_links
    return with_offered(screen, reply_intent, lines)


def with_offered(screen: Screen, reply_intent: ShowScreen, lines: Mapping[str, str]) -> Screen:
    """Return a screen whose first links lead to some topics; a list has no others but the menu.

    `lines` are the code of a topic -> its line, which is missing if the label is not approved.
    """
    own: Iterable[str | None] = screen.links.split("\n")
    if reply_intent.is_list:
        own = [lines.get(MENU)]
    found = filter(None, [*map(lines.get, reply_intent.offered), *own])
    return replace(screen, links="\n".join(dict.fromkeys(found)))


def start_with_code(code: str, library: Library) -> str:
    """Return the languages by word, each with a code: "POLSKI 4"."""
    words = {language.word for language in library.languages.values()}
    lines = [
        f"{line} {code}" if line in words else line for line in library.start_stateless.split("\n")
    ]
    while count_sms("\n".join(lines)).segments > _MAX_SEGMENTS:
        del lines[max(place for place, line in enumerate(lines) if line.endswith(f" {code}"))]
    return "\n".join(lines)


def screen_id_of_reply(reply_intent: Intent) -> ScreenId | None:
    """Return the screen that a reply intent shows; None for a question or no reply."""
    match reply_intent:
        case ShowScreen(language, code):
            name = LIST if reply_intent.is_list else _NAMES.get(code, code)
            return ScreenId(language, name)
        case EndSession():
            return ScreenId(MULTILINGUAL, CLOSE)
        case ListLanguages():
            return ScreenId(MULTILINGUAL, LANGUAGES)
        case ShowStart() | AskToWrite():
            return ScreenId(MULTILINGUAL, MENU)
        case _:
            return None


def resolve_reply_intent(
    intent: Intent, tag: str | None, library: Library
) -> tuple[Intent, str | None]:
    """Return the intent to reply to in a session with this tag, and the next tag.

    The intent is ShowScreen, ShowStart, AskToWrite, ListLanguages, AskLanguage, EndSession, or (for
    no reply) AutoReply or OptOut.
    """
    language = tags.language(tag)
    chosen = language if language in library.editions else None
    match intent:
        case AutoReply():
            return intent, tag
        case OptOut() | EndSession():
            return intent, None
        case ShowScreen(language, _) if language in library.unsupported:
            return intent, tags.awaiting()
        case ShowScreen(language, _):
            next_tag = tags.offered(language) if intent.is_list else language
            return _with_awaited_code(intent, tag, chosen), next_tag
        case Helpline(code):
            return ShowScreen(chosen or library.default, code), chosen or tag
        case ListLanguages():
            script = _script_of_list(tag, library)
            return ListLanguages(intent.is_rest, script), tags.awaiting(script)
        case AskLanguage() if chosen:
            return replace(intent, by_word=True), chosen
        case AskLanguage(code=code):
            return intent, tags.awaiting(code if code in library.codes and code != MENU else "")
        case ShowStart() if chosen:
            return ShowScreen(chosen, MENU), chosen
        case NotUnderstood() if chosen:
            code = UNCLEAR_AGAIN if tags.is_unclear(tag) else UNCLEAR
            return ShowScreen(chosen, code), tags.unclear(chosen)
        case ShowStart(code) if code:
            is_repeated = code == tags.awaited_code(tag)
            return replace(intent, is_repeated=is_repeated), tags.awaiting(code)
        case _:
            return (AskToWrite() if tags.is_awaiting(tag) else ShowStart()), _still_awaiting(tag)


def _with_awaited_code(intent: ShowScreen, tag: str | None, chosen: str | None) -> ShowScreen:
    """Return the screen that was asked for before a language was, else the menu."""
    if intent.code != MENU or intent.is_list:
        return intent
    if code := tags.awaited_code(tag):
        return replace(intent, code=code)
    is_changed = chosen is not None and chosen != intent.language
    return replace(intent, code=CHANGED) if is_changed else intent


def _still_awaiting(tag: str | None) -> str:
    return tag if tag is not None and tags.is_awaiting(tag) else tags.awaiting()


def _script_of_list(tag: str | None, library: Library) -> str:
    """Return the script whose languages come first; a repeated message gets the same list."""
    chosen = library.languages.get(tags.language(tag) or "")
    script = chosen.script if chosen else tags.awaited_script(tag)
    return script if script in library.lists else ""


def follows_list(text: NormalisedText, tag: str | None, library: Library) -> bool:
    """Return whether a text begins with a number that a list before it could hold."""
    code = library.codes.get(text.words.partition(" ")[0], MENU)
    is_topic = code not in (MENU, CLOSE, LANGUAGES, OTHER_LANGUAGES, *library.contact_codes)
    return tags.is_offered(tag) and is_topic


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
