"""Weigh what a sentence may mean, and choose the reply of least expected cost (docs/adr/0021).

The share of a meaning comes from the sentence model and the phrases of the text, weighed as in
content/decision.yaml, which `make decision` learns. The costs there say how bad a wrong reply is.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log
from typing import NamedTuple

from rights_line.core.fixed_codes import MENU
from rights_line.core.understanding.sentences.sentence_model import SentenceModel
from rights_line.core.understanding.words.phrase_table import Match
from rights_line.core.understanding.words.vocabulary import Concept, Entry, Kind

_FLOOR = 0.002  # added to each probability of the model: phrases may outweigh what it excludes
_LONG = 8  # words from which a longer phrase counts no more
_LIKELY = 0.01  # share from which a screen is considered


class Weights(NamedTuple):
    """How much each piece of evidence counts, in natural logarithms of odds."""

    model: float  # the logarithm of the model's probability
    emergency: float  # the longest phrase of a concept of that kind, for each word
    topic: float  # the same
    harmless: float  # the same
    best: float  # the phrase that the rules alone would follow ...
    cover: float  # ... more, the larger the share of the text that it covers


class Costs(NamedTuple):
    """The cost of each wrong reply; the right one costs 0."""

    missed_by_topic: float  # the screen of a topic, in an emergency
    missed_by_menu: float  # the menu, in an emergency
    other_emergency: float  # the doctor's screen instead of the danger screen, or vice versa
    false_alarm: float  # the screen of an emergency, where there is no emergency
    wrong_topic: float  # the screen of another topic
    needless_topic: float  # the screen of a topic, where the menu is right
    menu: float  # the menu, where the screen of a topic is right
    second_best: float  # another good screen (`also` in content/concepts.yaml)


class Followed(NamedTuple):
    """The phrase that the rules alone would follow, and the share of the text that it covers."""

    concept: Concept
    cover: float


class Share(NamedTuple):
    """The share of a screen, of all that a sentence may mean; all shares add up to 1."""

    code: str
    share: float


class Choice(NamedTuple):
    """The screen to show, and the shares of the screens considered, the largest first."""

    code: str  # the code of the screen; MENU if no topic is worth showing
    shares: tuple[Share, ...]


class MeaningShare(NamedTuple):
    """The share of one meaning."""

    meaning: Concept
    share: float


@dataclass(frozen=True)
class SentenceReader:
    """Reads sentences."""

    model: SentenceModel  # gives each label a probability
    meanings: Sequence[Concept]  # of each label of the model, then those without one
    weights: Weights  # of the evidence
    costs: Costs  # of wrong replies

    def decide_on_sentence(
        self, sentence: str, matches: Sequence[Match[Entry]], followed: Followed | None
    ) -> Choice:
        """Choose the screen for a sentence as the sender wrote it, with the phrases in it."""
        return self.decide_on_screen(
            self.meaning_shares(self.model.probabilities(sentence), matches, followed)
        )

    def decide_on_screen(self, found: Sequence[MeaningShare]) -> Choice:
        """Return the screen of least expected cost, given the shares of meanings."""
        screens: dict[str, float] = defaultdict(float)
        for meaning, share in found:
            screens[meaning.code or MENU] += share
        shares = tuple(Share(*pair) for pair in sorted(screens.items(), key=lambda p: -p[1]))
        codes = [MENU, *(code for code, share in shares if share >= _LIKELY and code != MENU)]
        likely = [(meaning, share) for meaning, share in found if share >= _LIKELY / 10]

        def expected_decision_cost(code: str) -> float:
            return sum(share * self.decision_cost(code, meaning) for meaning, share in likely)

        return Choice(min(codes, key=expected_decision_cost), shares)

    def decision_cost(self, code: str, meaning: Concept) -> float:
        """Return the cost of showing a screen to a sender who means something."""
        costs, right = self.costs, meaning.code or MENU
        if code == right:
            return 0
        if code in meaning.also:
            return costs.second_best
        if meaning.kind is Kind.EMERGENCY:
            if code in self.urgent_decision_codes:
                return costs.other_emergency
            return costs.missed_by_menu if code == MENU else costs.missed_by_topic
        if code in self.urgent_decision_codes:
            return costs.false_alarm
        if right == MENU:
            return costs.needless_topic
        return costs.menu if code == MENU else costs.wrong_topic

    @cached_property
    def urgent_decision_codes(self) -> frozenset[str]:
        """The codes of the screens for emergencies."""
        return frozenset(row.code for row in self.meanings if row.kind is Kind.EMERGENCY)

    @cached_property
    def meanings_without_label(self) -> Mapping[str, Concept]:
        """The meanings that the model has not learnt, by their ids."""
        return {meaning.id: meaning for meaning in self.meanings[len(self.model.labels) :]}

    def meaning_shares(
        self,
        probabilities: Sequence[float],
        matches: Iterable[Match[Entry]],
        followed: Followed | None,
    ) -> list[MeaningShare]:
        """Return the share of each meaning, given the model's probabilities and the phrases.

        For a meaning that the model has not learnt, phrases alone speak; without one it is left
        out, so that new topics neither slow down a sentence nor change what others mean.
        """
        evidence = self.phrase_evidence(matches, followed)
        unlearnt = [*filter(None, map(self.meanings_without_label.get, evidence))]
        meanings = [*self.meanings[: len(probabilities)], *unlearnt]
        likelihoods = [*probabilities, *[0.0] * len(unlearnt)]
        scores = [
            self.weights.model * log(likelihood + _FLOOR) + evidence.get(meaning.id, 0.0)
            for likelihood, meaning in zip(likelihoods, meanings, strict=True)
        ]
        highest = max(scores)
        odds = [exp(score - highest) for score in scores]
        total = sum(odds)
        return [*map(MeaningShare, meanings, (each / total for each in odds))]

    def phrase_evidence(
        self, matches: Iterable[Match[Entry]], followed: Followed | None
    ) -> Mapping[str, float]:
        """Return concept -> what the phrases say for it."""
        of_kind = {
            Kind.EMERGENCY: self.weights.emergency,
            Kind.TOPIC: self.weights.topic,
            Kind.HARMLESS: self.weights.harmless,
        }
        found: dict[str, float] = {}
        for match in matches:
            concept = match.value.concept
            size = min(match.phrase_size, _LONG) / _LONG
            worth = of_kind.get(concept.kind, 0.0) * size
            found[concept.id] = max(found.get(concept.id, 0.0), worth)
        if followed:
            name, worth = followed.concept.id, self.weights.best
            found[name] = found.get(name, 0.0) + worth + self.weights.cover * followed.cover
        return found
