"""How a text is understood: from the text to an intent, with the evidence for it.

Start with interpret.py. Here are the intents alone, since the library holds types of the modules.
"""

from collections.abc import Container
from dataclasses import dataclass
from typing import NamedTuple

from rights_line.core import CLOSE, LANGUAGES, MENU, OTHER_LANGUAGES
from rights_line.core.understanding.choice import Share
from rights_line.core.understanding.evidence import SURE


@dataclass(frozen=True)
class OptOut:
    """An opt-out word of the provider: delete the session, and send no reply."""


@dataclass(frozen=True)
class AutoReply:
    """A text written by a phone or a machine: send no reply."""


@dataclass(frozen=True)
class EndSession:
    """Code 00: delete the session, and send a neutral reply."""


@dataclass(frozen=True)
class ShowStart:
    """The menu of the chosen language, or the start screen before one is chosen.

    `code` is the code that was sent before a language was chosen, or empty.
    """

    code: str = ""
    is_repeated: bool = False  # whether it was sent twice in a row


@dataclass(frozen=True)
class AskToWrite:
    """A second text without content before a language is chosen: ask what happened."""


@dataclass(frozen=True)
class ListLanguages:
    """Code 99 or 990: the list of languages, or its rest; the next number picks one."""

    is_rest: bool = False
    script: str = ""  # of the session's language; languages of this script come first


@dataclass(frozen=True)
class ShowScreen:
    """One screen, in one language."""

    language: str
    code: str
    other_language: str = ""  # a close language of the text, which the last line offers, or empty
    offered: tuple[str, ...] = ()  # codes that its first links lead to
    is_list: bool = False  # whether it is a list of `offered` instead of the menu


@dataclass(frozen=True)
class Helpline:
    """A helpline whose phone number was sent; the session keeps its language."""

    code: str


@dataclass(frozen=True)
class AskLanguage:
    """A text that may be in several languages: ask which one to use."""

    languages: tuple[str, ...]  # tags of the languages to choose from
    by_script: bool = False  # whether all of them use one script other than Latin
    code: str = MENU  # the code of the screen that the text asks for
    by_word: bool = False  # in a session, in which a number is a code


@dataclass(frozen=True)
class NotUnderstood:
    """A text without any of the meanings above."""


Intent = (
    OptOut
    | AutoReply
    | EndSession
    | ShowStart
    | AskToWrite
    | ListLanguages
    | ShowScreen
    | Helpline
    | AskLanguage
    | NotUnderstood
)


def intent_for_code(code: str | None, language: str | None) -> Intent:
    """Return the intent of a code; `language` is None before one is chosen."""
    if code == CLOSE:
        return EndSession()
    if code in (LANGUAGES, OTHER_LANGUAGES):
        return ListLanguages(is_rest=code == OTHER_LANGUAGES)
    if language is None:
        return ShowStart("" if code in (None, MENU) else code)
    return ShowScreen(language, code) if code else NotUnderstood()


class Interpretation(NamedTuple):
    """The intent of a text, and why (`rights-line explain`)."""

    intent: Intent
    reason: str  # a sentence
    matched: tuple[str, ...] = ()  # the phrases that led there, normalised as in words.yaml
    is_emergency: bool = False  # whether an emergency led there
    shares: tuple[Share, ...] = ()  # the screens that a sentence may mean, the likeliest first
    has_head: bool = True  # the reply begins with the line of helplines (docs/design.md, D19)

    @property
    def is_guess(self) -> bool:
        """Whether no phrase led to the screen, and the text may mean much else."""
        code = self.intent.code if isinstance(self.intent, ShowScreen) else ""
        return not any(self.matched) and dict(self.shares).get(code, 1) < SURE

    def share_of(self, codes: Container[str]) -> float:
        """Return the share of some screens together."""
        return sum(row.share for row in self.shares if row.code in codes)
