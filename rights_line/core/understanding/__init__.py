"""What did this text mean? Design section 4, in its order."""

from collections.abc import Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rights_line.core.library import MENU, Library, Meaning
from rights_line.core.understanding.auto_replies import is_automatic, without_quotes
from rights_line.core.understanding.codes import beside_language, code, number
from rights_line.core.understanding.intents import (
    AskLanguage,
    Automatic,
    Forget,
    Home,
    Intent,
    OptOut,
    Show,
    Unclear,
    led_to,
)
from rights_line.core.understanding.phrases import Phrases, calmed
from rights_line.core.understanding.reserved_words import OPT_OUT, OTHER_RESERVED, reserved
from rights_line.core.understanding.scripts import of_script

_MOST_ASKED = 3  # languages; a word of more says nothing about the language
_MOST_TOKENS = 12  # of a text are looked at for slips


def understand(text: str, tag: str | None, library: Library) -> Intent:
    """Return what a text means to somebody with this tag: a language, `?`, or nothing."""
    if is_automatic(text, library.lines):
        return Automatic()
    words = without_quotes(text, library.lines)
    if words in OPT_OUT:
        return OptOut()
    if words in OTHER_RESERVED or words in library.everyone or not words:
        return Home()
    phrases = Phrases(words)
    return (
        code(words, tag, library)
        or _named(library.language_words.get(words))
        or beside_language(words, tag, library)
        or _closing(words, tag, library)
        or _meant(phrases.found(library.emergency), tag, library)
        or _misspelt(words, library.long_emergency, library)
        or _meant(_cried(words, library), tag, library)
        or _meant(library.keywords.get(words), tag, library)
        or _meant(library.greetings.get(words), tag, library)
        or _meant(phrases.found(library.keywords), tag, library)
        or _meant(phrases.found(library.greetings), tag, library)
        or _named(phrases.found(library.language_words))
        or number(words, library)
        or _misspelt(words, library.long_words, library)
        or _script(words, tag, library)
        or Unclear()
    )


def _named(languages: tuple[str, ...] | None) -> Intent | None:
    """Return where the name of a language leads; of two, it asks which."""
    if not languages:
        return None
    return Show(languages[0], MENU) if len(languages) == 1 else AskLanguage(languages)


def _closing(words: str, tag: str | None, library: Library) -> Intent | None:
    """Understand "enough" as the end only if it is all she writes, in the language we speak.

    Anything else that sounds like stop may be a plea: it gets the menu, helplines first.
    """
    languages = dict(library.closing.get(words, ()))
    if not languages:
        return None
    if tag in languages:
        return Forget()
    return Show(next(iter(languages)), MENU) if len(languages) == 1 else Home()


def _meant(
    meanings: tuple[Meaning, ...] | None, tag: str | None, library: Library
) -> Intent | None:
    """Return where a word leads somebody with this tag."""
    if not meanings:
        return None
    code = meanings[0].code  # of a word that languages share, every meaning has the same
    languages = tuple(meaning.language for meaning in meanings)
    if len(languages) == 1:
        return led_to(code, tag if _says(tag, code, languages[0], library) else languages[0])
    if tag in languages or tag in library.editions:
        return led_to(code, tag)
    scripts = {library.languages[language].script for language in languages}
    by_script = len(scripts) == 1 and scripts != {"Latn"}
    few = by_script or len(languages) <= _MOST_ASKED
    return AskLanguage(languages, by_script) if few else Home()


def _says(tag: str | None, code: str, language: str, library: Library) -> bool:
    """Tell whether her own language says this screen in that one: so "doctor" is hers, too."""
    edition = library.editions.get(tag) if tag else None
    screen = edition.screens.get(code) if edition else None
    return screen is not None and screen.language == language


def _cried(words: str, library: Library) -> tuple[Meaning, ...] | None:
    """Return what an emergency word means whose letters are drawn out."""
    return next(
        filter(None, (Phrases(calm).found(library.emergency) for calm in calmed(words))), None
    )


def _misspelt(words: str, known: Mapping[str, Meaning], library: Library) -> Intent | None:
    """Understand a long word of one language alone, written with one slip, unless it is another."""
    for token in words.split()[:_MOST_TOKENS]:
        if not token.isalpha() or reserved(token) or token in library.keywords:
            continue
        near = process.extract(token, known.keys(), scorer=OSA.distance, score_cutoff=1, limit=3)
        meanings = {known[word] for word, _, _ in near}
        if len(meanings) == 1:
            meaning = meanings.pop()
            return led_to(meaning.code, meaning.language)
    return None


def _script(words: str, tag: str | None, library: Library) -> Intent | None:
    """Understand no more than the script: its languages, unless one of them is chosen."""
    for script, languages in library.scripts.items():
        if tag not in languages and of_script(script).search(words):
            alone = len(languages) == 1
            return Show(languages[0], MENU) if alone else AskLanguage(languages, by_script=True)
    return None
