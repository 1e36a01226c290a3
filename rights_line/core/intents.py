"""What did this text mean? Design section 4, in its order."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rights_line.core.cleaning import clean
from rights_line.core.library import CLOSE, LANGUAGES, MENU, Library, Meaning

# Words a provider acts on before we see them (twilio.com/docs/messaging/tutorials/advanced-opt-out,
# and STOPP in Norway). They are understood when they arrive; nobody is ever asked to send one.
OPT_OUT = frozenset(
    [
        "stop",
        "stopp",
        "stopall",
        "unsubscribe",
        "end",
        "quit",
        "cancel",
        "revoke",
        "optout",
        "arret",
        "td",
        "стоп",
    ]
)
OTHER_RESERVED = frozenset(["help", "info", "start", "yes", "unstop"])
RESERVED = OPT_OUT | OTHER_RESERVED

_NUMBERED = re.compile(r"(?:nr|no|num|numer|numero|nummer|number) ?(\d+)")
_WORD_AND_CODE = re.compile(r"(?P<word>.*?) ?(?P<code>\d[\d ]*)")
_CODE_AND_WORD = re.compile(r"(?P<code>\d+) (?P<word>.*)")
_LONGEST_PHRASE = 4


@dataclass(frozen=True)
class OptOut:
    """The provider's own word: forget, and say nothing."""


@dataclass(frozen=True)
class Forget:
    """00: forget, and say something bland."""


@dataclass(frozen=True)
class Home:
    """The menu of her language; the start screen where none is chosen."""


@dataclass(frozen=True)
class ListLanguages:
    """The start screen, from where a number picks a language."""


@dataclass(frozen=True)
class Show:
    """One screen, in one language."""

    language: str
    code: str


@dataclass(frozen=True)
class Helpline:
    """A helpline whose own number was sent; it chooses no language."""

    code: str


@dataclass(frozen=True)
class AskLanguage:
    """A word of several languages: which one?"""

    languages: tuple[str, ...]


@dataclass(frozen=True)
class Unclear:
    """None of these."""


Intent = OptOut | Forget | Home | ListLanguages | Show | Helpline | AskLanguage | Unclear


def understand(text: str, tag: str | None, library: Library) -> Intent:
    """Return what a text means to somebody with this tag: a language, `?`, or nothing."""
    words = clean(text)
    if words in OPT_OUT:
        return OptOut()
    if words in OTHER_RESERVED or words in library.everyone or not words:
        return Home()
    return (
        _code(words, tag, library)
        or _language(words, library)
        or _meant(words, library.emergency, tag, library)
        or _meant(words, library.keywords, tag, library)
        or Unclear()
    )


def _code(words: str, tag: str | None, library: Library) -> Intent | None:
    numbered = _NUMBERED.fullmatch(words)
    digits = numbered[1] if numbered else words.replace(" ", "")
    if not digits.isdecimal():
        return None
    if tag == "?" and (chosen := library.numbered(digits)):
        return Show(chosen, MENU)
    code = library.codes.get(digits)
    if code in library.contact_codes:
        return Helpline(code)
    return _go(code, tag if tag in library.editions else None)


def _go(code: str | None, language: str | None) -> Intent:
    """Return what a code means in a language, or where none is chosen."""
    if code == CLOSE:
        return Forget()
    if code == LANGUAGES:
        return ListLanguages()
    if code == MENU or language is None:
        return Home() if language is None else Show(language, MENU)
    return Show(language, code) if code else Unclear()


def _language(words: str, library: Library) -> Intent | None:
    """Understand a language's word or name, alone or with a code before or after it."""
    if words in library.language_words:
        return Show(library.language_words[words], MENU)
    for form in (_WORD_AND_CODE, _CODE_AND_WORD):
        match = form.fullmatch(words)
        language = library.language_words.get(match["word"]) if match else None
        if match and language:
            code = library.codes.get(match["code"].replace(" ", ""), MENU)
            return _go(code, language)
    return None


def _meant(
    words: str, known: Mapping[str, tuple[Meaning, ...]], tag: str | None, library: Library
) -> Intent | None:
    """Understand the whole text, or else its first phrase that is known."""
    for phrase in _phrases(words):
        if meanings := known.get(phrase):
            by_language = dict(meanings)
            if tag in by_language:
                return _go(by_language[tag], tag)
            if len(by_language) == 1:
                return _go(meanings[0].code, meanings[0].language)
            return AskLanguage(tuple(by_language))
    return None


def _phrases(words: str) -> Iterator[str]:
    """Yield the whole text, then each run of words in it: by place, the longest first."""
    yield words
    tokens = words.split()
    for start in range(len(tokens)):
        for length in range(min(_LONGEST_PHRASE, len(tokens) - start), 0, -1):
            yield " ".join(tokens[start : start + length])
