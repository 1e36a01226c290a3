"""Write a language that has its own alphabet in Latin letters (docs/design.md, D36)."""

import re
from collections.abc import Mapping
from dataclasses import replace

from translitua import (
    RussianInternationalPassport1997,
    TransliterationTable,
    UkrainianKMU,
    translit,
)

from rights_line.content.languages import LanguageSource

_BULGARIAN = {
    **{"а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i"},
    **{"й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s"},
    **{"т": "t", "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht"},
    **{"ъ": "a", "ь": "y", "ю": "yu", "я": "ya", "ѝ": "i"},
}


class Bulgarian:
    """The Transliteration Act of 2009, which translitua does not have."""

    MAIN_TRANSLIT_TABLE = str.maketrans(
        {**_BULGARIAN, **{key.upper(): value.capitalize() for key, value in _BULGARIAN.items()}}
    )
    SPECIAL_CASES: Mapping[str, str] = {"ия": "ia", "ИЯ": "IA"}
    PATTERN1 = re.compile(r"(?:ия|ИЯ)\b")


# Russian as in passports of 1997: "ya" and "yu", as senders write; the later table has "ia", "iu".
TABLES: Mapping[str, type[TransliterationTable]] = {
    "bg": Bulgarian,
    "uk": UkrainianKMU,
    "ru": RussianInternationalPassport1997,
}
# The apostrophe of a Ukrainian word belongs to it; that of a Latin name stays.
_WORD = re.compile("[\u0400-\u04ff]+(?:['’ʼ][\u0400-\u04ff]+)*")  # Cyrillic


def in_latin_letters(text: str, tag: str) -> str:
    """Return a text in Latin letters; numbers, placeholders and Latin names stay.

    `tag` is one of TABLES.
    """
    table = TABLES[tag]
    # A word in capitals stays in capitals, except a single letter: "Я не" is "Ya ne".
    return _WORD.sub(lambda word: translit(word[0], table, preserve_case=len(word[0]) > 1), text)


def latin_source(source: LanguageSource) -> LanguageSource:
    """Return a language of TABLES with its texts in Latin letters, approved as they are."""
    row = source.language
    return replace(
        source,
        language=replace(
            row,
            script="Latn",
            encoding="GSM-7",
            weekdays=[in_latin_letters(day, row.tag) for day in row.weekdays],
            weekdays_short=[in_latin_letters(day, row.tag) for day in row.weekdays_short],
        ),
        translations={
            key: in_latin_letters(text, row.tag) for key, text in source.translations.items()
        },
    )
