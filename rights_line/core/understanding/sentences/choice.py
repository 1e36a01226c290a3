"""What a wrong reply costs, and what an unsure one offers (docs/adr/0023)."""

from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from rights_line.core.fixed_codes import DANGER, MENU
from rights_line.core.understanding.words.vocabulary import Concept, Kind


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
    second_best: float  # another good screen (`also` in content/concepts.yaml)

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


def offered_topics(
    codes: Iterable[str], topic_of: Mapping[str, str], shown: str
) -> tuple[str, ...]:
    """Return the first topics of some screens, danger first; that of the screen shown stays out.

    Titles of sub-screens say nothing alone, so their topics are offered.
    """
    topics = dict.fromkeys(topic_of.get(code, code) for code in codes)
    topics.pop(topic_of.get(shown, shown), None)
    return tuple(sorted(topics, key=DANGER.__ne__)[:_MOST])
