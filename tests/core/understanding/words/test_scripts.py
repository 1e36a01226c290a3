"""Texts in Latin letters are read back into the letters of their language."""

import pytest

from rights_line.core.library import Library
from rights_line.core.understanding.words.scripts import OwnLetters
from tests.support.messages import shown


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("she sh", "шe ш"),  # what the table does not have stays
        ("Sha, 16 a3", "ша, 16 а"),  # a number is no word
        ("aa aab", "б+а б+аб"),
        ("el sha", "элша"),
        ("bb b", "б б"),
    ],
)
def test_write_replaces_the_longest_letters_first(text: str, written: str) -> None:
    table = {"a": "а", "b": "б", "sh": "ш", "3": "", "^aa": "б+а", "^el$": "эл+"}
    assert OwnLetters(table).write(text) == written


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("hozyain otobral pasport i ne otdaet", "ru", "52"),
        ("shefat mi ne mi dade zaplata tozi mesec", "bg", "4"),
        ("gospodar ne platit meni vzhe try misyatsi", "uk", "4"),
        ("sahib el sheghel ma byedfa3", "ar", "4"),
        ("aseriye demoz alkefelegnim", "am", "4"),
    ],
)
def test_need_in_latin_letters_is_understood(
    library: Library, text: str, language: str, code: str
) -> None:
    intent = shown(text, language, library)
    assert (intent.code, intent.language) == (code, language)
