"""The choice of a screen for a sentence, given what a sentence model says."""

from collections.abc import Sequence
from dataclasses import replace
from unittest.mock import Mock

import pytest

from rights_line.core import MENU
from rights_line.core.library import Library
from rights_line.core.understanding import NotUnderstood, ShowScreen
from rights_line.core.understanding.choice import Costs, Unsure
from rights_line.core.understanding.decision import SentenceReader
from rights_line.core.understanding.evidence import Followed, MeaningShare, Weights
from rights_line.core.understanding.interpret import interpret, interpret_to_intent
from rights_line.core.understanding.words.normalised_text import normalise_text
from rights_line.core.understanding.words.tables import Match
from rights_line.core.understanding.words.vocabulary import Concept, Entry, Kind

DANGER = Concept("beaten", Kind.EMERGENCY, "1", 0, ("73",))
DOCTOR = Concept("not_breathing", Kind.EMERGENCY, "6", 1)
WORK = Concept("work", Kind.TOPIC, "4", 2, ("41",))
PAPERS = Concept("papers", Kind.TOPIC, "5", 3)
NOTHING = Concept("none", Kind.HARMLESS, "", 4)
THANKS = Concept("thanks", Kind.ACT, "thanks", 5)
MEANINGS = (DANGER, DOCTOR, WORK, PAPERS, NOTHING)
COSTS = Costs(
    missed_by_topic=3,
    missed_by_menu=2,
    other_emergency=0.5,
    false_alarm=1.5,
    wrong_topic=1,
    not_a_minor=1.5,
    needless_topic=0.6,
    menu=0.7,
    second_best=0.1,
)
WEIGHTS = Weights(model=1, emergency=2, topic=2, harmless=2, best=1, cover=2, certain=6)
NEVER = Unsure(ask=9, offer=9, second=2)  # offers nothing


def reader(*probabilities: float) -> SentenceReader:
    """Return a reader whose model always says the same; without numbers, it must not be asked."""

    def found(text: str) -> Sequence[float]:
        assert text
        assert probabilities
        return probabilities

    model = Mock(labels=[meaning.id for meaning in MEANINGS], probabilities=found)
    return SentenceReader(model, MEANINGS, WEIGHTS, COSTS, NEVER, {}, frozenset({"8"}))


def meaning_shares(*shares: float) -> list[MeaningShare]:
    return [*map(MeaningShare, MEANINGS, shares)]


@pytest.mark.parametrize(
    ("shares", "code"),
    [
        ((0.9, 0, 0.1, 0, 0), "1"),
        ((0.4, 0, 0.6, 0, 0), "1"),  # missing it costs more than the false alarm
        ((0.1, 0, 0.9, 0, 0), "4"),
        ((0.1, 0.8, 0.1, 0, 0), "6"),
        ((0.3, 0.3, 0.4, 0, 0), "1"),
        ((0, 0, 0.35, 0.3, 0.35), MENU),  # no topic is likely enough
        ((0.05, 0, 0, 0, 0.95), MENU),
    ],
)
def test_screen_of_least_expected_cost_is_chosen(shares: Sequence[float], code: str) -> None:
    assert reader().choose_screen(meaning_shares(*shares)).code == code


def test_shares_of_a_screen_are_the_sum_of_its_meanings_and_add_up_to_1() -> None:
    found = reader().choose_screen(meaning_shares(0.2, 0.1, 0.3, 0.3, 0.1)).shares
    assert dict(found) == {"1": 0.2, "6": 0.1, "4": 0.3, "5": 0.3, MENU: 0.1}
    assert [share for _, share in found] == sorted((share for _, share in found), reverse=True)


@pytest.mark.parametrize(
    ("code", "meaning", "cost"),
    [
        ("1", DANGER, 0),
        ("73", DANGER, COSTS.second_best),
        ("6", DANGER, COSTS.other_emergency),
        ("4", DANGER, COSTS.missed_by_topic),
        (MENU, DANGER, COSTS.missed_by_menu),
        ("1", WORK, COSTS.false_alarm),
        ("41", WORK, COSTS.second_best),
        ("5", WORK, COSTS.wrong_topic),
        ("8", WORK, COSTS.not_a_minor),
        ("8", NOTHING, COSTS.needless_topic),
        (MENU, WORK, COSTS.menu),
        ("1", NOTHING, COSTS.false_alarm),
        ("4", NOTHING, COSTS.needless_topic),
        (MENU, NOTHING, 0),
        (MENU, THANKS, COSTS.second_best),
        ("4", THANKS, COSTS.wrong_topic),
    ],
)
def test_cost_of_a_reply(code: str, meaning: Concept, cost: float) -> None:
    assert reader().cost(code, meaning) == cost


def with_model(library: Library, *probabilities: float) -> Library:
    return replace(library, reader=reader(*probabilities))


