"""Find how old a person says they are: "i am 16", "mam szesnaście lat"."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rights_line.core.understanding.words.scripts import UNSPACED
from rights_line.core.understanding.words.tables import Match, PhraseTable

ADULT = 18
_YOUNGEST, OLDEST = 5, 99
_MIN_WORD = 4  # letters of a number word in the age of another person
# One digit beside a Latin letter is a letter: "sa7eb" is Arabic. "16yo" is an age.
_NUMBER = re.compile(r"(?<![\da-z])(?:\d{2,3}(?!\d)|\d(?![\da-z])|0(?!\d))")
_GLUED = re.compile(r"0([a-z\u0400-\u04ff]{2})")  # "16yo", "16лет"; "2i" is Arabic
_TEEN = 12  # from which a lower age at the end of a text is the true one
_PAST = "i was 0"  # the only phrase of an age that is over; in other languages they tell none
_WORD_END = re.compile(r"(?= |$)")
_MIN_UNIT = 3  # letters of a word that makes a number an age by itself: "16 ans"
_PLACE = re.compile(r"(?<![\da-z])0(?!\d)")  # of a number in a pattern


class Age(NamedTuple):
    """The age of the sender, and the text without the words that tell it."""

    years: int
    rest: str
    languages: tuple[str, ...] = ()  # in which people tell it so

    @property
    def is_minor(self) -> bool:
        return self.years < ADULT


class Ages:
    """How people tell their own age.

    Args:
        phrases: with 0 in place of the number ("i am 0"), and the languages that have it.
        words: word -> number.
        units: words after a number that is no age ("14 hours").
        others: words for other people ("my son").
    """

    def __init__(
        self,
        phrases: Mapping[str, tuple[str, ...]],
        words: Mapping[str, int],
        units: Iterable[str],
        others: Iterable[str] = (),
    ) -> None:
        self._others = PhraseTable.of(dict.fromkeys(others, True))
        self._phrases = PhraseTable.of(phrases)
        self._bare = PhraseTable.of(_bare_ages(phrases))
        self._words = PhraseTable.of(words)
        # Short number words are other words elsewhere: "on" is ten in Turkish.
        self._long = PhraseTable.of({word: words[word] for word in words if len(word) >= _MIN_WORD})
        self._units = tuple(units)

    def age(self, words: str) -> Age | None:
        """Return the age that a normalised text tells in the first person."""
        # Number words count only without digits: "si un" is part of many texts.
        numbered = _with_digits(words, self._words)
        return self._age(words) or (self._age(numbered) if numbered != words else None)

    def _age(self, words: str) -> Age | None:
        told = self._told(words)
        # "He did it when I was 15" does not tell how old the sender is now.
        if today := [(age, is_last) for phrase, age, is_last in told if phrase != _PAST]:
            # The first counts, because "I am 12 years here" tells no age. At the end of a text, a
            # minor's does: "my passport says I am 21 but I am 17".
            age, is_last = today[-1]
            return age if is_last and _TEEN <= age.years < ADULT else today[0][0]
        numbers = _NUMBER.findall(words)
        languages = self._bare.get(_pattern(words)) if numbers else None
        is_age = languages is not None and _YOUNGEST <= int(numbers[0]) < ADULT
        return Age(int(numbers[0]), "", languages or ()) if is_age else None

    def _told(self, words: str) -> list[tuple[str, Age, bool]]:
        """Return each phrase of an age, the age, and whether the text ends with it."""
        numbers, pattern = _NUMBER.findall(words), _pattern(words)
        told = []
        for match in self._phrases.find_phrases(pattern if numbers else ""):
            if self._is_of_another(match, pattern):
                continue
            before, after = pattern[: match.start], pattern[match.end :].strip()
            index = _count(before)
            years = int(numbers[index + _count(match.phrase.partition("0")[0])])
            is_age = _YOUNGEST <= years <= OLDEST
            if is_age and not self._counts_something(after, match.phrase):
                others = numbers[:index] + numbers[index + _count(match.phrase) :]
                rest = _with_numbers(" ".join(f"{before} {after}".split()), others)
                told.append((match.phrase, Age(years, rest, match.value), not after))
        return told

    def _is_of_another(self, match: Match[tuple[str, ...]], pattern: str) -> bool:
        """Return whether another person is named with the first word: "vëllai im 15", my brother.

        "im 15" alone is English.
        """
        others = self._others.find_phrases(pattern[: match.end])
        return any(other.start < match.start < other.end for other in others)

    def age_of_another(self, words: str) -> int | None:
        """Return the lowest age of another person that a normalised text tells."""
        numbered = _with_digits(words, self._long)
        # French "on dort" is fourteen in Turkish, and "on" is he in Polish.
        if not self._others.find_phrases(numbered) or self.age(words) or self._told(numbered):
            return None
        ages = (
            int(found[0])
            for found in _NUMBER.finditer(numbered)
            if not self._counts_something(numbered[found.end() :].strip(), "0")
        )
        return min((years for years in ages if _YOUNGEST <= years <= OLDEST), default=None)

    def _counts_something(self, following: str, phrase: str) -> bool:
        """Return whether a number counts hours or the like: "i am 14 hours a day at work"."""
        if not phrase.endswith("0"):
            return False
        if UNSPACED.match(following):
            return following.startswith(self._units)
        word = following.partition(" ")[0]
        return word in self._units or word.isdigit()  # "10 000"


def _bare_ages(phrases: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the ends of phrases from the number on -> their languages.

    A minor may write no more than "16 ans".
    """
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for phrase, languages in phrases.items():
        _, number, after = phrase.partition("0")
        bare, unit = number + after, after.split(maxsplit=1)
        if unit and (len(unit[0]) >= _MIN_UNIT or UNSPACED.match(unit[0])):
            for end in _WORD_END.finditer(bare, 2):
                found[bare[: end.start()]].update(dict.fromkeys(languages))
    return {bare: tuple(languages) for bare, languages in found.items()}


def _with_digits(words: str, numbers: PhraseTable[int]) -> str:
    """Return a text with its number words as digits."""
    parts, reached = [], 0
    for match in numbers.find_phrases(words):
        parts += [words[reached : match.start], str(match.value)]
        reached = match.end
    return "".join([*parts, words[reached:]])


def _pattern(words: str) -> str:
    """Return a text with 0 in place of each number."""
    return _GLUED.sub(r"0 \1", _NUMBER.sub("0", words))


def _count(pattern: str) -> int:
    return len(_PLACE.findall(pattern))


def _with_numbers(pattern: str, numbers: Iterable[str]) -> str:
    """Return a pattern with its numbers in place of each 0."""
    each = iter(numbers)
    return _PLACE.sub(lambda _: next(each), pattern)
