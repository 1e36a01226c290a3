"""Recognise the language of a sentence by its words and its pairs and triples of letters.

Each language has a score, the sum of two votes, both logarithms of probabilities:
* each word of the text that the language has in words.yaml or in its translations: WORD_VOTE;
* each pair and triple of letters: the more frequent in the words of words.yaml, the more.

Letters alone decide nothing: a language without a word of the text has no score. So a sentence
in a language that is not in locales/ is rarely taken for one that is.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, cached_property
from itertools import repeat
from math import log
from typing import NamedTuple

import regex

from rights_line.core.understanding.words import count_words

WORD_VOTE = 8.0
MIN_LEAD = 10.0  # a language this far behind the first one is out: more than one word
MIN_SHARE = 0.25  # of the words of a text, known in a language that is recognised
MIN_OTHER = 2  # words of a text that only another language has, to take it for that one
MAX_SCORED = 300  # characters of a text that are read
_MAX_CANDIDATES = 8  # languages whose letters are compared: those with the most known words
_PSEUDOCOUNT = 0.5  # of a pair or triple that the words of a language do not have ...
_POSSIBLE = 3000  # ... and how many there may be of each: additive (Lidstone) smoothing
_LATIN_END = "\u0250"


class Vote(NamedTuple):
    """The result for one language: its score, and the words of the text that it has."""

    language: str
    score: float
    words: tuple[str, ...]


class _Letters:
    """How often each pair and triple of letters occurs in the words of a language.

    They are counted for the first text that may be in the language, to start faster.
    """

    def __init__(self, words: str, shared: dict[str, str]) -> None:
        # Those across two words are counted too; no word of a text has one.
        self._text = f" {words.replace(' ', '  ')} "
        self._shared = shared
        self._log_total = log(len(self._text) + _PSEUDOCOUNT * _POSSIBLE)

    @cached_property
    def _counts(self) -> dict[str, int]:
        padded = self._text + " "  # so that the last pair begins a triple, as every other one does
        triples = Counter(map("".join, zip(padded, padded[1:], padded[2:], strict=False)))
        pairs: dict[str, int] = defaultdict(int)
        for triple, number in triples.items():
            pairs[triple[:2]] += number
        return {
            self._shared.setdefault(gram, gram): number
            for counts in (pairs, triples)
            for gram, number in counts.items()
        }

    def score(self, grams: Sequence[str]) -> float:
        """Return the logarithm of the probability of pairs and triples of letters."""
        counts = map(self._counts.get, grams, repeat(0))
        return sum(map(_log_gram_count, counts)) - self._log_total * len(grams)


class LanguageModel:
    """The words and letters of all languages.

    Args:
        known: returns the languages that have a word; None or () for none.
        letters: tag -> the words from which letters are counted, in Latin and in other letters.
        alphabets: tag -> script, for languages that no other one shares a script with. Every
            word in it counts as known.
        others: tag -> frequent words, for languages that the line does not have.
    """

    def __init__(
        self,
        known: Callable[[str], tuple[str, ...] | None],
        letters: Mapping[str, tuple[str, str]],
        alphabets: Mapping[str, str],
        others: Mapping[str, Set[str]],
    ) -> None:
        self._others = others
        self._alphabets = {
            tag: regex.compile(rf"[\p{{Script={script}}}\p{{M}}\p{{N}}]+")
            for tag, script in alphabets.items()
        }
        self._known = known
        shared: dict[str, str] = {}  # each pair and triple once, as several languages have it
        # Scripts apart: most words of Russian are Cyrillic, but some people write it in Latin.
        self._letters = {
            (tag, is_latin): _Letters(text, shared)
            for tag, (latin, other) in letters.items()
            for is_latin, text in ((True, latin), (False, other))
        }

    def languages_of_word(self, word: str) -> tuple[str, ...]:
        """Return the tags of the languages that have a word."""
        if found := self._known(word):
            return found
        if word.isascii():
            return ()
        return tuple(tag for tag, letters in self._alphabets.items() if letters.fullmatch(word))

    def votes(self, words: str, phrases: Iterable[str] = ()) -> list[Vote]:
        """Return the votes for each language that has a word of a text, best first.

        `phrases` are the languages of the phrases found in the text, and of the session: each adds
        the vote of one word.
        """
        tokens = [token for token in words[:MAX_SCORED].split() if not token.isdecimal()]
        known = defaultdict(list)
        for token in tokens:
            for tag in self.languages_of_word(token):
                known[tag].append(token)
        numbers = Counter(phrases)
        numbers.update({tag: len(found) for tag, found in known.items()})
        grams = {
            is_latin: [
                gram
                for token in words_in_letters(tokens, is_latin)
                for gram in _letter_grams(token)
            ]
            for is_latin in (True, False)
        }
        found = []
        for tag, number in numbers.most_common(_MAX_CANDIDATES):
            letters = sum(self._letters[tag, latin].score(grams[latin]) for latin in grams)
            found.append(Vote(tag, letters + WORD_VOTE * number, tuple(known[tag])))
        return sorted(found, key=lambda vote: -vote.score)

    def vote_other(self, words: str, votes: Sequence[Vote]) -> str:
        """Return the language that a text is in if the line does not have it; empty otherwise.

        Only words count that one of the two languages has and the other has not: for Danish those
        that are not Norwegian.
        """
        tokens = {*words[:MAX_SCORED].split()}
        best = votes[0].language if votes else ""
        known = {token for token in tokens if best in self.languages_of_word(token)}
        for tag, frequent in self._others.items():
            own = len(tokens & frequent - known)
            if own >= MIN_OTHER and own > len(known - frequent):
                return tag
        return ""


def is_recognised(votes: list[Vote], words: str) -> bool:
    """Return whether the best language knows enough words of a text to be recognised."""
    return bool(votes) and len(votes[0].words) >= MIN_SHARE * count_words(words[:MAX_SCORED])


def leading_votes(votes: list[Vote]) -> tuple[Vote, ...]:
    """Return the best vote, and those too near to exclude."""
    return tuple(vote for vote in votes if vote.score > votes[0].score - MIN_LEAD)


def words_in_letters(words: Iterable[str], is_latin: bool) -> list[str]:
    """Return the words in Latin letters, or those in other letters."""
    return [word for word in words if (word < _LATIN_END) is is_latin]


def _letter_grams(word: str) -> Iterator[str]:
    """Yield the pairs and triples of letters of a word, with a space at both ends."""
    padded = f" {word} "
    for size in (2, 3):
        for start in range(len(padded) - size + 1):
            yield padded[start : start + size]


@cache
def _log_gram_count(count: int) -> float:
    return log(count + _PSEUDOCOUNT)
