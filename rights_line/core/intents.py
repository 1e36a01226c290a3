"""What did this text mean? Design section 4, in its order."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TypeVar

import regex
from rapidfuzz import process
from rapidfuzz.distance import OSA

from rights_line.core.cleaning import clean
from rights_line.core.library import CLOSE, LANGUAGES, MENU, Library, Meaning
from rights_line.core.noise import is_automatic, without_quotes

# Words a provider acts on before we see them (twilio.com/docs/messaging/tutorials/advanced-opt-out,
# and STOPP in Norway). They are understood when they arrive; nobody is ever asked to send one.
OPT_OUT = frozenset(
    "stop stopp stopall unsubscribe end quit cancel revoke optout arret td стоп".split()  # noqa: SIM905
)
OTHER_RESERVED = frozenset(["help", "info", "start", "yes", "unstop"])

_NUMBER = "(?:nr|no|num|numer|numero|nummer|number|номер|code|kode|kod|код|press|tast|trykk)"
_NUMBERED = re.compile(rf"{_NUMBER} ?(\d+)")
_WORD_AND_CODE = re.compile(rf"(?P<word>.*?)(?: {_NUMBER})? ?(?P<code>\d[\d ]{{0,30}})")
_CODE_AND_WORD = re.compile(r"(?P<code>\d[\d ]{0,30}?) ?(?P<word>[^\d ].*)")
_SHORT = 3  # digits
_NUMBERS = re.compile(r"\d[\d ]*\d")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
UNSPACED = regex.compile(r"[\p{Thai}\p{Han}\p{Lao}\p{Khmer}\p{Myanmar}]")
_LONGEST_PHRASE = 4  # words
_LONGESTUNSPACED = 12  # characters
_MOSTUNSPACED = 600  # characters of a run are looked into: ten segments
_MOST_ASKED = 3  # languages; a word of more says nothing about the language
_MOST_TOKENS = 12  # of a text are looked at for slips


@dataclass(frozen=True)
class OptOut:
    """The provider's own word: forget, and say nothing."""


@dataclass(frozen=True)
class Automatic:
    """Written by a phone or a machine: nobody waits for an answer."""


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
    """A word, or only the script, of several languages: which one?"""

    languages: tuple[str, ...]
    by_script: bool = False


@dataclass(frozen=True)
class Unclear:
    """None of these."""


Found = TypeVar("Found")

Intent = (
    OptOut | Automatic | Forget | Home | ListLanguages | Show | Helpline | AskLanguage | Unclear
)


def understand(text: str, tag: str | None, library: Library) -> Intent:
    """Return what a text means to somebody with this tag: a language, `?`, or nothing."""
    if is_automatic(text, library.lines):
        return Automatic()
    words = clean(without_quotes(text, library.lines))
    if words in OPT_OUT:
        return OptOut()
    if words in OTHER_RESERVED or words in library.everyone or not words:
        return Home()
    phrases = Phrases(words)
    return (
        _code(words, tag, library)
        or _language(words, tag, library)
        or _closing(words, tag, library)
        or _meant(phrases.found(library.emergency), tag, library)
        or _misspelt(words, library.long_emergency, library)
        or _meant(_cried(words, library), tag, library)
        or _meant(library.keywords.get(words), tag, library)
        or _meant(library.greetings.get(words), tag, library)
        or _meant(phrases.found(library.keywords), tag, library)
        or _meant(phrases.found(library.greetings), tag, library)
        or _named(phrases.found(library.language_words))
        or _number(words, library)
        or _misspelt(words, library.long_words, library)
        or _script(words, tag, library)
        or Unclear()
    )


def _code(words: str, tag: str | None, library: Library) -> Intent | None:
    numbered = _NUMBERED.fullmatch(words)
    digits = numbered[1] if numbered else _digits(words.replace(" ", ""))
    if not digits.isdecimal():
        return None
    if tag == "?" and (chosen := library.numbered(digits)):
        return Show(chosen, MENU)
    code = library.codes.get(digits)
    if code in library.contact_codes:
        return Helpline(code)
    if code is None and (helpline := _number(words, library)):
        return helpline
    return _go(code, tag if tag in library.editions else None)


def _digits(characters: str) -> str:
    """Return Chinese numerals as digits; anything else as it is."""
    values = [unicodedata.numeric(character, -1) for character in characters]
    single = all(value in range(10) for value in values)
    return "".join(str(int(value)) for value in values) if single else characters


def _go(code: str | None, language: str | None) -> Intent:
    """Return what a code means in a language, or where none is chosen."""
    if code == CLOSE:
        return Forget()
    if code == LANGUAGES:
        return ListLanguages()
    if code == MENU or language is None:
        return Home() if language is None else Show(language, MENU)
    return Show(language, code) if code else Unclear()


