"""How old a person says they are."""

import pytest

from rights_line.core.understanding.words.ages import Age, Ages

AGES = Ages(
    dict.fromkeys(("i am 0", "i was 0", "i am 0 years old", "0 anyos ako", "我0岁"), ()),
    {"sixteen": 16, "twenty five": 25, "on dort": 14},
    {"hours", "months"},
    ("daughter", "pupil", "she", "on", "my brother i"),
)


@pytest.mark.parametrize(
    ("words", "age"),
    [
        ("i am 16", Age(16, "")),
        ("i am sixteen", Age(16, "")),
        ("i am twenty five years old and alone", Age(25, "and alone")),
        ("25 anyos ako", Age(25, "")),
        ("我16岁", Age(16, "")),
        ("i am 16years old", Age(16, "")),
        ("i am 14hours a day at work", None),
        ("16 anyos", Age(16, "")),  # the whole text
        ("16 years old", Age(16, "")),
        ("15岁", Age(15, "")),
        ("25 anyos", None),
        ("16 years in prison", None),
        ("my brother i am 16", None),  # as in Albanian: "vëllai im 16"
        ("i am 16 and they make me sell drugs", Age(16, "and they make me sell drugs")),
        ("it says i am 21 but i am 17", Age(17, "it says i am 21 but")),
        ("i am 17 but it says i am 21", Age(17, "but it says i am 21")),
        ("i am 40 and i am 16 times late", Age(40, "and i am 16 times late")),
        ("i am 40 and there i am 10", Age(40, "and there i am 10")),
        ("i was 15 and now i am 22", Age(22, "i was 15 and now")),
        ("i was 15", None),
        ("she did this when i was 15", None),
        ("my son is 4 and i am 30", Age(30, "my son is 4 and")),
        ("i am 14 hours a day at work", None),
        ("my daughter is 15", None),
        ("i am 2", None),
        ("i am 3anjad sa7eb 30", None),
        ("ana m3 2ide i am 30", Age(30, "ana m3 2ide")),
        ("i am 112", None),
        ("16", None),
        ("", None),
    ],
)
def test_age_is_told_in_the_first_person(words: str, age: Age | None) -> None:
    assert AGES.age(words) == age


def test_minor_is_below_18() -> None:
    assert Age(17, "").is_minor
    assert not Age(18, "").is_minor


@pytest.mark.parametrize(
    ("words", "age"),
    [
        ("my daughter is 15", 15),
        ("a pupil of sixteen", 16),
        ("and if she is 16", 16),
        ("she is 25", 25),
        ("she works 14 hours a day", None),
        ("she took 10 000 from me", None),
        ("she jozi mbere7 5alas", None),  # digits that are Arabic letters
        ("i am 30 and my daughter is 15", None),  # the sender is the one who asks
        ("i am 16", None),
        ("on dort ici", None),  # French: one sleeps here; in Turkish 14, and "on" is he in Polish
        ("she did this when i was 15", None),
    ],
)
def test_age_of_another_person_is_not_the_senders(words: str, age: int | None) -> None:
    assert AGES.age_of_another(words) == age
