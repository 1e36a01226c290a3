"""Choose the language of a reply, and its letters."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from rights_line.core import LANGUAGES, MENU, tags
from rights_line.core.library import Library
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
from rights_line.core.understanding.words import scripts
from rights_line.core.understanding.words.language_model import Vote
from rights_line.core.understanding.words.normalised_text import NormalisedText

_MAX_LANGUAGES_ASKED = 3  # a word of more languages says too little about the language
_MIN_SENTENCE = 2  # known words of a sentence without a topic
_MIN_WORDS = 2  # of a language in Latin letters, if Latin languages have them, too


class _Choice(NamedTuple):
    """The languages to reply in, or to ask about, and why."""

    languages: tuple[str, ...]
    reason: str


def show_topic(
    code: str, languages: tuple[str, ...], phrase: str, message: Message, why: str = ""
) -> Interpretation:
    """Return the screen of a topic in the language of the text, or ask for the language.

    `languages` are those of the phrase that names the topic; none if no phrase does. `why` is a
    sentence that says how the topic was found.
    """
    choice = _choose(code, languages, phrase == message.words, message)
    intent = show_or_ask(code, choice.languages, message)
    return Interpretation(intent, f"{why} {choice.reason}".lstrip(), (phrase,))


def without_borrowers(languages: Iterable[str], library: Library) -> tuple[str, ...]:
    """Return languages without those that have their words from another one, as Pidgin has."""
    tags = (*languages,)
    return tuple(tag for tag in tags if not {*library.languages[tag].borrows} & {*tags})


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


def _choose(code: str, languages: tuple[str, ...], is_whole: bool, message: Message) -> _Choice:
    votes = () if is_whole else message.likely_languages
    languages = message.languages_as_written(languages) if is_whole else languages
    if len(languages) == 1:
        languages = message.without_borrowed(languages)
    likely = tuple(vote.language for vote in votes)
    shared = tuple(tag for tag in likely if tag in languages)
    found = shared or likely or languages
    tag, is_chosen = message.tag, message.chosen_language is not None
    stays = tag in (*likely, *found) or (is_chosen and len(found) != 1)
    if tag and (stays or (found and _keeps(tag, code, found[0], message))):
        return _Choice((tag,), "The session's language stays.")
    return _Choice(found, _describe_votes(votes) or f"Languages of the phrase: {', '.join(found)}.")


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
        first, other = message.likeliest_first(languages)
        intent = intent_for_code(code, first)
        return replace(intent, other_language=other) if isinstance(intent, ShowScreen) else intent
    languages = tuple(tag for tag in rows if tag in languages)  # in the order of their numbers
    written_in = {rows[tag].script for tag in languages}
    by_script = len(written_in) == 1 and written_in != {"Latn"}
    can_ask = by_script or 0 < len(languages) <= _MAX_LANGUAGES_ASKED
    # The question itself answers a text that asks for other languages.
    asked = MENU if code == LANGUAGES else code
    return AskLanguage(languages, by_script, asked) if can_ask else intent_for_code(asked, None)


def _are_close_languages(languages: tuple[str, ...], message: Message) -> bool:
    first, *others = languages or ("",)
    return len(others) == 1 and others[0] in message.library.languages[first].close_to


def _describe_votes(votes: tuple[Vote, ...]) -> str:
    described = [
        f"{vote.language} (knows {len(vote.words)} words, {vote.score:.0f})" for vote in votes
    ]
    return f"Languages by vote: {', '.join(described)}." if described else ""


def marked(
    next_tag: str | None, text: NormalisedText, tag: str | None, library: Library
) -> str | None:
    """Return the next tag, which says whether the replies are in Latin letters.

    `tag` is that before the text. One letter of the language's own alphabet brings it back.
    """
    language = tags.language(next_tag)
    if not next_tag or not language or language not in library.latin_editions:
        return next_tag
    own = scripts.pattern(library.languages[language].script)
    was_latin = tags.is_latin(tag) and tags.language(tag) == language
    if own.search(text.words):
        return next_tag
    is_latin = was_latin or _is_written_in_latin(text.words, language, library)
    return tags.latin(next_tag) if is_latin else next_tag


def _is_written_in_latin(words: str, language: str, library: Library) -> bool:
    """Return whether a text has two words of a language, or one that Latin languages do not have.

    So "NAV", "asyl", "tak" and "ok" say nothing about the letters, nor does the name of a language,
    which is printed on cards in Latin letters.
    """
    known = library.vocabulary
    words_of_language = 0
    for word in words.split():
        languages = {*known.language_model.languages_of_word(word)}
        if language not in languages or word in known.language_words:
            continue
        if languages <= library.latin_editions.keys():
            return True
        words_of_language += library.default not in languages
    return words_of_language >= _MIN_WORDS
