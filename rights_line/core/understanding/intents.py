"""What a text may mean."""

from dataclasses import dataclass

from rights_line.core.library import CLOSE, LANGUAGES, MENU


@dataclass(frozen=True)
class OptOut:
    """The provider's own word: forget, and say nothing."""


@dataclass(frozen=True)
class AutoReply:
    """Written by a phone or a machine: nobody waits for an answer."""


@dataclass(frozen=True)
class EndSession:
    """00: forget, and say something bland."""


@dataclass(frozen=True)
class ShowStart:
    """The menu of her language; the start screen where none is chosen."""


@dataclass(frozen=True)
class ListLanguages:
    """The start screen, from where a number picks a language."""


@dataclass(frozen=True)
class ShowScreen:
    """One screen, in one language."""

    language: str
    code: str


@dataclass(frozen=True)
class Helpline:
    """A helpline whose own number was sent; it chooses no language."""

    code: str


@dataclass(frozen=True)
class AskLanguage:
    """A word, or only the script, of several languages: which one?"""

    languages: tuple[str, ...]
    by_script: bool = False


@dataclass(frozen=True)
class NotUnderstood:
    """None of these."""


Intent = (
    OptOut
    | AutoReply
    | EndSession
    | ShowStart
    | ListLanguages
    | ShowScreen
    | Helpline
    | AskLanguage
    | NotUnderstood
)


def intent_for_code(code: str | None, language: str | None) -> Intent:
    """Return what a code means in a language, or where none is chosen."""
    if code == CLOSE:
        return EndSession()
    if code == LANGUAGES:
        return ListLanguages()
    if code == MENU or language is None:
        return ShowStart() if language is None else ShowScreen(language, MENU)
    return ShowScreen(language, code) if code else NotUnderstood()
