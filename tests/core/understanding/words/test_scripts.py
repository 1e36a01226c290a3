"""Texts in Latin letters are read back into the letters of their language; accents count."""

import pytest

from rights_line.core.library import Library
from rights_line.core.understanding.interpret import interpret_to_intent
from rights_line.core.understanding.words.scripts import OwnLetters, accents, has_accents
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
        ("shefat mi ne mi dade zaplata tozi mesec", "bg", "41"),
        ("gospodar ne platit meni vzhe try misyatsi", "uk", "41"),
        ("sahib el sheghel ma byedfa3", "ar", "41"),
        ("aseriye demoz alkefelegnim", "am", "41"),
    ],
)
def test_need_in_latin_letters_is_understood(
    library: Library, text: str, language: str, code: str
) -> None:
    intent = shown(text, language, library)
    assert (intent.code, intent.language) == (code, language)


@pytest.mark.parametrize(
    ("written", "phrase", "is_phrase"),
    [
        ("tự tử", "tự tử", True),
        ("tu tu", "tự tử", True),  # on a phone without accents
        ("từ từ", "tự tử", False),  # slowly
        ("hoà", "hòa", True),
        ("đâu", "đau", False),  # where
        ("không ra đc", "khong ra dc", True),  # the phrase is given without accents
    ],
)
def test_other_accents_make_another_word(written: str, phrase: str, is_phrase: bool) -> None:
    assert has_accents(accents(written), accents(phrase)) == is_phrase


@pytest.mark.parametrize(
    ("text", "is_suicidal"),
    [
        ("tôi muốn tự tử", True),
        ("toi muon tu tu", True),
        ("tự tử", True),
        ("chị cứ từ từ trả lời em nhé", False),
        ("từ từ", False),
        ("em muốn được tư vấn", False),
    ],
)
def test_vietnamese_phrase_counts_with_its_accents(
    text: str, is_suicidal: bool, library: Library
) -> None:
    intent = interpret_to_intent(text, "vi", library)
    assert (getattr(intent, "code", "") == "12") == is_suicidal
