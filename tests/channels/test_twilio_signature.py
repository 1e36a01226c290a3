"""Twilio's signature, computed as twilio's own validator does."""

import random

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from rights_line.channels._twilio import is_twilio_signature
from tests.support.twilio_phone import PATH, TOKEN

REQUESTS = 10_000
HOSTS = ("https://line.example.org", "http://line.example.org", "https://u:p@line.example.org")
PORTS = ("", "", "", ":443", ":80", ":8443", ":99999", ":")
ENDS = ("", "", "", "?a=b", "?", "?a#", "#", ";", ";a", "?a=%C3%A5", " ", "\n", "?é", "//", "/[")
NAMES = ("Body", "From", "To", "body", "B", "Bo", "", "Bodyz", "Å")
VALUES = ("", "hei", "zzz", "å", "😀", "From", "\x00", "a b", "B", "\ud800")


class Unasked(RequestValidator):  # type: ignore[misc]
    """A validator that must not be asked."""

    def validate(self, *_: object) -> bool:
        raise AssertionError


def random_url(source: random.Random) -> str:
    return f"{source.choice(HOSTS)}{source.choice(PORTS)}{PATH}{source.choice(ENDS)}"


def is_usual(url: str) -> bool:
    return url.endswith((PATH, "?a=b", "%A5"))


def random_form(source: random.Random) -> MultiDict[str, str]:
    """Return a form whose fields may occur several times, in any order."""
    values = VALUES if source.random() < 0.1 else VALUES[:-1]  # the last one cannot be signed
    count = source.randrange(9)
    return MultiDict([(source.choice(NAMES), source.choice(values)) for _ in range(count)])


def test_each_request_is_accepted_or_refused_as_by_the_validator_of_twilio() -> None:
    """Canonical addresses and others, signatures of this request, of a similar one and of none."""
    source, validator = random.Random(28), RequestValidator(TOKEN)
    accepted = refused = 0
    for _ in range(REQUESTS):
        url, form = random_url(source), random_form(source)
        other_url, other_form = random_url(source), random_form(source)
        signed = source.choice([(url, form), (url, form), (other_url, form), (url, other_form)])
        try:
            signature = validator.compute_signature(*signed)
            expected = validator.validate(url, form, signature)
        except ValueError:  # an invalid port, or a letter that UTF-8 does not have
            signature, expected = source.choice([("", False), ("é", False)])
        assert is_twilio_signature(signature, validator, url, form) == expected, (url, form)
        if expected and validator.compute_signature(url, form) == signature and is_usual(url):
            assert is_twilio_signature(signature, Unasked(TOKEN), url, form), (url, form)
        accepted, refused = accepted + expected, refused + (not expected)
    assert min(accepted, refused) >= REQUESTS / 5
