"""Choose the reply of least expected cost to a sentence.

Its meanings have shares (`evidence`); a wrong screen has a cost, and an unsure reply offers other
topics (`choice`). The numbers stand in content/decision.yaml.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rights_line.core import ACTS, DANGER, MENU
from rights_line.core.understanding.choice import (
    LIKELY,
    WORTH_A_LINE,
    Choice,
    Costs,
    Unsure,
    is_topic,
    is_worth_showing,
    needs_nothing,
    rescaled,
    shares_of,
    without_codes,
)
from rights_line.core.understanding.evidence import (
    NAMING,
    Followed,
    MeaningShare,
    Weights,
    certain_emergency,
    gives_way,
    meaning_shares,
    named_needs,
    phrase_evidence,
)
from rights_line.core.understanding.sentence_model import (
    SentenceModel,
    read_probabilities,
)
from rights_line.core.understanding.words.tables import Match
from rights_line.core.understanding.words.vocabulary import Concept, Entry, Kind

# Probability from which danger is at least a link. Of the dev writers, 16 of 1,096 emergencies get
# it by this, and 25 of 3,602 others.
MAY_BE_DANGER = 0.06
_SHORT = 12  # words; a longer text may tell a story
# Share of a topic from which the model beats the phrase of another one. Of the dev writers, 83 % of
# the texts get their own screen by this and by `_sure_meanings`, instead of 81 %.
_SURE = 0.8
_LITTLE = 0.4  # share of a text that such a phrase covers at most


@dataclass(frozen=True)
class SentenceReader:
    """Reads sentences."""

    model: SentenceModel  # gives each label a probability
    meanings: Sequence[Concept]  # of each label of the model, then those without one
    weights: Weights  # of the evidence
    costs: Costs  # of wrong replies
    unsure: Unsure  # when to offer other screens
    topics: Mapping[str, str]  # code of a sub-screen -> code of its topic, whose title is offered
    minors: frozenset[str] = frozenset()  # codes of the screens for minors

    def choose(
        self,
        sentence: str,
        matches: Sequence[Match[Entry]],
        followed: Followed | None,
        excluded: Iterable[str] = (),
    ) -> Choice:
        """Choose the reply to a sentence as the sender wrote it, with the phrases in it.

        `excluded` are codes that cannot be meant.
        """
        probabilities = read_probabilities(self.model, sentence)
        found = self.weigh(probabilities, matches, followed)
        sure = self._sure_meanings(probabilities)
        found = [
            row for row in found if row.meaning.id in sure or not gives_way(row.meaning, matches)
        ]
        concepts = [row.value.concept for row in matches]
        wrong = {*excluded}.union(*(row.never for row in concepts))
        shown = without_codes(found, wrong)
        named = named_needs(matches)
        choice = self._choose_urgent(shown, named, certain_emergency(concepts))
        choice = self._deepen(choice, shown, matches)
        if sentence.count(" ") < _SHORT:
            choice = self._ask_beside_emergency(choice, named)
        beside = [row.code for row in named if row.is_aside or not choice.asks]
        if self._may_be_danger(probabilities, concepts):
            beside.append(DANGER)
        choice = choice.offering(beside, self.topics)
        likely = (row.meaning for row in found if row.share >= LIKELY)
        wrong.update(*(row.never for row in likely if row.code == choice.code))
        offered = tuple(code for code in choice.offered if code not in wrong)
        return choice._replace(offered=offered, needs_nothing=needs_nothing(found))

    def weigh(
        self,
        probabilities: Sequence[float],
        matches: Sequence[Match[Entry]],
        followed: Followed | None,
    ) -> list[MeaningShare]:
        """Return the share of each meaning, given the model's probabilities and the phrases.

        A meaning that the model has not learnt is left out without a phrase, so that new topics
        neither slow down a sentence nor change what others mean.
        """
        firm = self._unless_sure(probabilities, followed)
        evidence = phrase_evidence(matches, firm, self.weights)
        learnt = self.meanings[: len(probabilities)]
        unlearnt = filter(None, map(self._without_label.get, evidence))
        return meaning_shares(probabilities, (*learnt, *unlearnt), evidence, self.weights.model)

    def _sure_meanings(self, probabilities: Iterable[float]) -> frozenset[str]:
        """Return the id of the meaning, other than an act, of which the model is sure, if any.

        It gives way to nothing that a text names.
        """
        rows = zip(self.meanings, probabilities, strict=False)
        return frozenset(row.id for row, share in rows if share >= _SURE and row.code not in ACTS)

    def _unless_sure(
        self, probabilities: Iterable[float], followed: Followed | None
    ) -> Followed | None:
        """Return the phrase to follow; None if it is short and the model is sure of another topic.

        "The boss has my papers" names papers, and means that they are kept. Only an emergency
        beats a phrase that names the thing: "a job was promised, and it is a brothel". A meaning
        that the model has not learnt has nothing but its phrase.
        """
        if followed is None or followed.cover >= _LITTLE:
            return followed
        concept = followed.concept
        if concept.kind is Kind.EMERGENCY or concept.id in self._without_label:
            return followed
        code, share = shares_of(map(MeaningShare, self.meanings, probabilities))[0]
        if share < _SURE or code == concept.code or not is_topic(code):
            return followed
        return followed if concept.is_certain and code not in self._urgent_codes else None

    def choose_screen(self, found: Sequence[MeaningShare], certain: str = "") -> Choice:
        """Return the screen of least expected cost, given the shares of meanings.

        `certain` is the code of an emergency that the text names.
        """
        shares = shares_of(found)
        codes = [MENU, *(code for code, share in shares if is_worth_showing(code, share))]
        likely = [(meaning, share) for meaning, share in found if share >= LIKELY / 10]

        def expected_cost(code: str) -> float:
            return sum(share * self.cost(code, meaning) for meaning, share in likely)

        code = certain or min(codes, key=expected_cost)
        cost = 0.0 if certain else expected_cost(code)
        # A menu stays where it, or an answer, is likeliest: it names more topics than a list.
        is_guess = code == DANGER or (code == MENU and shares[0].code not in (MENU, *ACTS))
        asks = is_guess and cost > self.unsure.ask
        least = WORTH_A_LINE if cost > self.unsure.offer else self.unsure.second
        others = (row.code for row in shares if row.share >= least and is_topic(row.code))
        return Choice(code, shares, asks=asks).offering(others, self.topics)

    def _choose_urgent(
        self, found: Sequence[MeaningShare], named: Sequence[Concept], certain: str
    ) -> Choice:
        """Choose a screen; a topic named beside an emergency does not make the reply a list.

        "He beats me and keeps my passport" means both. Danger may be only the compromise between
        the doctor, whom a text names, and other screens.
        """
        choice = self.choose_screen(found, certain)
        likeliest = choice.shares[0].code
        urgent = {row.code for row in named if row.kind is Kind.EMERGENCY}
        if choice.asks and likeliest in urgent - {DANGER}:
            return choice._replace(code=likeliest, asks=False)
        beside = {row.id for row in named if row.kind is Kind.TOPIC}
        others = [row for row in found if row.meaning.id not in beside]
        if choice.asks and urgent and len(others) < len(found):
            other = self.choose_screen(rescaled(others))
            if other.code in self._urgent_codes and not other.asks:
                return other._replace(shares=choice.shares)
        return choice

    def _deepen(
        self, choice: Choice, found: Iterable[MeaningShare], matches: Iterable[Match[Entry]]
    ) -> Choice:
        """Show the sub-screen of a topic that an act in the text names, if it is as good.

        "He does not pay, where can I complain" asks who checks employers.
        """
        likeliest = max(found, key=lambda row: row.share).meaning
        acts = [row.value.concept for row in matches if row.size >= NAMING]
        deeper = [row.code for row in acts if row.kind is Kind.ACT and row.code in likeliest.also]
        deeper = [code for code in deeper if self.topics.get(code) == choice.code]
        return choice._replace(code=deeper[0]) if deeper and not choice.asks else choice

    def _ask_beside_emergency(self, choice: Choice, named: Sequence[Concept]) -> Choice:
        """Put a list, danger first, in place of a topic beside a danger that a text names.

        A story may tell of dangers that are over, or that somebody denies.
        """
        urgent = [row for row in named if row.kind is Kind.EMERGENCY]
        good = self._urgent_codes.union(*(row.also for row in urgent))
        if not urgent or choice.asks or not is_topic(choice.code) or choice.code in good:
            return choice
        return choice._replace(asks=True).offering((urgent[0].code, choice.code), self.topics)

    def _may_be_danger(self, probabilities: Sequence[float], named: Iterable[Concept]) -> bool:
        """Return whether the model takes a text for danger, or a word of it says so."""
        rows = zip(probabilities, self.meanings, strict=False)
        share = sum(share for share, row in rows if row.code == DANGER)
        return share >= MAY_BE_DANGER or any(row.code == DANGER for row in named)

    def cost(self, code: str, meaning: Concept) -> float:
        """Return the cost of showing a screen to a sender who means something."""
        return self.costs.of_screen(code, meaning, self._urgent_codes, self.minors)

    @cached_property
    def _urgent_codes(self) -> frozenset[str]:
        """The codes of the screens for emergencies."""
        return frozenset(row.code for row in self.meanings if row.kind is Kind.EMERGENCY)

    @cached_property
    def _without_label(self) -> Mapping[str, Concept]:
        """The meanings that the model has not learnt, by their ids."""
        return {meaning.id: meaning for meaning in self.meanings[len(self.model.labels) :]}
