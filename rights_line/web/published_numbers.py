"""The number and the code on pages and cards, and the channels that answer them."""

from collections.abc import Collection, Iterator, Mapping

from rights_line.errors import Problem

TEXTS, DIALS = ("twilio_sms", "kannel_sms"), ("africastalking_ussd",)
# variable -> (gateways that answer, what people do with it, how somebody finds out)
SHOWN = {
    "RIGHTS_LINE_NUMBER": (TEXTS, "text", "text it from a phone of your own"),
    "RIGHTS_LINE_USSD": (DIALS, "dial", "dial it on a phone of your own"),
}


def unanswered(environ: Mapping[str, str], channels: Collection[str]) -> Iterator[Problem]:
    """Yield a fault for each number on pages and cards that no configured channel answers."""
    for name, (takers, verb, _) in SHOWN.items():
        if environ.get(name) and not set(takers) & set(channels):
            problem = f"pages and cards tell people to {verb} it, and no configured channel answers"
            yield Problem(name, problem, f"Remove it, or add {' or '.join(takers)} to CHANNELS")
