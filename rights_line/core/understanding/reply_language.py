"""Choose the language of a reply."""

from collections.abc import Iterable
from dataclasses import replace
from math import inf

from rights_line.core import LANGUAGES, MENU
from rights_line.core.library import ENGLISH, Library
from rights_line.core.understanding import (
    AskLanguage,
    Intent,
    Interpretation,
    NotUnderstood,
    ShowScreen,
    ShowStart,
    intent_for_code,
)
from rights_line.core.understanding.message import Message
from rights_line.core.understanding.words.language_model import Vote

_MAX_LANGUAGES_ASKED = 3  # a word of more languages says too little about the language
_MIN_SENTENCE = 2  # known words of a sentence without a topic


def show_topic(
    code: str, languages: tuple[str, ...], phrase: str, message: Message, why: str = ""
) -> Interpretation:
    """Return the screen of a topic in the language of the text, or ask for the language.

    `languages` are those of the phrase that names the topic; none if no phrase does. `why` is a
    sentence that says how the topic was found.
    """
    found, reason = _choose(code, languages, phrase == message.words, message)
    intent = show_or_ask(code, found, message)
    return Interpretation(intent, f"{why} {reason}".lstrip(), (phrase,))


def without_borrowers(languages: Iterable[str], library: Library) -> tuple[str, ...]:
    """Return languages without those that have their words from another one, as Pidgin has."""
    found = (*languages,)
    return tuple(tag for tag in found if not {*library.languages[tag].borrows} & {*found})


def in_other(message: Message) -> Interpretation | None:
    """Understand nothing of a text in a language that the line does not have."""
    if not message.other_language:
        return None
    reason = f"A language that the line does not have: {message.other_language}."
    return Interpretation(NotUnderstood(), reason)


def show_menu(message: Message) -> Interpretation | None:
    """Return the menu in the language of a text without a topic, unless the session uses it."""
    votes = message.likely_languages
    by_script = message.script_languages
    enough = 1 if by_script else _MIN_SENTENCE
    languages = tuple(vote.language for vote in votes if len(vote.words) >= enough) or by_script
    reason = _describe_votes(votes) or "Only the script of the text is known."
    if not languages or message.tag in languages:
        return None
    intent = show_or_ask(MENU, languages, message)
    return None if intent == ShowStart() else Interpretation(intent, f"No topic. {reason}")


def _choose(
    code: str, languages: tuple[str, ...], is_whole: bool, message: Message
) -> tuple[tuple[str, ...], str]:
    """Return the languages to reply in, or to ask about, and why."""
    votes = () if is_whole else message.likely_languages
    languages = _as_written(languages, message) if is_whole else languages
    if len(languages) == 1:
        languages = _lenders(languages[0], message)
    likely = tuple(vote.language for vote in votes)
    shared = tuple(tag for tag in likely if tag in languages)
    found = shared or likely or languages
    tag, is_chosen = message.tag, message.chosen_language is not None
    is_vague = len(found) != 1 or (found == (ENGLISH,) and _is_loan(message))
    stays = tag in (*likely, *found) or (is_chosen and is_vague)
    if tag and (stays or (found and _keeps(tag, code, found[0], message))):
        return (tag,), "The session's language stays."
    return found, _describe_votes(votes) or f"Languages of the phrase: {', '.join(found)}."


def _as_written(languages: tuple[str, ...], message: Message) -> tuple[str, ...]:
    """Return those of these languages that have every word as it is written; all if none has.

    A folded word may be in more languages: only Sorani writes پۆلیس.
    """
    known = message.library.vocabulary.language_model.languages_of_word
    words = [known(word) for word in message.written.split()]
    return tuple(tag for tag in languages if all(tag in has for has in words)) or languages


def _is_loan(message: Message) -> bool:
    """Return whether a text is one word: people write "salary" and "passport" in any language."""
    return " " not in message.words


def _lenders(tag: str, message: Message) -> tuple[str, ...]:
    """Return the languages from which Pidgin has all words of a text; else the language itself.

    So "I need lawyer", which people write in both, is English.
    """
    lenders = message.library.languages[tag].borrows
    known = message.library.vocabulary.language_model.languages_of_word
    words = {*message.original.written.split()}
    is_borrowed = not message.is_own(tag) and all({*lenders} & {*known(w)} for w in words)
    return tuple(lenders) if is_borrowed else (tag,)


def _keeps(tag: str, code: str, language: str, message: Message) -> bool:
    """Return whether a phrase in another language ("doctor") does not switch the language.

    That is so if the edition of the tag shows the screen in that language, or if its speakers use
    the words of that language.
    """
    edition = message.library.editions.get(tag)
    screen = edition.screens.get(code) if edition else None
    if not edition or not screen:
        return False
    return screen.language == language or language in edition.language.borrows


def show_or_ask(code: str, languages: tuple[str, ...], message: Message) -> Intent:
    """Return the screen in the language of a text, or the question which of several it is.

    Two close languages need no question: the likelier is shown, and the reply offers the other.
    """
    if len(languages) == 1:
        return intent_for_code(code, languages[0])
    rows = message.library.languages
    if _are_close_languages(languages, message):
        first, other = _likeliest_first(languages, message)
        intent = intent_for_code(code, first)
        return replace(intent, other_language=other) if isinstance(intent, ShowScreen) else intent
    languages = tuple(tag for tag in rows if tag in languages)  # in the order of their numbers
    written_in = {rows[tag].script for tag in languages}
    by_script = len(written_in) == 1 and written_in != {"Latn"}
    can_ask = by_script or 0 < len(languages) <= _MAX_LANGUAGES_ASKED
    # The question itself answers a text that asks for other languages.
    asked = MENU if code == LANGUAGES else code
    return AskLanguage(languages, by_script, asked) if can_ask else intent_for_code(asked, None)


def _likeliest_first(languages: Iterable[str], message: Message) -> list[str]:
    """Sort languages by their votes, those that have an edition before the others."""
    scores = {vote.language: -vote.score for vote in message.language_votes}
    editions = message.library.editions
    return sorted(languages, key=lambda tag: (tag not in editions, scores.get(tag, inf)))


def _are_close_languages(languages: tuple[str, ...], message: Message) -> bool:
    first, *others = languages or ("",)
    return len(others) == 1 and others[0] in message.library.languages[first].close_to


def _describe_votes(votes: tuple[Vote, ...]) -> str:
    described = [
        f"{vote.language} (knows {len(vote.words)} words, {vote.score:.0f})" for vote in votes
    ]
    return f"Languages by vote: {', '.join(described)}." if described else ""
