"""Weigh what a sentence may mean, and choose the reply of least expected cost.

The share of a meaning comes from the sentence model and the phrases of the text, weighed as in
content/decision.yaml, which `make decision` learns. The costs there say how bad a wrong reply is.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log
from typing import NamedTuple

from rights_line.core.fixed_codes import ACTS, DANGER, MENU
from rights_line.core.understanding.sentences.sentence_model import SentenceModel
from rights_line.core.understanding.words.phrase_table import Match
from rights_line.core.understanding.words.vocabulary import Concept, Entry, Kind

_FLOOR = 0.24  # spread over the probabilities of the model: phrases may outweigh what it excludes
_LONG = 8  # words from which a longer phrase counts no more
_LIKELY = 0.01  # share from which a screen is considered
_SURE = 0.38  # the same for an answer without a topic: what is unclear is not taken for thanks
_OFFERED = 4  # topics that a reply offers at most
# Chosen on the writers of `scripts/model/settings.yaml` and of long stories.
_LONG_TEXT, _END, _END_WEIGHT = 300, 280, 0.4  # characters; characters; share of the end
_NAMING = 2  # words of a phrase that names a topic beside the one that is shown
_WORTH_A_LINE = 0.03  # share from which an unsure reply offers a topic


class Weights(NamedTuple):
    """How much each piece of evidence counts, in natural logarithms of odds."""

    model: float  # the logarithm of the model's probability
    emergency: float  # the longest phrase of a concept of that kind, for each word
    topic: float  # the same
    harmless: float  # the same
    best: float  # the phrase that the rules alone would follow ...
    cover: float  # ... more, the larger the share of the text that it covers
    certain: float  # a phrase of a concept that is marked so


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


class Unsure(NamedTuple):
    """From when a reply offers other screens (docs/adr/0023)."""

    ask: float  # expected cost of the danger screen, or of a menu that is not the likeliest
    offer: float  # expected cost of any other screen
    second: float  # share of a second meaning


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
    offered: tuple[str, ...] = ()  # codes of other topics, danger first, else the likeliest
    asks: bool = False  # whether a list of those stands in place of the screen


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
    unsure: Unsure  # when to offer other screens
    topics: Mapping[str, str]  # code of a sub-screen -> code of its topic, whose title is offered

    def decide_on_sentence(
        self,
        sentence: str,
        matches: Sequence[Match[Entry]],
        followed: Followed | None,
        excluded: Iterable[str] = (),
    ) -> Choice:
        """Choose the screen for a sentence as the sender wrote it, with the phrases in it.

        `excluded` are codes that cannot be meant.
        """
        found = self.meaning_shares(self.sentence_probabilities(sentence), matches, followed)
        found = [row for row in found if not gives_way(row.meaning, matches)]
        concepts = [row.value.concept for row in matches]
        wrong = {code for concept in concepts for code in concept.never}
        named = [row.value.concept for row in matches if _names_topic(row)]
        shown = _without_codes(found, {*excluded, *wrong})
        choice = self.decide_on_screen([*shown], _certain_emergency(concepts))
        beside = [row.code for row in named if row.is_aside or not choice.asks]
        choice = self.offer_named_topics(choice, beside)
        wrong |= {code for row in found for code in _wrong_beside(choice.code, row)}
        return choice._replace(offered=tuple(code for code in choice.offered if code not in wrong))

    def sentence_probabilities(self, sentence: str) -> Sequence[float]:
        """Return the probability of each label; people ask at the end of a long text."""
        begun = self.model.probabilities(sentence)
        if len(sentence) <= _LONG_TEXT:
            return begun
        end = sentence[-_END:]
        ended = self.model.probabilities(end[end.find(" ") + 1 :])
        pairs = zip(begun, ended, strict=True)
        return [(1 - _END_WEIGHT) * first + _END_WEIGHT * last for first, last in pairs]

    def offer_named_topics(self, choice: Choice, named: Iterable[str]) -> Choice:
        """Offer the other topics that a text names, too."""
        if choice.code in (MENU, *ACTS) and not choice.asks:
            return choice
        topics = dict.fromkeys(self.topics.get(code, code) for code in (*choice.offered, *named))
        if not choice.asks:
            topics.pop(self.topics.get(choice.code, choice.code), None)
        return choice._replace(offered=_danger_first(topics)[:_OFFERED])

    def decide_on_screen(self, found: Sequence[MeaningShare], certain: str = "") -> Choice:
        """Return the screen of least expected cost, given the shares of meanings.

        `certain` is the code of an emergency that the text names.
        """
        screens: dict[str, float] = defaultdict(float)
        for meaning, share in found:
            screens[meaning.code or MENU] += share
        shares = tuple(Share(*pair) for pair in sorted(screens.items(), key=lambda p: -p[1]))
        codes = [MENU, *(code for code, share in shares if _is_worth_showing(code, share))]
        likely = [(meaning, share) for meaning, share in found if share >= _LIKELY / 10]

        def expected_decision_cost(code: str) -> float:
            return sum(share * self.decision_cost(code, meaning) for meaning, share in likely)

        code = certain or min(codes, key=expected_decision_cost)
        cost = 0.0 if certain else expected_decision_cost(code)
        # A menu stays where it, or an answer, is likeliest: it names more topics than a list.
        is_guess = code == DANGER or (code == MENU and shares[0].code not in (MENU, *ACTS))
        asks = is_guess and cost > self.unsure.ask
        if code in ACTS or (code == MENU and not asks):
            return Choice(code, shares)
        least = _WORTH_A_LINE if cost > self.unsure.offer else self.unsure.second
        return Choice(code, shares, self.offered_codes(shares, least, "" if asks else code), asks)

    def offered_codes(self, shares: Sequence[Share], least: float, shown: str) -> tuple[str, ...]:
        """Return the topics of screens with a share, danger first; `shown` stays out."""
        likely = (code for code, share in shares if share >= least and code not in (MENU, *ACTS))
        topics = dict.fromkeys(self.topics.get(code, code) for code in likely)
        topics.pop(self.topics.get(shown, shown), None)
        return _danger_first([*topics][:_OFFERED])

    def decision_cost(self, code: str, meaning: Concept) -> float:
        """Return the cost of showing a screen to a sender who means something."""
        costs, right = self.costs, meaning.code or MENU
        if code == right:
            return 0
        if code in meaning.also:
            return costs.second_best
        if meaning.kind is Kind.EMERGENCY:
            if code in self.urgent_decision_codes and code not in meaning.never:
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
        matches: Sequence[Match[Entry]],
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
        floor = _FLOOR / len(probabilities)
        scores = [
            self.weights.model * log(likelihood + floor) + evidence.get(meaning.id, 0.0)
            for likelihood, meaning in zip(likelihoods, meanings, strict=True)
        ]
        highest = max(scores)
        odds = [exp(score - highest) for score in scores]
        total = sum(odds)
        return [*map(MeaningShare, meanings, (each / total for each in odds))]

    def phrase_evidence(
        self, matches: Sequence[Match[Entry]], followed: Followed | None
    ) -> Mapping[str, float]:
        """Return concept -> what the phrases say for it."""
        of_kind = {
            Kind.EMERGENCY: self.weights.emergency,
            Kind.TOPIC: self.weights.topic,
            Kind.HARMLESS: self.weights.harmless,
        }
        found: dict[str, float] = {}
        sure = [match.value.concept for match in matches if match.phrase_size >= _NAMING]
        if any(concept.kind is Kind.EMERGENCY for concept in sure):  # what else is named is a link
            sure = [concept for concept in sure if concept.kind is Kind.EMERGENCY]
        for match in matches:
            concept = match.value.concept
            size = min(match.phrase_size, _LONG) / _LONG
            worth = of_kind.get(concept.kind, 0.0) * size
            worth += self.weights.certain * (concept.is_certain and concept in sure)
            found[concept.id] = max(found.get(concept.id, 0.0), worth)
        if followed:
            name, worth = followed.concept.id, self.weights.best
            found[name] = found.get(name, 0.0) + worth + self.weights.cover * followed.cover
        return found


def _is_worth_showing(code: str, share: float) -> bool:
    return code != MENU and share >= (_SURE if code in ACTS else _LIKELY)


def _without_codes(
    found: Iterable[MeaningShare], excluded: Container[str]
) -> Iterator[MeaningShare]:
    """Yield the shares of meanings without some screens, or of the next good screen of each."""
    kept = []
    for meaning, share in found:
        codes = (code for code in (meaning.code, *meaning.also) if code not in excluded)
        if (code := next(codes, None)) is not None:
            kept.append(MeaningShare(meaning._replace(code=code), share))
    total = sum(share for _, share in kept)
    return (MeaningShare(meaning, share / total) for meaning, share in kept)


def _names_topic(match: Match[Entry]) -> bool:
    """Return whether a phrase is long enough to name a topic beside another one."""
    kinds = (Kind.EMERGENCY, Kind.TOPIC)
    return match.value.concept.kind in kinds and match.phrase_size >= _NAMING


def gives_way(meaning: Concept, matches: Iterable[Match[Entry]]) -> bool:
    """Return whether a text names more than a meaning that is said beside others."""
    least = 1 if meaning.kind is Kind.HARMLESS else _NAMING
    others = (row.value.concept for row in matches if row.phrase_size >= least)
    topics = (row for row in others if row.kind in (Kind.EMERGENCY, Kind.TOPIC))
    return meaning.is_aside and any(not row.is_aside for row in topics)


def _certain_emergency(concepts: Iterable[Concept]) -> str:
    """Return the code of the emergency that the text names plainly; empty if there is none."""
    found = [row for row in concepts if row.is_certain and row.kind is Kind.EMERGENCY]
    return min(found, key=lambda concept: concept.position).code if found else ""


def _wrong_beside(code: str, row: MeaningShare) -> tuple[str, ...]:
    """Return the codes that are wrong beside a screen, for a meaning that may have led there."""
    return row.meaning.never if row.meaning.code == code and row.share >= _LIKELY else ()


def _danger_first(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(codes, key=DANGER.__ne__))
