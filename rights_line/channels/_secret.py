"""The secret part of an address, of gateways that do not sign what they send."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from rights_line.channels import missing
from rights_line.errors import Fault, Refused, Unauthenticated

NEEDS = ("WEBHOOK_TOKEN",)

_TOKEN = re.compile(r"[0-9A-Za-z_-]{20,}")


@dataclass(frozen=True)
class Secret:
    """WEBHOOK_TOKEN: whoever knows it is the gateway."""

    token: str = field(repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], who: str) -> Self:
        """Read the variable.

        Raises:
            Refused: it is not set, or can be guessed, or has to be escaped in an address.
        """
        faults = missing(environ, NEEDS, who)
        token = environ.get("WEBHOOK_TOKEN", "")
        if token and not _TOKEN.fullmatch(token):
            problem = "is not 20 or more of A-Z a-z 0-9 - _"
            faults.append(
                Fault("WEBHOOK_TOKEN", problem, "Set it to what `openssl rand -hex 24` prints")
            )
        if faults:
            raise Refused(faults)
        return cls(token)

    def check(self, token: str) -> None:
        """Compare, in the same time however much of it is right.

        Raises:
            Unauthenticated: it is another.
        """
        if not hmac.compare_digest(token.encode(errors="surrogatepass"), self.token.encode()):
            raise Unauthenticated
