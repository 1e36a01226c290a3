"""Weigh what the sentence model and the phrases of a text say, into a share for each meaning."""

from collections.abc import Iterable, Mapping, Sequence
from math import exp, log
from typing import NamedTuple

from rights_line.core import ACTS
from rights_line.core.understanding.words.tables import Match
from rights_line.core.understanding.words.vocabulary import Concept, Entry, Kind

SURE = 0.6  # share from which a text means a screen; as an act no more, unlike "yes, we fear him"
NAMING = 2  # words of a phrase that names a topic by itself ...
_NAMING_LETTERS = 10  # ... or its letters: "kitoloncolnak" is "they will deport me"
_FLOOR = 0.24  # spread over the probabilities of the model: phrases may outweigh what it excludes
_LONG = 8  # words from which a longer phrase counts no more


class Weights(NamedTuple):
    """How much each piece of evidence counts, in natural logarithms of odds."""

    model: float  # the logarithm of the model's probability
    emergency: float  # the longest phrase of a concept of that kind, for each word
    topic: float  # the same
    harmless: float  # the same
    best: float  # the phrase that the rules alone would follow ...
    cover: float  # ... more, the larger the share of the text that it covers
    certain: float  # a phrase of a concept that is marked so


class Followed(NamedTuple):
    """The phrase that the rules alone would follow, and the share of the text that it covers."""

    concept: Concept
    cover: float


class MeaningShare(NamedTuple):
    """The share of one meaning."""

    meaning: Concept
    share: float


def meaning_shares(
    probabilities: Sequence[float],
    meanings: Iterable[Concept],
    evidence: Mapping[str, float],
    weight: float,
) -> list[MeaningShare]:
    """Return the share of each meaning.

    Args:
        probabilities: of the meanings that the model has learnt, which are the first ones.
        meanings: those, and others for which phrases alone speak.
        evidence: concept -> what the phrases say for it.
        weight: of the model.
    """
    floor = _FLOOR / len(probabilities)
    rows = [*meanings]
    likelihoods = [*probabilities, *[0.0] * (len(rows) - len(probabilities))]
    scores = [
        weight * log(likelihood + floor) + evidence.get(meaning.id, 0.0)
        for likelihood, meaning in zip(likelihoods, rows, strict=True)
    ]
    highest = max(scores)
    odds = [exp(score - highest) for score in scores]
    total = sum(odds)
    return [*map(MeaningShare, rows, (each / total for each in odds))]


def phrase_evidence(
    matches: Sequence[Match[Entry]], followed: Followed | None, weights: Weights
) -> Mapping[str, float]:
    """Return concept -> what the phrases say for it."""
    of_kind = {
        Kind.EMERGENCY: weights.emergency,
        Kind.TOPIC: weights.topic,
        Kind.HARMLESS: weights.harmless,
    }
    certain = _certain_concepts(matches)
    found: dict[str, float] = {}
    for match in matches:
        concept = match.value.concept
        size = min(match.size, _LONG) / _LONG
        kind = Kind.TOPIC if concept.is_call else concept.kind
        worth = of_kind.get(kind, 0.0) * size + weights.certain * (concept.id in certain)
        found[concept.id] = max(found.get(concept.id, 0.0), worth)
    if followed:
        name, worth = followed.concept.id, weights.best + weights.cover * followed.cover
        found[name] = found.get(name, 0.0) + worth
    return found


def _certain_concepts(matches: Iterable[Match[Entry]]) -> set[str]:
    """Return the concepts that a text names plainly; beside an emergency no others."""
    named = [match.value.concept for match in matches if _names(match)]
    urgent = [concept for concept in named if concept.kind is Kind.EMERGENCY]
    return {concept.id for concept in urgent or named if concept.is_certain}


def _names(match: Match[Entry]) -> bool:
    return match.size >= NAMING or len(match.phrase) >= _NAMING_LETTERS


def named_needs(matches: Iterable[Match[Entry]]) -> list[Concept]:
    """Return the needs of which a phrase is long enough to name them beside others."""
    named = (match.value.concept for match in matches if _names(match))
    return [concept for concept in named if concept.is_need]


def gives_way(meaning: Concept, matches: Iterable[Match[Entry]]) -> bool:
    """Return whether a text names more than a meaning that is said beside others, or an act.

    An act that calls for a screen gives way to an emergency: "he beats me, where do I report it".
    """
    least = 1 if meaning.kind is Kind.HARMLESS else NAMING
    others = (row.value.concept for row in matches if row.size >= least)  # lazy: most are not asked
    if meaning.is_aside or meaning.code in ACTS:
        return any((row.is_need or row.is_call) and not row.is_aside for row in others)
    return meaning.is_call and any(row.kind is Kind.EMERGENCY for row in others)


def certain_emergency(concepts: Iterable[Concept]) -> str:
    """Return the code of the emergency that a text names plainly; empty if there is none."""
    found = [row for row in concepts if row.is_certain and row.kind is Kind.EMERGENCY]
    return min(found, key=lambda concept: concept.position).code if found else ""
