"""Reply to a message, and choose the session's next tag. Pure functions."""

from datetime import datetime
from typing import NamedTuple

from rights_line.core.fixed_codes import CLOSE, LANGUAGES, MENU, UNCLEAR
from rights_line.core.library import MULTILINGUAL, Library
from rights_line.core.messages import Inbound, Medium, Reply, ScreenId
from rights_line.core.understanding.intents import (
    AWAITING_LANGUAGE,
    AskLanguage,
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
from rights_line.core.understanding.text.normalised_text import NormalisedText, normalise_text

_MACHINE = Interpretation(AutoReply(), "The sender is a machine.")
_OPTED_OUT = Interpretation(OptOut(), "The provider reports an opt-out.")


class ReplyForm(NamedTuple):
    """The form that a reply takes.

    `has_memory`: the next message will come with the tag of this one. If not, the links include the
    word of the language.
    """

    medium: Medium  # SMS or chat
    moment: datetime  # aware, in Europe/Oslo
    has_memory: bool
    has_head: bool  # whether the reply begins with the line of helplines


def conversation_reply(
    inbound: Inbound, tag: str | None, library: Library, now: datetime, has_memory: bool
) -> tuple[Reply, str | None]:
    """Return the reply to a message, and the tag to store; None deletes the stored one.

    `tag` is the whole session: a language, `?` (awaiting a choice of language; after a language,
    with its script), or None. `now` and
    `has_memory` are those of ReplyForm.
    """
    text = normalise_text(inbound.text, library.own_lines)
    found = interpret_message(inbound, text, tag, library)
    reply_intent, next_tag = resolve_reply_intent(found.intent, tag, library)
    form = ReplyForm(inbound.medium, now, has_memory, found.has_head)
    return reply_to_intent(reply_intent, library, form), next_tag


def interpret_message(
    inbound: Inbound, text: NormalisedText, tag: str | None, library: Library
) -> Interpretation:
    """Return the intent of a message, with the evidence; `text` is its text, normalised."""
    if not inbound.is_person:
        return _MACHINE
    return _OPTED_OUT if inbound.opted_out else interpret(text, tag, library)


def reply_to_intent(reply_intent: Intent, library: Library, form: ReplyForm) -> Reply:
    """Return the reply to an intent from `resolve_reply_intent`."""
    text = _conversation_text(reply_intent, library, form)
    if isinstance(reply_intent, ShowScreen) and reply_intent.other_language:
        text = f"{text}\n{_offer_other_language(reply_intent, library)}"
    return Reply(text, screen=screen_id_of_reply(reply_intent))


def _offer_other_language(reply_intent: ShowScreen, library: Library) -> str:
    """Return the text that leads to a screen in the other language: "HINDI 1"."""
    word = library.languages[reply_intent.other_language].word
    return word if reply_intent.code == MENU else f"{word} {reply_intent.code}"


def _conversation_text(reply_intent: Intent, library: Library, form: ReplyForm) -> str:
    has_memory = form.has_memory
    match reply_intent:
        case ShowScreen(language, _) if language in library.unsupported:
            text, stateless_text = library.unsupported[language]
            return text if has_memory else stateless_text
        case ShowScreen(language, code):
            edition = library.editions[language]
            screens = edition.screens if has_memory else edition.stateless_screens
            texts = screens[code].texts_at(form.moment, library.holidays)
            return texts.text_for_medium(form.medium, form.has_head)
        case EndSession():
            return library.goodbye
        case AskLanguage():
            return language_question(reply_intent, library, has_memory)
        case ListLanguages():
            text, stateless_text = library.lists[reply_intent]
            return text if has_memory else stateless_text
        case ShowStart():
            return library.start if has_memory else library.start_stateless
        case _:
            return ""


def screen_id_of_reply(reply_intent: Intent) -> ScreenId | None:
    """Return the screen that a reply intent shows; None for a question or no reply."""
    match reply_intent:
        case ShowScreen(language, code):
            return ScreenId(language, code)
        case EndSession():
            return ScreenId(MULTILINGUAL, CLOSE)
        case ListLanguages():
            return ScreenId(MULTILINGUAL, LANGUAGES)
        case ShowStart():
            return ScreenId(MULTILINGUAL, MENU)
        case _:
            return None


def resolve_reply_intent(
    intent: Intent, tag: str | None, library: Library
) -> tuple[Intent, str | None]:
    """Return the intent to reply to in a session with this tag, and the next tag.

    The intent is ShowScreen, ShowStart, ListLanguages, AskLanguage, EndSession, or (for no reply)
    AutoReply or OptOut.
    """
    chosen = tag if tag in library.editions else None
    match intent:
        case AutoReply():
            return intent, tag
        case OptOut() | EndSession():
            return intent, None
        case ShowScreen(language, _):
            return intent, AWAITING_LANGUAGE if language in library.unsupported else language
        case Helpline(code):
            return ShowScreen(chosen or library.default, code), tag
        case ShowStart() if chosen:
            return ShowScreen(chosen, MENU), tag
        case NotUnderstood() if chosen:
            return ShowScreen(chosen, UNCLEAR), tag
        case ListLanguages():
            script = _script_of_list(tag, library)
            return ListLanguages(intent.is_rest, script), AWAITING_LANGUAGE + script
        case AskLanguage():
            return intent, AWAITING_LANGUAGE
        case _:
            return ShowStart(), AWAITING_LANGUAGE


def _script_of_list(tag: str | None, library: Library) -> str:
    """Return the script whose languages come first; a repeated message gets the same list."""
    chosen = library.languages.get(tag or "")
    script = chosen.script if chosen else (tag or "").removeprefix(AWAITING_LANGUAGE)
    return script if ListLanguages(script=script) in library.lists else ""


def language_question(asked: AskLanguage, library: Library, has_memory: bool) -> str:
    """Return the question which of some languages to use, below the helplines.

    If the text asked for a screen, each line is an answer that leads there: a language's word and
    the code. If all languages use one script, names and helplines are in that script.
    """
    rows = [library.languages[tag] for tag in asked.languages]
    helplines = library.helplines
    if asked.by_script and rows[0].tag in library.editions:
        helplines = library.editions[rows[0].tag].helplines
    if asked.code != MENU:
        words = [row.own_name if asked.by_script else row.word for row in rows]
        lines = [f"{word} {asked.code}" for word in words]
    else:
        names = [row.own_name if asked.by_script else row.label for row in rows]
        keys = [row.number if has_memory else row.word for row in rows]
        lines = [*map(" ".join, zip(keys, names, strict=True))]
    return "\n".join([helplines, *lines])
