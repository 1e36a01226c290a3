"""The topics that a reply offers beside its screen, or in place of one (docs/adr/0023)."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rights_line.core.fixed_codes import DANGER

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
