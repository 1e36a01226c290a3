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
    """WEBHOOK_TOKEN: whoever knows it is the gateway; two, while the address is changed there."""

    tokens: tuple[str, ...] = field(repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], who: str) -> Self:
        """Read the variable.

        Raises:
            Refused: it is not set, or can be guessed, or has to be escaped in an address.
        """
        faults = missing(environ, NEEDS, who)
        given = environ.get("WEBHOOK_TOKEN", "")
        tokens = tuple(token.strip(" ") for token in given.split(","))
        if given and not all(map(_TOKEN.fullmatch, tokens)):
            problem = "is not 20 or more of A-Z a-z 0-9 - _"
            faults.append(
                Fault("WEBHOOK_TOKEN", problem, "Set it to what `openssl rand -hex 24` prints")
            )
        if faults:
            raise Refused(faults)
        return cls(tokens)

    def check(self, token: str) -> None:
        """Compare, in the same time however much of it is right.

        Raises:
            Unauthenticated: it is another.
        """
        given = token.encode(errors="surrogatepass")
        same = [hmac.compare_digest(given, known.encode()) for known in self.tokens]
        if not any(same):
            raise Unauthenticated
