"""The texts of one language: numbers, hours and sentences in them; Latin letters."""

import re
from collections.abc import Mapping
from dataclasses import replace

from translitua import (
    RussianInternationalPassport1997,
    TransliterationTable,
    UkrainianKMU,
    translit,
)

from rights_line.content.assembly import RUN_BY, SENTENCES, MessageKey, ScreenTree
from rights_line.content.catalogs import Catalog
from rights_line.content.languages import LanguageSource
from rights_line.core import sms
from rights_line.core.model import Contact
from rights_line.core.opening_hours import OpeningPeriod

# In English while their translation waits: no text is sent without them.
HELPLINE_PHRASES = ("helplines", *SENTENCES)


class MissingTranslation(Exception):
    """A text has no translation that may be served."""


class TextRenderer:
    """Renders phrases and other texts in one language, as text to read.

    `english` has the helplines that this language lacks; None for English itself.
    """

    def __init__(
        self, source: LanguageSource, tree: ScreenTree, english: LanguageSource | None = None
    ) -> None:
        self.source, self.language, self.tree = source, source.language, tree
        self.contacts = tree.content.contacts.values()
        self._english_source = english
        self._helpline_keys = [*map(tree.phrase_key, HELPLINE_PHRASES)]
        self.values = self._placeholder_values()

    def text(self, key: MessageKey, **values: str) -> str:
        """Return a translated text with its placeholders filled.

        Raises:
            MissingTranslation: the text, or the phrase for opening hours in it, is not translated.
        """
        if (text := self._translate(key)) is None:
            raise MissingTranslation(key)
        try:
            filled = text.format_map({**self.values, **values})
        except KeyError as error:
            raise MissingTranslation(key) from error
        filled = filled.replace("  ", " ").strip()  # an empty sentence leaves two spaces
        return filled if self.language.encoding == "UCS-2" else sms.to_punctuation(filled)

    def _translate(self, key: MessageKey) -> str | None:
        text = self.source.translate(*key)
        if text is None and self._english_source and key in self._helpline_keys:
            return self._english_source.translate(*key)
        return text

    def fixed(self, name: str, **values: str) -> str:
        """Return a phrase that is the same in every language."""
        return self.tree.content.fixed[name].format_map({**self.values, **values})

    def phrase(self, name: str, /, **values: str) -> str:
        """Return a phrase of content/phrases.yaml in this language."""
        return self.text(self.tree.phrase_key(name), **values)

    def optional(self, name: str, /, **values: str) -> str:
        """Return a phrase; empty if it may not be sent."""
        try:
            return self.phrase(name, **values)
        except MissingTranslation:
            return ""

    def number(self, contact: Contact) -> str:
        """Return a number to read, without the spaces that would reorder its groups in RTL text."""
        return contact.code if self.language.direction == "rtl" else contact.number

    def _placeholder_values(self) -> dict[str, str]:
        """Return placeholder -> value: numbers and opening hours of contacts, and sentences."""
        values = {contact.id: self.number(contact) for contact in self.contacts}
        values |= {"language": self.language.norwegian, "operator": self.tree.operator}
        for name in (*SENTENCES, RUN_BY):
            if sentence := self._translate(self.tree.phrase_key(name)):
                values[name] = sentence.format_map(values)
        if not self.tree.operator:
            values[RUN_BY] = ""
        if phrase := self.source.translate(*self.tree.phrase_key("hours")):
            for contact in self.contacts:
                if contact.periods:
                    hours = (self._period(phrase, period) for period in contact.periods)
                    values[f"{contact.id}_hours"] = ", ".join(hours)
        return values

    def _period(self, phrase: str, period: OpeningPeriod) -> str:
        days = self.language.weekdays_short
        return phrase.format(
            first=days[min(period.days)],
            last=days[max(period.days)],
            opens=f"{period.opens:%H:%M}",  # in Western digits, which every keypad has
            closes=f"{period.closes:%H:%M}",
        )


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
        catalog=Catalog(
            {
                key: in_latin_letters(text, row.tag)
                for key, text in source.catalog.translations.items()
            }
        ),
    )
