"""What Twilio's gateways share: their variables, and who signed a request.

The signature is over the configured address, the raw path and the raw query: what a request says
of its own host is anybody's to choose, and Flask's `request.url` decodes what Twilio signed. Names
and values are signed without separators, so the fields of a captured request can be split at other
places. Each field we read must therefore be present once and look as Twilio writes it. A forgery
can still cut the text, append a following field to it, or hide an opt-out; the answer goes to the
forger, not to the sender.
"""

import hmac
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

from twilio.request_validator import RequestValidator
from werkzeug.wrappers import Request

from rights_line.channels import missing_variables
from rights_line.errors import ConfigurationError, Unauthenticated
from rights_line.settings import public_url_faults, twilio_faults, twilio_tokens

REQUIRED = ("TWILIO_AUTH_TOKEN", "RIGHTS_LINE_PUBLIC_URL")
FORM = "application/x-www-form-urlencoded"

# Twilio's names are words with capitals; with an underscore more may follow (SipHeader_X-Id). A
# text that was cut in two makes others.
_NAME = re.compile(r"[A-Z][A-Za-z]+[0-9]*(?:_[\w-]+)?", re.ASCII)
# An address that Twilio's validator does not write otherwise before it looks: no part is empty.
_CANONICAL_URL = re.compile(r"http[^\s;#]*[^\s;#?]")


@dataclass(frozen=True)
class TwilioSignature:
    """Whose requests are answered, and the address they are signed for."""

    validators: tuple[RequestValidator, ...]
    public_url: str
    sid: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], who: str) -> Self:
        """Read the variables that every Twilio channel needs.

        Raises:
            Refused: with a fault for each missing or malformed variable.
        """
        faults = missing_variables(environ, REQUIRED, who)
        if faults := [*faults, *public_url_faults(environ), *twilio_faults(environ)]:
            raise ConfigurationError(faults)
        validators = tuple(map(RequestValidator, twilio_tokens(environ)))
        sid = environ.get("TWILIO_ACCOUNT_SID", "")
        return cls(validators, environ["RIGHTS_LINE_PUBLIC_URL"], sid)

    def authenticate(
        self,
        request: Request,
        patterns: Mapping[str, re.Pattern[str]],
        also: Collection[str] = (),
        at_most_once: Collection[str] = (),
    ) -> None:
        """Check that Twilio signed a request, and that the fields we read have their shapes.

        Args:
            request: what was sent.
            shapes: the fields that must be present exactly once, and the pattern of each.
            also: field names that do not follow Twilio's usual spelling.
            at_most_once: the optional fields that we read.

        Raises:
            Unauthenticated: the signature is wrong, or a field is missing, repeated or malformed.
        """
        if request.method != "POST" or request.mimetype != FORM or not self._is_signed(request):
            raise Unauthenticated
        form = request.form
        if not all(_NAME.fullmatch(name) or name in also for name in form):
            raise Unauthenticated
        if self.sid and form.getlist("AccountSid") != [self.sid]:
            raise Unauthenticated
        for name, shape in patterns.items():
            if len(form.getlist(name)) != 1 or not shape.fullmatch(form[name]):
                raise Unauthenticated
        if any(len(form.getlist(name)) > 1 for name in at_most_once):
            raise Unauthenticated

    def _is_signed(self, request: Request) -> bool:
        signature = request.headers.get("X-Twilio-Signature", "")
        target = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or ""
        if not signature.isascii() or not target.startswith("/"):
            return False
        address = self.public_url + target
        return any(_has_signed(one, address, request, signature) for one in self.validators)


def _has_signed(
    validator: RequestValidator, address: str, request: Request, signature: str
) -> bool:
    """Tell whether an address and the fields have a signature: as they are, which costs little and
    is nearly always so, or with a port added or left out."""
    try:
        form = request.form
        if _CANONICAL_URL.fullmatch(address):
            computed = validator.compute_signature(address, form)
            if hmac.compare_digest(computed, signature):
                return True
        return bool(validator.validate(address, form, signature))
    except (TypeError, ValueError):  # it raises on odd ports and on what is no text
        return False
