"""Words that SMS providers act on, and words too similar to them."""

from collections.abc import Collection

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Opt-out words of providers (twilio.com/docs/messaging/tutorials/advanced-opt-out, and STOPP in
# Norway). We obey them if they reach us, and never ask a sender to write one.
OPT_OUT = frozenset(
    "stop stopp stopall unsubscribe end quit cancel revoke optout arret td стоп".split()  # noqa: SIM905
)
YES = "yes"  # subscribes at the provider; in a session it is an answer, too
OTHER_RESERVED = frozenset(["help", "info", "start", YES, "unstop"])
_RESERVED = OPT_OUT | OTHER_RESERVED


def _by_length(words: Collection[str]) -> dict[int, list[str]]:
    """Return length -> the words of that length or one letter more or less.

    They are sorted, so that a message always names the same one.
    """
    lengths = range(max(map(len, words)) + 2)
    return {
        length: sorted(word for word in words if abs(len(word) - length) <= 1) for length in lengths
    }


_SIMILAR = _by_length(_RESERVED)
_SIMILAR_OPT_OUT = _by_length(OPT_OUT)


def reason(word: str, leads_home: bool = False) -> str:
    """Return why a normalised word must not be used as a keyword; empty if it may be.

    A word one letter from a reserved word is rejected, since a typing error would give the
    reserved word. A word that leads to the menu (`leads_home`) may be one letter from HELP, as
    "hjelp" is, because HELP leads there too.
    """
    if word in _RESERVED:
        return "is a reserved word"
    similar = (_SIMILAR_OPT_OUT if leads_home else _SIMILAR).get(len(word))
    near = similar and process.extractOne(word, similar, scorer=OSA.distance, score_cutoff=1)
    return f"is one letter from the reserved word {near[0]}" if near else ""
