"""Different spellings of a text are equal once normalised."""

import gc
import importlib.util

import pytest

from rights_line.content import ContentSources
from rights_line.core.understanding.words import MAX_LENGTH, normalise, normalise_lines
from tests.support.worlds import ONE_OF_EACH_SCRIPT


def test_normalise_lines_equals_normalising_each_line(sources: ContentSources) -> None:
    words = [
        word
        for tag in ONE_OF_EACH_SCRIPT
        for row in sources.languages[tag].written_words.values()
        for word in row
    ]
    words += ["", " ", "e\u0301", "\u0301", "1\u0301", "ﷺ", "’", "4️⃣", "x²", "\u200b", "A  B"]
    assert normalise_lines(words) == [normalise(word) for word in words]
    assert normalise_lines([]) == []


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("1", "1"),
        (" 1 ", "1"),
        ("1.", "1"),
        ("(1)", "1"),
        ("1)", "1"),
        ("1️⃣", "1"),
        ("１", "1"),
        ("١", "1"),
        ("۱", "1"),
        ("१", "1"),
        ("១", "1"),
        ("፩", "1"),
        ("\u202a4\u202c", "4"),
        ("\u200f4\u200e", "4"),
        ("²", ""),
        ("4²", "4"),
        ("₂", ""),
        ("22 33 11 60", "22 33 11 60"),
        ("POLSKI", "polski"),
        ("Pomóż mi!", "pomoz mi"),
        ("PŁACA", "placa"),
        ("nødhjelp", "nodhjelp"),
        ("Lønn", "lonn"),
        ("Straße", "strasse"),
        ("İSTANBUL ısı", "istanbul isi"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("σίσυφος", "σισυφοσ"),
        ("can’t can't", "cant cant"),
        ("polszczyzna—tak", "polszczyzna tak"),
        ("مُسَاعَدَة", "مساعده"),
        ("أنقذوني", "انقذونی"),
        ("كيك ـــ", "کیک"),
        ("می\u200cخواهم", "میخواهم"),
        ("ёлка", "елка"),
        ("йод", "йод"),
        ("हिन्दी", "हिन्दी"),
        ("ไทย", "ไทย"),
        ("แม่น้ำ", "แม\u0e48น\u0e49ํา"),
        ("ትግርኛ", "ትግርኛ"),
        ("a\u0000b", "a b"),
        ("a\n\tb", "a b"),
        ("\ud800", ""),
        # Invisible: a joiner, and Hangul fillers, which phones send for an empty text.
        ("dan\u034fger", "danger"),
        ("dan\u200b\ufe0f\u2066ger", "danger"),
        ("\u3164", ""),
        ("\uffa0\u115f", ""),
        ("😀", ""),
        ("", ""),
    ],
)
def test_normalise_text_leaves_comparable_letters_and_digits(text: str, normal: str) -> None:
    assert normal == normalise(text)


def test_normalise_twice_equals_once() -> None:
    for character in map(chr, range(0x3000)):
        once = normalise(f"a{character}b")
        assert once == normalise(once)


def test_normalise_text_longer_than_any_sms_cuts_it() -> None:
    """The cut bounds the time that a long text takes."""
    assert len(normalise("a" * (MAX_LENGTH + 100))) == MAX_LENGTH


def test_normalise_text_that_grows_cuts_it_again() -> None:
    """The ligature becomes eighteen letters."""
    assert len(normalise("\ufdfa" * MAX_LENGTH)) <= MAX_LENGTH


def test_normalise_stores_no_character_of_a_text() -> None:
    """No table and no cache may grow by what people send."""
    spec = importlib.util.find_spec("rights_line.core.understanding.words")
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    rare = 0x1F9FF
    assert fresh.normalise(chr(rare) + "\ua66e\u0363") == "\ua66e\u0363"
    gc.unfreeze()  # a start in another test has frozen what was alive
    # Referents, since the collector does not track a dict of integers and strings.
    # `dict.__contains__`, since a subclass elsewhere may expect keys of another type.
    tables = [
        table
        for owner in gc.get_objects()
        for table in gc.get_referents(owner)
        if isinstance(table, dict) and dict.__contains__(table, rare)
    ]
    assert tables == []
    assert [name for name, value in vars(fresh).items() if hasattr(value, "cache_info")] == []
