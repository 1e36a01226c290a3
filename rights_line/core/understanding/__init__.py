"""Turn a text into an intent (docs/design.md, section 4).

`understand` tries the interpretations in a fixed order and returns the first that applies.
"""

from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rights_line.core.library import MENU, Library
from rights_line.core.model import Meaning
from rights_line.core.understanding.codes import (
    find_helpline_number,
    parse_code,
    parse_language_and_code,
)
from rights_line.core.understanding.intents import (
    AskLanguage,
    AutoReply,
    EndSession,
    Intent,
    NotUnderstood,
    OptOut,
    ShowScreen,
    ShowStart,
    intent_for_code,
)
from rights_line.core.understanding.normalised_text import NormalisedText, normalise_text
from rights_line.core.understanding.phrases import Phrases, collapse_repeats
from rights_line.core.understanding.reserved_words import OPT_OUT, OTHER_RESERVED, reserved_reason
from rights_line.core.understanding.scripts import script_pattern
from rights_line.core.vocabulary import MIN_FUZZY_LENGTH

_MAX_LANGUAGES_ASKED = 3  # a word of more languages says too little about the language
_MAX_FUZZY_TOKENS = 12  # words of a text that are checked for typing errors


def understand(text: str, tag: str | None, library: Library) -> Intent:
    """Return the intent of a text; `tag` is a language, `?` or None."""
    return interpret(normalise_text(text, library.own_lines), tag, library)


def interpret(text: NormalisedText, tag: str | None, library: Library) -> Intent:
    """Return the intent of a text that is normalised already."""
    if text.is_auto_reply:
        return AutoReply()
    words = text.words
    if words in OPT_OUT:
        return OptOut()
    if words in OTHER_RESERVED or words in library.vocabulary.common_words or not words:
        return ShowStart()
    phrases = Phrases(words)
    return (
        parse_code(words, tag, library)
        or _language_intent(library.vocabulary.language_words.get(words))
        or parse_language_and_code(words, tag, library)
        or _end_session(words, tag, library)
        or _intent_for_meanings(phrases.first_match(library.vocabulary.emergency), tag, library)
        or _fuzzy_match(words, library.vocabulary.long_emergency, library)
        or _intent_for_meanings(_elongated_emergency(words, library), tag, library)
        or _intent_for_meanings(library.vocabulary.keywords.get(words), tag, library)
        or _intent_for_meanings(library.vocabulary.greetings.get(words), tag, library)
        or _intent_for_meanings(phrases.first_match(library.vocabulary.keywords), tag, library)
        or _intent_for_meanings(phrases.first_match(library.vocabulary.greetings), tag, library)
        or _language_intent(phrases.first_match(library.vocabulary.language_words))
        or find_helpline_number(words, library)
        or _fuzzy_match(words, library.vocabulary.long_words, library)
        or _script_intent(words, tag, library)
        or NotUnderstood()
    )


def _language_intent(languages: tuple[str, ...] | None) -> Intent | None:
    """Return the menu of the language, or ask which if several share the name."""
    if not languages:
        return None
    return ShowScreen(languages[0], MENU) if len(languages) == 1 else AskLanguage(languages)


def _end_session(words: str, tag: str | None, library: Library) -> Intent | None:
    """Match a closing word ("enough"): the whole text, in the language of the session.

    In any other language it may be a plea to make something stop, so it leads to the menu.
    """
    languages = dict(library.vocabulary.closing.get(words, ()))
    if not languages:
        return None
    if tag in languages:
        return EndSession()
    return ShowScreen(next(iter(languages)), MENU) if len(languages) == 1 else ShowStart()


def _intent_for_meanings(
    meanings: tuple[Meaning, ...] | None, tag: str | None, library: Library
) -> Intent | None:
    """Return the intent for a word, given its meanings in one or more languages."""
    if not meanings:
        return None
    code = meanings[0].code  # the same in all languages that share the word
    languages = tuple(meaning.language for meaning in meanings)
    if len(languages) == 1:
        keeps_language = _keeps_language(tag, code, languages[0], library)
        return intent_for_code(code, tag if keeps_language else languages[0])
    if tag in languages or tag in library.editions:
        return intent_for_code(code, tag)
    scripts = {library.languages[language].script for language in languages}
    by_script = len(scripts) == 1 and scripts != {"Latn"}
    can_ask = by_script or len(languages) <= _MAX_LANGUAGES_ASKED
    return AskLanguage(languages, by_script) if can_ask else ShowStart()


def _keeps_language(tag: str | None, code: str, language: str, library: Library) -> bool:
    """Return whether a keyword in another language ("doctor") does not switch the language.

    That is so if the edition of the tag shows the screen in that language, or if its speakers use
    the words of that language.
    """
    edition = library.editions.get(tag) if tag else None
    screen = edition.screens.get(code) if edition else None
    if not edition or not screen:
        return False
    return screen.language == language or language in edition.language.borrows


def _elongated_emergency(words: str, library: Library) -> tuple[Meaning, ...] | None:
    """Return the meanings of an emergency phrase with repeated letters ("dangerrrr")."""
    matches = (
        Phrases(text).first_match(library.vocabulary.emergency) for text in collapse_repeats(words)
    )
    return next(filter(None, matches), None)


def _fuzzy_match(words: str, known: Mapping[str, Meaning], library: Library) -> Intent | None:
    """Match a long word with one typing error, if it is near only one meaning."""
    for token in words.split()[:_MAX_FUZZY_TOKENS]:
        if len(token) < MIN_FUZZY_LENGTH - 1 or not token.isalpha():
            continue
        near = process.extract(token, known.keys(), scorer=OSA.distance, score_cutoff=1, limit=3)
        meanings = {known[word] for word, _, _ in near}
        is_other_word = token in library.vocabulary.keywords or reserved_reason(token)
        if len(meanings) == 1 and not is_other_word:
            meaning = meanings.pop()
            return intent_for_code(meaning.code, meaning.language)
    return None


def _script_intent(words: str, tag: str | None, library: Library) -> Intent | None:
    """Return the languages of the text's script, unless the session uses one."""
    for script, languages in library.vocabulary.scripts.items():
        if tag not in languages and script_pattern(script).search(words):
            if len(languages) == 1:
                return ShowScreen(languages[0], MENU)
            return AskLanguage(languages, by_script=True)
    return None