def _language(words: str, tag: str | None, library: Library) -> Intent | None:
    """Understand a language's word or name, alone or with a code before or after it."""
    if words in library.language_words:
        return _named(library.language_words[words])
    for form in (_WORD_AND_CODE, _CODE_AND_WORD):
        match = form.fullmatch(words)
        languages = library.language_words.get(match["word"]) if match else None
        if match and languages and len(languages) == 1:
            digits = match["code"].replace(" ", "")
            listed = form is _CODE_AND_WORD and tag == "?"  # "9 Polski" stands in the list
            if listed and library.numbered(digits) == languages[0]:
                return Show(languages[0], MENU)
            return _go(library.codes.get(digits, MENU), languages[0])
    return None


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
        return _go(code, tag if _says(tag, code, languages[0], library) else languages[0])
    if tag in languages or tag in library.editions:
        return _go(code, tag)
    scripts = {library.languages[language].script for language in languages}
    by_script = len(scripts) == 1 and scripts != {"Latn"}
    few = by_script or len(languages) <= _MOST_ASKED
    return AskLanguage(languages, by_script) if few else Home()


def _says(tag: str | None, code: str, language: str, library: Library) -> bool:
    """Tell whether her own language says this screen in that one: so "doctor" is hers, too."""
    edition = library.editions.get(tag) if tag else None
    screen = edition.screens.get(code) if edition else None
    return screen is not None and screen.language == language


class Phrases:
    """The whole of a text, then each run of words in it: by place, the longest first."""

    def __init__(self, words: str) -> None:
        self._words = words

    def found(self, known: Mapping[str, Found]) -> Found | None:
        """Return what the first known phrase leads to."""
        return next((known[phrase] for phrase in self._all if phrase in known), None)

    @cached_property
    def _all(self) -> list[str]:
        return list(_phrases(self._words))


def _phrases(words: str) -> Iterator[str]:
    yield words
    tokens = words.split()
    for start, token in enumerate(tokens):
        for length in range(min(_LONGEST_PHRASE, len(tokens) - start), 0, -1):
            yield " ".join(tokens[start : start + length])
        if UNSPACED.search(token):
            yield from _inside(token[:_MOSTUNSPACED])


def _inside(token: str) -> Iterator[str]:
    """Yield what may be a word in a run of letters whose script puts no spaces."""
    for start in range(len(token)):
        for length in range(_LONGESTUNSPACED, 1, -1):
            yield token[start : start + length]


def _cried(words: str, library: Library) -> tuple[Meaning, ...] | None:
    """Return what an emergency word means whose letters are drawn out, as in "dangerrrr"."""
    for shorter in (r"\1\1", r"\1"):
        calm = _DRAWN_OUT.sub(shorter, words)
        if calm != words and (found := Phrases(calm).found(library.emergency)):
            return found
    return None


def _number(words: str, library: Library) -> Intent | None:
    """Understand a helpline's own number in a text of which nothing else is known.

    It may have spaces, but a short one may not: "kl 11.2" is a time.
    """
    for run in _NUMBERS.findall(words):
        for digits in (run.replace(" ", ""), *run.split()):
            code = library.codes.get(digits)
            if code in library.contact_codes and (digits in run or len(digits) > _SHORT):
                return Helpline(code)
    return None


def _misspelt(words: str, known: Mapping[str, Meaning], library: Library) -> Intent | None:
    """Understand a long word of one language alone, written with one slip, unless it is another."""
    for token in words.split()[:_MOST_TOKENS]:
        if not token.isalpha() or reserved(token) or token in library.keywords:
            continue
        near = process.extract(token, known.keys(), scorer=OSA.distance, score_cutoff=1, limit=3)
        meanings = {known[word] for word, _, _ in near}
        if len(meanings) == 1:
            meaning = meanings.pop()
            return _go(meaning.code, meaning.language)
    return None


def _script(words: str, tag: str | None, library: Library) -> Intent | None:
    """Understand no more than the script: its languages, unless one of them is chosen."""
    for script, languages in library.scripts.items():
        if tag not in languages and _of_script(script).search(words):
            alone = len(languages) == 1
            return Show(languages[0], MENU) if alone else AskLanguage(languages, by_script=True)
    return None


def reserved(word: str, leads_home: bool = False) -> str:
    """Say why a cleaned word may not be asked for: a slip would be an order to the provider.

    A word that `leads_home` may be one letter from HELP, as "hjelp" is: both get the menu.
    """
    if word in OPT_OUT | OTHER_RESERVED:
        return "is a reserved word"
    feared = OPT_OUT if leads_home else OPT_OUT | OTHER_RESERVED
    near = [other for other in sorted(feared) if OSA.distance(word, other, score_cutoff=1) <= 1]
    return f"is one letter from the reserved word {near[0]}" if near else ""


def is_script(name: object) -> bool:
    """Tell whether Unicode knows a script by this ISO 15924 name."""
    try:
        return bool(re.fullmatch("[A-Z][a-z]{3}", str(name)) and _of_script(str(name)))
    except regex.error:
        return False


@cache
def _of_script(script: str) -> "regex.Pattern[str]":
    return regex.compile(rf"\p{{Script={script}}}")
