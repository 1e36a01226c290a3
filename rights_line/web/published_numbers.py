"""The phone number and USSD code on pages and cards, and the channels that answer them."""

from collections.abc import Collection, Iterator, Mapping

from rights_line.channels import ordered_channels
from rights_line.errors import Problem

# variable -> (what people do with the number, how the operator can test it)
PUBLISHED = {
    "RIGHTS_LINE_NUMBER": ("text", "text it from a phone of your own"),
    "RIGHTS_LINE_USSD": ("dial", "dial it on a phone of your own"),
}


def answering(variable: str) -> list[str]:
    """Return the names of the channels that can answer a published number."""
    return [name for name, kind in ordered_channels() if kind.published_as == variable]


def unanswered(environ: Mapping[str, str], channels: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each published number that no configured channel answers."""
    for name, (verb, _) in PUBLISHED.items():
        candidates = answering(name)
        if environ.get(name) and not set(candidates) & set(channels):
            summary = f"pages and cards tell people to {verb} it, but no configured channel answers"
            yield Problem(name, summary, f"Remove it, or add {' or '.join(candidates)} to CHANNELS")
