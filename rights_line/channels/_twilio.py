"""The signature of Twilio's requests, and the variables of its channels.

The signature covers the configured public URL with the raw path and query: the Host header can be
forged, and Flask's `request.url` decodes what Twilio signed. Twilio concatenates field names and
values without separators, so an attacker can split the fields of a captured request elsewhere. Each
field that the line reads must therefore occur once and match its pattern. An attacker can still cut
the text, append the next field to it, or hide an opt-out; the reply then goes to the attacker.
"""

import re
from collections.abc import Collection, Mapping
from operator import methodcaller
from typing import ClassVar
from urllib.parse import quote
from wsgiref.types import WSGIEnvironment

from twilio.request_validator import RequestValidator
from werkzeug.wrappers import Request

from rights_line.channels._channel import FORM, Channel
from rights_line.errors import Unauthenticated
from rights_line.settings.table import VARIABLES
from rights_line.settings.variable import Variable, variable_list, variable_matches

AUTH_TOKEN = Variable(
    "TWILIO_AUTH_TOKEN",
    "none",
    "Auth token of the account; required for `twilio_sms` and `twilio_voice`, with "
    "`RIGHTS_LINE_PUBLIC_URL`.",
    re.compile(r"[^,\s]").search,
    "must contain a token, got only commas and spaces",
    "Copy it from the first page of Twilio's console",
    is_secret=True,
)
ACCOUNT_SID = Variable(
    "TWILIO_ACCOUNT_SID",
    "any account that signs with the token",
    "Account to answer; `rights-line purge-twilio` and `rights-line doctor` need it.",
    variable_matches("AC[0-9a-f]{32}"),
    "must be AC followed by 32 hex digits",  # not shown: it may be the token, misplaced
    "Copy it from the first page of Twilio's console",
)

# Field names of Twilio are capitalized words, and may go on after an underscore (SipHeader_X-Id).
# A text that is split into fields produces other names.
_NAME = re.compile(r"[A-Z][A-Za-z]+[0-9]*(?:_[\w-]+)?", re.ASCII)


class TwilioChannel(Channel):
    """A channel of Twilio.

    Attributes:
        fields: those that must occur exactly once, and the pattern of each.
        at_most_once: the optional fields that the line reads.
        other_names: accepted field names that do not follow Twilio's usual spelling.
        sid: the account to answer; empty for any.
    """

    required = (AUTH_TOKEN, VARIABLES["RIGHTS_LINE_PUBLIC_URL"])
    optional: ClassVar[tuple[Variable, ...]] = (ACCOUNT_SID,)
    fields: ClassVar[Mapping[str, re.Pattern[str]]]
    at_most_once: ClassVar[Collection[str]] = ()
    other_names: ClassVar[Collection[str]] = ()

    def __init__(self, environ: Mapping[str, str]) -> None:
        # Two while the token is rotated, the new one first.
        self._validators = [*map(RequestValidator, variable_list(environ, AUTH_TOKEN.name))]
        self._public_url = environ["RIGHTS_LINE_PUBLIC_URL"]
        self.sid = environ.get(ACCOUNT_SID.name, "")

    def authenticate(self, request: Request, token: str) -> None:
        """Check that Twilio signed a request, and that the fields the line reads are well-formed.

        Raises:
            Unauthenticated: the signature is wrong, or a field is missing, repeated or malformed.
        """
        if token or request.method != "POST" or request.mimetype != FORM:
            raise Unauthenticated
        form = request.form
        names = (name for name in form if name not in self.other_names)
        is_valid = (
            self._is_signed(request)
            and all(map(_NAME.fullmatch, names))
            and (not self.sid or form.getlist("AccountSid") == [self.sid])
            and all(_is_one(form.getlist(name), pattern) for name, pattern in self.fields.items())
            and all(len(form.getlist(name)) <= 1 for name in self.at_most_once)
        )
        if not is_valid:
            raise Unauthenticated

    def signature(self, path: str, form: Mapping[str, str]) -> str:
        """Return the signature that Twilio would send with a form."""
        signature: str = self._validators[0].compute_signature(self._public_url + path, form)
        return signature

    def _is_signed(self, request: Request) -> bool:
        signature = request.headers.get("X-Twilio-Signature", "")
        target = request_target(request.environ)
        if not target.startswith("/"):  # it would change the host or the port
            return False
        validate = methodcaller("validate", self._public_url + target, request.form, signature)
        try:
            return any(map(validate, self._validators))
        except ValueError:  # an invalid address
            return False


def _is_one(values: list[str], pattern: re.Pattern[str]) -> bool:
    return len(values) == 1 and bool(pattern.fullmatch(values[0]))


def request_target(environ: WSGIEnvironment) -> str:
    """Return path and query as they were sent: REQUEST_URI (waitress), RAW_URI (gunicorn).

    Other servers decode the path. It is encoded again, which is the same for every URL that this
    line has.
    """
    sent: str = environ.get("REQUEST_URI") or environ.get("RAW_URI") or ""
    if sent:
        return sent
    path = quote((environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]).encode("latin-1"))
    query = environ.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path
