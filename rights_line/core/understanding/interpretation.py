"""An intent with the evidence for it, and the message that a step interprets."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from rights_line.core.library import Library
from rights_line.core.understanding.intents import Intent
from rights_line.core.understanding.language_model import Vote, is_known, leaders
from rights_line.core.understanding.phrases import Match
from rights_line.core.understanding.scripts import dominant_script
from rights_line.core.vocabulary import Entry


class Interpretation(NamedTuple):
    """The intent of a text, and why (`rights-line explain`).

    Attributes:
        intent: what the sender wants.
        because: the reason, a sentence.
        matched: the phrases that led there, as words.yaml has them after normalisation.
        is_emergency: whether an emergency phrase led there.
        is_code: whether the text is nothing but codes, or a language word and a code.
        has_head: whether the reply begins with the line of helplines (docs/design.md, D19).
    """

    intent: Intent
    because: str
    matched: tuple[str, ...] = ()
    is_emergency: bool = False
    is_code: bool = False
    has_head: bool = False


@dataclass(frozen=True)
class Message:
    """A text to interpret in a session.

    Attributes:
        words: the text, normalised.
        tag: a language, `?` or None.
        library: all texts.
    """

    words: str = field(repr=False)
    tag: str | None
    library: Library

    @cached_property
    def matches(self) -> list[Match[Entry]]:
        """The known phrases of the text."""
        return self.library.vocabulary.phrases.find(self.words)

    @cached_property
    def likely_languages(self) -> tuple[Vote, ...]:
        """The votes of the languages that the text may be in, best first; empty if unknown.

        In a script other than Latin, which few languages share, one known word is enough.
        """
        phrases = [tag for match in self.matches for tag in match.value.languages]
        phrases += [self.chosen] * 2 if self.chosen else []
        votes = self.library.vocabulary.language_model.votes(self.words, phrases)
        if not self.script_languages and not is_known(votes, self.words):
            return ()
        return tuple(vote for vote in leaders(votes) if not self._borrows(vote, votes[0]))

    def _borrows(self, vote: Vote, best: Vote) -> bool:
        """Return whether a language has its words from the best one, as Pidgin from English."""
        return best.language in self.library.languages[vote.language].borrows

    @cached_property
    def script_languages(self) -> tuple[str, ...]:
        """The languages of the script of the text; empty for Latin and for unknown scripts."""
        scripts = self.library.vocabulary.scripts
        script = dominant_script(self.words, scripts)
        return scripts[script] if script else ()

    @property
    def chosen(self) -> str | None:
        """The language of the session, if one was chosen."""
        return self.tag if self.tag in self.library.editions else None
