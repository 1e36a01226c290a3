"""Words that are an order to the provider, and what is too near to one."""

from rapidfuzz.distance import OSA

# Words a provider acts on before we see them (twilio.com/docs/messaging/tutorials/advanced-opt-out,
# and STOPP in Norway). They are understood when they arrive; nobody is ever asked to send one.
OPT_OUT = frozenset(
    "stop stopp stopall unsubscribe end quit cancel revoke optout arret td стоп".split()  # noqa: SIM905
)
OTHER_RESERVED = frozenset(["help", "info", "start", "yes", "unstop"])


def reserved_reason(word: str, leads_home: bool = False) -> str:
    """Say why a cleaned word may not be asked for: a slip would be an order to the provider.

    A word that `leads_home` may be one letter from HELP, as "hjelp" is: both get the menu.
    """
    if word in OPT_OUT | OTHER_RESERVED:
        return "is a reserved word"
    feared = OPT_OUT if leads_home else OPT_OUT | OTHER_RESERVED
    near = [other for other in sorted(feared) if OSA.distance(word, other, score_cutoff=1) <= 1]
    return f"is one letter from the reserved word {near[0]}" if near else ""
