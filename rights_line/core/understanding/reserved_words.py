"""Words that SMS providers act on, and words too similar to them."""

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Opt-out words of providers (twilio.com/docs/messaging/tutorials/advanced-opt-out, and STOPP in
# Norway). We obey them if they reach us, and never ask a sender to write one.
OPT_OUT = frozenset(
    "stop stopp stopall unsubscribe end quit cancel revoke optout arret td стоп".split()  # noqa: SIM905
)
OTHER_RESERVED = frozenset(["help", "info", "start", "yes", "unstop"])
# Sorted, so that a message always names the same one.
_OPT_OUT = sorted(OPT_OUT)
_RESERVED = sorted(OPT_OUT | OTHER_RESERVED)
_LONGEST = max(map(len, _RESERVED))


def reserved_reason(word: str, leads_home: bool = False) -> str:
    """Return why a normalised word must not be used as a keyword; empty if it may be.

    A word one letter from a reserved word is rejected, since a typing error would give the
    reserved word. A word that leads to the menu (`leads_home`) may be one letter from HELP, as
    "hjelp" is, because HELP leads there too.
    """
    if len(word) > _LONGEST + 1:
        return ""
    if word in _RESERVED:
        return "is a reserved word"
    reserved = _OPT_OUT if leads_home else _RESERVED
    near = process.extractOne(word, reserved, scorer=OSA.distance, score_cutoff=1)
    return f"is one letter from the reserved word {near[0]}" if near else ""
