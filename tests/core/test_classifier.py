"""The guess at a topic, for a text in which no phrase is known."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from rights_line.content.classifier_file import (
    classifier_bytes,
    read_classifier,
)
from rights_line.core.classifier import Classifier, Topic, ngrams
from rights_line.core.library import Library
from rights_line.core.understanding import interpret
from rights_line.core.understanding.intents import ShowScreen
from rights_line.core.understanding.interpretation import Interpretation
from rights_line.core.understanding.normalised_text import normalise_text
from rights_line.errors import Problem

# The weights of "zzz": 40 tenths for topic 0, which is an emergency, and so on.
SMALL = Classifier(
    [Topic("1", -2.0, 0.6, is_urgent=True), Topic("4", -1.0, 0.5)],
    {"_zzz_": "0=200", "_www_": "1=100", "_vvv_": "0=30 1=100", "_www": "1=10"},
)


def explained(text: str, library: Library) -> Interpretation:
    return interpret(normalise_text(text, library.own_lines), None, library)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("zzz", "1"),
        ("www", "4"),
        ("zzz www", "1"),
        ("xxx", None),  # the biases alone reach no threshold
        ("", None),
        ("www abcdefghijklmnopqrstuvxyz bcdfghjklmnpqrstvwxz", None),  # too weak among others
        ("vvv", None),  # probably 4, but an emergency is too likely to say so
    ],
)
def test_guess_returns_topic_that_reaches_its_threshold(words: str, code: str | None) -> None:
    found = SMALL.guess(words)
    assert (found.code if found else None) == code


def test_guess_names_the_ngrams_that_count_most() -> None:
    found = SMALL.guess("www xxx")
    assert found
    assert found.ngrams == ("_www_", "_www")
    assert 0.5 < found.probability < 1


def test_ngrams_are_parts_of_words_words_and_pairs() -> None:
    assert ngrams("ab c") == {"_a", "ab", "b_", "_ab", "ab_", "_ab_", "_c", "c_", "_c_", "ab c"}


def test_text_without_phrase_is_shown_the_guessed_screen(library: Library) -> None:
    """The language is the one that the words of the text have; `explain` names the n-grams."""
    text = "jeg og hun er her med alle disse www www"
    assert explained(text, replace(library, classifier=Classifier())).intent == ShowScreen(
        "nb", "0"
    )
    found = explained(text, replace(library, classifier=always("4")))
    assert found.intent == ShowScreen("nb", "4")
    assert "guess by n-grams, 99% sure" in found.because


def always(code: str) -> Classifier:
    """Return a classifier that always guesses the same."""
    return Classifier([Topic(code, 5.0, 0.5)])


@pytest.mark.parametrize("text", ["jeg får ikke lønn", "4", "polski", "jeg vil drepe meg", "STOP"])
def test_rules_come_before_the_guess(library: Library, text: str) -> None:
    guessing = replace(library, classifier=always("95"))
    plain = replace(library, classifier=Classifier())
    assert explained(text, guessing) == explained(text, plain)


def test_guess_at_long_text_takes_less_than_five_milliseconds(library: Library) -> None:
    """The median of ten runs; a busy machine may interrupt one."""
    words = normalise_text("ordet mannen kvinne pengene huset " * 60, library.own_lines).words
    times = []
    for _ in range(10):
        begun = time.thread_time()
        library.classifier.guess(words)
        times.append(time.thread_time() - begun)
    assert sorted(times)[5] < 0.005


def test_file_holds_the_classifier(tmp_path: Path) -> None:
    problems: list[Problem] = []
    (tmp_path / "a").write_bytes(classifier_bytes(SMALL))
    read = read_classifier(tmp_path / "a", problems)
    assert (list(read.topics), read.weights) == (list(SMALL.topics), SMALL.weights)
    assert classifier_bytes(SMALL) == classifier_bytes(SMALL)
    assert problems == []


def test_missing_file_guesses_nothing(tmp_path: Path) -> None:
    assert read_classifier(tmp_path / "none", []).guess("zzz") is None


@pytest.mark.parametrize("cut", [0, 1, 30, 60])
def test_damaged_file_is_a_problem(tmp_path: Path, cut: int) -> None:
    problems: list[Problem] = []
    path = tmp_path / "classifier.txt.gz"
    path.write_bytes(classifier_bytes(SMALL)[:cut])
    read_classifier(path, problems)
    assert len(problems) == 1


def test_guess_at_a_screen_that_does_not_exist_is_not_shown(library: Library) -> None:
    """An operator may have left out a topic."""
    text = "jeg og hun er her med alle disse www www"
    found = explained(text, replace(library, classifier=always("444")))
    assert found.intent == ShowScreen("nb", "0")
