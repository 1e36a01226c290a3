"""The screens that each label of the model leads to."""

from collections.abc import Iterable

import yaml

from bench.understanding import MENU, URGENT, Goal, goals
from rights_line.core.library import Library
from rights_line.library import ROOT

NO_SCREEN = ""  # of a text that leads nowhere


class Meanings:
    """The labels, and the screen of each.

    Args:
        codes: the codes of the screens that texts may be learnt for.
    """

    def __init__(self, codes: Iterable[str]) -> None:
        self._topics = {
            path.stem: str(yaml.safe_load(path.read_text("utf-8"))["code"])
            for path in (ROOT / "content" / "topics").glob("*.yaml")
        }
        screens = {*codes, *self._topics.values()}
        self._goals = {
            **{code: Goal("everyday", frozenset({code}), code) for code in screens},
            **goals(),
        }

    @classmethod
    def of(cls, library: Library) -> "Meanings":
        """Return the meanings that the screens of a library have, without the helplines."""
        screens = library.editions[library.default].screens
        return cls(code for code in screens if code.isdigit() and code not in library.contact_codes)

    def knows(self, key: str) -> bool:
        """Return whether a key of words.yaml, or a code, is a meaning."""
        return key in self._topics or key in self._goals

    def label(self, key: str) -> str:
        """Return the label of a concept, a topic or a code."""
        label = self._topics.get(key, key)
        if label not in self._goals:
            raise SystemExit(f"A concept must be an id of content/concepts.yaml, got {key!r}.")
        return label

    def goal(self, label: str) -> Goal:
        """Return the screens that a text with this label may lead to."""
        return self._goals[label]

    def screen(self, label: str) -> str:
        """Return the screen that a label leads to."""
        goal = self._goals[label]
        return NO_SCREEN if goal.severity == "harmless" else goal.first

    def is_urgent(self, label: str) -> bool:
        """Return whether a label leads to the screen of an emergency."""
        return self.screen(label) in URGENT

    def is_right(self, screen: str, label: str, also: Iterable[str] = ()) -> bool:
        """Return whether a screen is a good answer to a text with this label."""
        return any(self._is_right(screen, one) for one in (label, *also))

    def _is_right(self, screen: str, label: str) -> bool:
        goal = self._goals[label]
        if goal.severity == "harmless":
            return screen not in URGENT
        return screen in goal.codes or (goal.is_home and screen in (NO_SCREEN, MENU))
