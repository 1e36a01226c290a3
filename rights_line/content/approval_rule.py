"""The rule of approval (design D7), and what it says of each language.

English is approved by a practitioner and a lawyer. Any other language is approved by a native
reader, and counts as approved only while English does.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rights_line.content.approvals import LAWYER, NATIVE_READER, PRACTITIONER, fingerprint
from rights_line.content.languages import SOURCE, LanguageSource
from rights_line.content.screen_tree import MessageKey
from rights_line.content.source import SourceString
from rights_line.errors import Problem

# How many msgctxts a message names before it refers to `rights-line status`.
_NAMED = 3


@dataclass(frozen=True)
class Review:
    """Which strings of one language are approved.

    Attributes:
        required: the strings that must be approved.
        lacking: those of them that are not.
        changed: those of `lacking` with a msgctxt of which an earlier version was approved.
        was_complete: whether every string is approved, or was at one time.
    """

    required: tuple[SourceString, ...]
    lacking: tuple[SourceString, ...]
    changed: tuple[SourceString, ...]
    was_complete: bool

    @property
    def is_complete(self) -> bool:
        return not self.lacking

    @property
    def lost(self) -> tuple[SourceString, ...]:
        """Return the strings by which something that was approved is not approved any more."""
        return self.lacking if self.was_complete else self.changed


def needed_roles(tag: str) -> tuple[str, ...]:
    """Return the roles that must each have approved a string of a language."""
    return (PRACTITIONER, LAWYER) if tag == SOURCE else (NATIVE_READER,)


def missing_roles(tongue: LanguageSource, text: SourceString) -> list[str]:
    """Return the roles that have not approved a text as it is said in a language now."""
    said = tongue.translate(text.context, text.message)
    given = set() if said is None else tongue.approvals.roles(fingerprint(text, said))
    return [role for role in needed_roles(tongue.language.tag) if role not in given]


def review(
    tongue: LanguageSource, texts: Sequence[SourceString], card: Collection[MessageKey]
) -> Review:
    """Return which strings of a language are approved; `card`: what a card language must have."""
    required = tuple(text for text in texts if _is_required(tongue, text, card))
    was_complete = tongue.approvals.complete is not None
    if not tongue.approvals.readings:
        return Review(required, required, (), was_complete)
    lacking = tuple(text for text in required if missing_roles(tongue, text))
    earlier = _earlier(tongue, texts) if lacking else set()
    changed = tuple(text for text in lacking if text.context in earlier)
    return Review(required, lacking, changed, was_complete or changed == lacking)


def is_approved(tag: str, reviews: Mapping[str, Review]) -> bool:
    """Tell whether a language is approved, and English with it."""
    return reviews[tag].is_complete and reviews[SOURCE].is_complete


def is_lost(tag: str, reviews: Mapping[str, Review]) -> bool:
    """Tell whether a language was approved at one time and is not any more."""
    was_approved = reviews[tag].was_complete and reviews[SOURCE].was_complete
    return was_approved and not is_approved(tag, reviews)


def lost_faults(tags: Iterable[str], reviews: Mapping[str, Review]) -> Iterator[Problem]:
    """Yield a fault for each of some languages that lost its approval."""
    for tag in tags:
        own = reviews[tag]
        if not is_lost(tag, reviews):
            continue
        if own.is_complete:
            problem = "is not approved any more, because English is not"
            yield Problem(f"language {tag}", problem, f"Run: rights-line status {SOURCE}")
        else:
            count = f"{len(own.lost)} of {len(own.required)} strings changed or are new"
            problem = f"is not approved any more, {count}: {_contexts(own.lost)}"
            yield Problem(f"language {tag}", problem, f"Run: rights-line status {tag}")


def _is_required(tongue: LanguageSource, text: SourceString, card: Collection[MessageKey]) -> bool:
    """Tell whether a string must be approved: a card language says in English what it lacks."""
    key = (text.context, text.message)
    return tongue.has_texts and (
        tongue.texts == "full" or key in card or tongue.translate(*key) is not None
    )


def _earlier(tongue: LanguageSource, texts: Sequence[SourceString]) -> set[str]:
    """Return the msgctxts with an approved string that is not said any more."""
    said = ((text, tongue.translate(text.context, text.message)) for text in texts)
    current = {fingerprint(text, string) for text, string in said if string is not None}
    needed = set(needed_roles(tongue.language.tag))
    return {
        reading["msgctxt"]
        for key, readings in tongue.approvals.readings.items()
        if key not in current and needed <= tongue.approvals.roles(key)
        for reading in readings
        if "msgctxt" in reading
    }


def _contexts(texts: Sequence[SourceString]) -> str:
    contexts = list(dict.fromkeys(text.context for text in texts))
    more = len(contexts) - _NAMED
    named = ", ".join(contexts[:_NAMED])
    return f"{named} and {more} more" if more > 0 else named
