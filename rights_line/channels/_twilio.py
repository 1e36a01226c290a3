"""The signature of Twilio's requests, and the variables of its channels.

The signature covers the configured public URL with the raw path and query: the Host header can be
forged, and Flask's `request.url` decodes what Twilio signed. Twilio concatenates field names and
values without separators, so an attacker can split the fields of a captured request elsewhere. Each
field that the line reads must therefore occur once and match its pattern. An attacker can still cut
the text, append the next field to it, or hide an opt-out; the reply then goes to the attacker.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from operator import methodcaller
from typing import Self
from urllib.parse import quote
from wsgiref.types import WSGIEnvironment

from twilio.request_validator import RequestValidator
from werkzeug.wrappers import Request

from rights_line.channels._registry import check_channel_variables
from rights_line.channels._sign_of_life import FORM
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
REQUIRED = (AUTH_TOKEN, VARIABLES["RIGHTS_LINE_PUBLIC_URL"])

# Field names of Twilio are capitalized words, and may go on after an underscore (SipHeader_X-Id).
# A text that is split into fields produces other names.
_NAME = re.compile(r"[A-Z][A-Za-z]+[0-9]*(?:_[\w-]+)?", re.ASCII)


@dataclass(frozen=True)
class TwilioSignature:
    """The validators of the auth tokens, the URL that Twilio signs, and the account to answer."""

    validators: tuple[RequestValidator, ...]
    public_url: str
    sid: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], channel: str) -> Self:
        """Read the variables that every Twilio channel requires.

        Raises:
            ConfigurationError: with a problem for each missing or invalid variable.
        """
        check_channel_variables(environ, channel, REQUIRED, (ACCOUNT_SID,))
        # Two while the token is rotated, the new one first.
        tokens = variable_list(environ, AUTH_TOKEN.name)
        validators = tuple(map(RequestValidator, tokens))
        sid = environ.get(ACCOUNT_SID.name, "")
        return cls(validators, environ["RIGHTS_LINE_PUBLIC_URL"], sid)

    def check(
        self,
        request: Request,
        patterns: Mapping[str, re.Pattern[str]],
        other_names: Collection[str] = (),
        at_most_once: Collection[str] = (),
    ) -> None:
        """Check that Twilio signed a request, and that the fields the line reads are well-formed.

        Args:
            request: sent to the webhook.
            patterns: the fields that must occur exactly once, and the pattern of each.
            other_names: accepted field names that do not follow Twilio's usual spelling.
            at_most_once: the optional fields that the line reads.

        Raises:
            Unauthenticated: the signature is wrong, or a field is missing, repeated or malformed.
        """
        if request.method != "POST" or request.mimetype != FORM or not self._is_signed(request):
            raise Unauthenticated
        form = request.form
        if any(name not in other_names for name in form if not _NAME.fullmatch(name)):
            raise Unauthenticated
        if self.sid and form.getlist("AccountSid") != [self.sid]:
            raise Unauthenticated
        for name, pattern in patterns.items():
            values = form.getlist(name)
            if len(values) != 1 or not pattern.fullmatch(values[0]):
                raise Unauthenticated
        if any(len(form.getlist(name)) > 1 for name in at_most_once):
            raise Unauthenticated

    def twilio_signature(self, path: str, form: Mapping[str, str]) -> str:
        """Return the signature that Twilio would send with a form."""
        signature: str = self.validators[0].compute_signature(self.public_url + path, form)
        return signature

    def _is_signed(self, request: Request) -> bool:
        signature = request.headers.get("X-Twilio-Signature", "")
        target = request_target(request.environ)
        if not target.startswith("/"):  # it would change the host or the port
            return False
        validate = methodcaller("validate", self.public_url + target, request.form, signature)
        try:
            return any(map(validate, self.validators))
        except ValueError:  # an invalid address
            return False


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
