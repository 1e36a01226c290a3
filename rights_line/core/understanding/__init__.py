"""What did this text mean? Design section 4, in its order."""

from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rights_line.core.library import MENU, Library
from rights_line.core.model import Meaning
from rights_line.core.understanding.auto_replies import is_auto_reply, strip_quoted_lines
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
from rights_line.core.understanding.phrases import Phrases, collapse_repeats
from rights_line.core.understanding.reserved_words import OPT_OUT, OTHER_RESERVED, reserved_reason
from rights_line.core.understanding.scripts import script_pattern

_MAX_LANGUAGES_ASKED = 3  # languages; a word of more says nothing about the language
_MAX_FUZZY_TOKENS = 12  # of a text are looked at for slips


def understand(text: str, tag: str | None, library: Library) -> Intent:
    """Return what a text means to somebody with this tag: a language, `?`, or nothing."""
    if is_auto_reply(text, library.own_lines):
        return AutoReply()
    words = strip_quoted_lines(text, library.own_lines)
    if words in OPT_OUT:
        return OptOut()
    if words in OTHER_RESERVED or words in library.common_words or not words:
        return ShowStart()
    phrases = Phrases(words)
    return (
        parse_code(words, tag, library)
        or _language_intent(library.language_words.get(words))
        or parse_language_and_code(words, tag, library)
        or _closing(words, tag, library)
        or _intent_for_meanings(phrases.first_match(library.emergency), tag, library)
        or _fuzzy_match(words, library.long_emergency, library)
        or _intent_for_meanings(_elongated_emergency(words, library), tag, library)
        or _intent_for_meanings(library.keywords.get(words), tag, library)
        or _intent_for_meanings(library.greetings.get(words), tag, library)
        or _intent_for_meanings(phrases.first_match(library.keywords), tag, library)
        or _intent_for_meanings(phrases.first_match(library.greetings), tag, library)
        or _language_intent(phrases.first_match(library.language_words))
        or find_helpline_number(words, library)
        or _fuzzy_match(words, library.long_words, library)
        or _script_intent(words, tag, library)
        or NotUnderstood()
    )


def _language_intent(languages: tuple[str, ...] | None) -> Intent | None:
    """Return where the name of a language leads; of two, it asks which."""
    if not languages:
        return None
    return ShowScreen(languages[0], MENU) if len(languages) == 1 else AskLanguage(languages)


def _closing(words: str, tag: str | None, library: Library) -> Intent | None:
    """Understand "enough" as the end only if it is all she writes, in the language we speak.

    Anything else that sounds like stop may be a plea: it gets the menu, helplines first.
    """
    languages = dict(library.closing.get(words, ()))
    if not languages:
        return None
    if tag in languages:
        return EndSession()
    return ShowScreen(next(iter(languages)), MENU) if len(languages) == 1 else ShowStart()


def _intent_for_meanings(
    meanings: tuple[Meaning, ...] | None, tag: str | None, library: Library
) -> Intent | None:
    """Return where a word leads somebody with this tag."""
    if not meanings:
        return None
    code = meanings[0].code  # of a word that languages share, every meaning has the same
    languages = tuple(meaning.language for meaning in meanings)
    if len(languages) == 1:
        return intent_for_code(
            code, tag if _falls_back_to(tag, code, languages[0], library) else languages[0]
        )
    if tag in languages or tag in library.editions:
        return intent_for_code(code, tag)
    scripts = {library.languages[language].script for language in languages}
    by_script = len(scripts) == 1 and scripts != {"Latn"}
    few = by_script or len(languages) <= _MAX_LANGUAGES_ASKED
    return AskLanguage(languages, by_script) if few else ShowStart()


def _falls_back_to(tag: str | None, code: str, language: str, library: Library) -> bool:
    """Tell whether her own language says this screen in that one: so "doctor" is hers, too."""
    edition = library.editions.get(tag) if tag else None
    screen = edition.screens.get(code) if edition else None
    return screen is not None and screen.language == language


def _elongated_emergency(words: str, library: Library) -> tuple[Meaning, ...] | None:
    """Return what an emergency word means whose letters are drawn out."""
    return next(
        filter(
            None, (Phrases(calm).first_match(library.emergency) for calm in collapse_repeats(words))
        ),
        None,
    )


def _fuzzy_match(words: str, known: Mapping[str, Meaning], library: Library) -> Intent | None:
    """Understand a long word of one language alone, written with one slip, unless it is another."""
    for token in words.split()[:_MAX_FUZZY_TOKENS]:
        if not token.isalpha() or reserved_reason(token) or token in library.keywords:
            continue
        near = process.extract(token, known.keys(), scorer=OSA.distance, score_cutoff=1, limit=3)
        meanings = {known[word] for word, _, _ in near}
        if len(meanings) == 1:
            meaning = meanings.pop()
            return intent_for_code(meaning.code, meaning.language)
    return None


def _script_intent(words: str, tag: str | None, library: Library) -> Intent | None:
    """Understand no more than the script: its languages, unless one of them is chosen."""
    for script, languages in library.scripts.items():
        if tag not in languages and script_pattern(script).search(words):
            alone = len(languages) == 1
            return (
                ShowScreen(languages[0], MENU) if alone else AskLanguage(languages, by_script=True)
            )
    return None