def test_sentence_is_read_by_the_model(small_library: Library) -> None:
    library = with_model(small_library, 0.95, 0, 0.05, 0, 0)
    found = interpret(normalise_text("on mi grozi pasem", ()), "pl", library)
    assert found.intent == ShowScreen("pl", "1")
    assert found.is_emergency
    assert found.shares[0].code == "1"


def test_phrase_counts_beside_the_model(small_library: Library) -> None:
    """The model alone would show the menu."""
    text = "nie dostałem wypłaty od maja"
    library = with_model(small_library, 0.05, 0, 0.3, 0.3, 0.35)
    assert interpret_to_intent("mam takie pytanie od maja", "pl", library) == NotUnderstood()
    assert interpret_to_intent(text, "pl", library) == ShowScreen("pl", "4")


def test_meaning_that_the_model_has_not_learnt_is_found_by_its_phrase() -> None:
    new = Concept("new", Kind.TOPIC, "74", 5)
    known = reader(0.0, 0.0, 0.9, 0.1, 0.0)
    wider = replace(known, meanings=(*MEANINGS, new), weights=WEIGHTS._replace(cover=10))
    followed = Followed(new, 0.6)
    assert wider.choose("he sells my pictures", (), followed).code == "74"
    assert wider.choose("he sells my pictures", (), None).code == "4"


@pytest.mark.parametrize(
    ("share", "cover", "code"),
    [(0.9, 0.2, "4"), (0.7, 0.2, "5"), (0.9, 0.6, "5")],  # unsure; a phrase of most of the text
)
def test_model_beats_a_short_phrase_of_another_topic_if_it_is_sure(
    share: float, cover: float, code: str
) -> None:
    found = reader(0, 0, share, 0, 1 - share)
    heavy = replace(found, weights=WEIGHTS._replace(best=8))
    assert heavy.choose("the boss pays me for my papers", (), Followed(PAPERS, cover)).code == code


@pytest.mark.parametrize(("share", "code"), [(0.9, "4"), (0.7, "5")])
def test_meaning_that_is_said_beside_others_stays_if_the_model_is_sure(
    share: float, code: str
) -> None:
    aside = WORK._replace(is_aside=True)
    found = replace(
        reader(0, 0, share, 1 - share, 0), meanings=(DANGER, DOCTOR, aside, PAPERS, NOTHING)
    )
    assert found.choose("work, and my papers", [named("my papers", PAPERS)], None).code == code


def named(phrase: str, concept: Concept) -> Match[Entry]:
    return Match(0, len(phrase), phrase, Entry(concept, ("en",)))


@pytest.mark.parametrize(
    ("share", "phrases", "offered"),
    [
        (0.0, [], ()),
        (0.0, [named("beats", DANGER)], ("1",)),
        (0.12, [], ("1",)),  # by the model
    ],
)
def test_danger_is_at_least_a_link_where_a_word_or_the_model_says_so(
    share: float, phrases: list[Match[Entry]], offered: tuple[str, ...]
) -> None:
    found = reader(share, 0, 1 - share, 0, 0)
    topic = [*phrases, named("does not pay me any more", WORK)]
    choice = found.choose("he beats, and does not pay me any more", topic, Followed(WORK, 1))
    assert (choice.code, choice.offered) == ("4", offered)


def test_danger_named_in_a_short_text_is_no_link_below_a_topic() -> None:
    phrases = [named("beats me", DANGER), named("does not pay me any more", WORK)]
    for words, asks in ((8, True), (30, False)):
        text = " ".join(["word"] * words)
        choice = reader(0, 0, 1, 0, 0).choose(text, phrases, Followed(WORK, 1))
        assert (choice.asks, choice.offered[0]) == (asks, "1")


def test_topics_that_the_model_has_not_learnt_do_not_change_the_shares_of_others() -> None:
    new = [Concept(f"new_{number}", Kind.TOPIC, f"4{number}", number) for number in range(2_000)]
    few = reader(0.1, 0.1, 0.4, 0.3, 0.1)
    many = replace(few, meanings=(*MEANINGS, *new))
    text = "he sells my pictures"
    assert many.choose(text, (), None) == few.choose(text, (), None)


@pytest.mark.parametrize("text", ["4", "POLSKI 4", "112", "praca", "STOP", "polski", "koniec"])
def test_exact_rules_never_ask_the_model(small_library: Library, text: str) -> None:
    library = with_model(small_library)
    assert interpret_to_intent(text, "pl", library) == interpret_to_intent(
        text, "pl", small_library
    )


def test_code_with_words_is_no_code(small_library: Library) -> None:
    model = with_model(small_library, 0, 0, 0.1, 0.9, 0)
    assert interpret_to_intent("4 and no money", "en", model) == ShowScreen("en", "5")


def test_screen_of_an_emergency_is_offered_itself(library: Library) -> None:
    """The label "In danger" does not say "Want to die"."""
    assert library.reader
    offered = library.reader.topics
    assert offered["72"] == "7"
    assert not library.urgent_codes & offered.keys()
