"""The phone number and USSD code on pages and cards, and the channels that answer them."""

from collections.abc import Collection, Iterator, Mapping

from rights_line.errors import Problem

_SMS, _USSD = ("twilio_sms", "kannel_sms"), ("africastalking_ussd",)
# variable -> (channels that can answer, what people do with it, how the operator can test it)
PUBLISHED = {
    "RIGHTS_LINE_NUMBER": (_SMS, "text", "text it from a phone of your own"),
    "RIGHTS_LINE_USSD": (_USSD, "dial", "dial it on a phone of your own"),
}


def unanswered(environ: Mapping[str, str], channels: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each published number that no configured channel answers."""
    for name, (candidates, verb, _) in PUBLISHED.items():
        if environ.get(name) and not set(candidates) & set(channels):
            summary = f"pages and cards tell people to {verb} it, but no configured channel answers"
            yield Problem(name, summary, f"Remove it, or add {' or '.join(candidates)} to CHANNELS")
