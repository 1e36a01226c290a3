"""What a reply costs if it is wrong, which screens are considered, and what is offered (ADR 23)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from rights_line.core import ACTS, DANGER, MENU
from rights_line.core.understanding.evidence import MeaningShare
from rights_line.core.understanding.words.vocabulary import Concept, Kind

LIKELY = 0.01  # share from which a screen is considered
# The same for an answer without a topic: what is unclear is not taken for thanks. Of six writers
# whom the model had not learnt, 23 % of the acts get their own answer, and 2 of 640 needs get one;
# 0.3 and 0.45 are as good.
_SURE = 0.38
_UNKNOWN = "none"  # the label of what is for somebody else, or means nothing to us


class Costs(NamedTuple):
    """The cost of each wrong reply; the right one costs 0."""

    missed_by_topic: float  # the screen of a topic, in an emergency
    missed_by_menu: float  # the menu, in an emergency
    other_emergency: float  # the doctor's screen instead of the danger screen, or vice versa
    false_alarm: float  # the screen of an emergency, where there is no emergency
    wrong_topic: float  # the screen of another topic
    not_a_minor: float  # the same, and that screen is for minors
    needless_topic: float  # the screen of a topic, where the menu is right
    menu: float  # the menu, where the screen of a topic is right
    second_best: float  # another good screen (`also` in content/concepts.yaml); to an act, the menu

    def of_screen(
        self, code: str, meaning: Concept, urgent: Container[str], minors: Container[str]
    ) -> float:
        """Return the cost of a screen for a sender who means something.

        `urgent` are the codes of the screens for emergencies, `minors` those for minors.
        """
        right = meaning.code or MENU
        if code == right:
            return 0
        if code in meaning.also:
            return self.second_best
        if meaning.kind is Kind.EMERGENCY:
            if code in urgent and code not in meaning.never:
                return self.other_emergency
            return self.missed_by_menu if code == MENU else self.missed_by_topic
        if code in urgent:
            return self.false_alarm
        if right in ACTS and code == MENU:
            return self.second_best
        if right == MENU:
            return self.needless_topic
        if code == MENU:
            return self.menu
        return self.not_a_minor if code in minors else self.wrong_topic


_MOST = 4  # topics
WORTH_A_LINE = 0.03  # share from which an unsure reply offers a topic


class Unsure(NamedTuple):
    """From when a reply offers other screens."""

    ask: float  # expected cost of the danger screen, or of a menu that is not the likeliest
    offer: float  # expected cost of any other screen
    second: float  # share of a second meaning


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
    needs_nothing: bool = False  # whether it most likely says "back", "all is well" or the like

    def offering(self, codes: Iterable[str], topic_of: Mapping[str, str]) -> Choice:
        """Return the choice that offers the topics of some screens first; an answer offers none.

        Titles of sub-screens say nothing alone, so their topics are offered.
        """
        if not self.asks and not is_topic(self.code):
            return self
        topics = dict.fromkeys(topic_of.get(code, code) for code in (*codes, *self.offered))
        if not self.asks:
            topics.pop(topic_of.get(self.code, self.code), None)
        return self._replace(offered=tuple(sorted(topics, key=DANGER.__ne__)[:_MOST]))


def shares_of(found: Iterable[MeaningShare]) -> tuple[Share, ...]:
    screens: dict[str, float] = defaultdict(float)
    for meaning, share in found:
        screens[meaning.code or MENU] += share
    return tuple(Share(*pair) for pair in sorted(screens.items(), key=lambda pair: -pair[1]))


def needs_nothing(found: Iterable[MeaningShare]) -> bool:
    """Return whether the likeliest meaning is an act, or one of which the menu is right."""
    meaning = max(found, key=lambda row: row.share).meaning
    return meaning.code in ("", MENU, *ACTS) and meaning.id != _UNKNOWN


def is_topic(code: str) -> bool:
    return code not in (MENU, *ACTS)


def is_worth_showing(code: str, share: float) -> bool:
    return code != MENU and share >= (_SURE if code in ACTS else LIKELY)


def without_codes(found: Iterable[MeaningShare], excluded: Container[str]) -> list[MeaningShare]:
    """Return the shares of meanings without some screens, or of the next good screen of each."""
    kept = []
    for meaning, share in found:
        codes = (code for code in (meaning.code, *meaning.also) if code not in excluded)
        if (code := next(codes, None)) is not None:
            same = code == meaning.code
            kept.append(MeaningShare(meaning if same else meaning._replace(code=code), share))
    return rescaled(kept)


def rescaled(found: Sequence[MeaningShare]) -> list[MeaningShare]:
    """Return the shares that meanings have without those that were left out."""
    total = sum(row.share for row in found)
    return [MeaningShare(meaning, share / total) for meaning, share in found]
