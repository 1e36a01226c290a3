"""The secret token at the end of the webhook path, of channels whose requests are not signed."""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from rights_line.channels import missing_variables
from rights_line.errors import ConfigurationError, Problem, Unauthenticated
from rights_line.settings import token_variable

_TOKEN = re.compile(r"[0-9A-Za-z_-]{20,}")


@dataclass(frozen=True)
class PathToken:
    """The tokens that a channel accepts: one, or two while the token is rotated."""

    tokens: tuple[str, ...] = field(repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], own: str, who: str) -> Self:
        """Read the channel's own variable, or WEBHOOK_TOKEN if that is not set.

        Raises:
            Refused: neither is set, or a token is short, or would need escaping in a URL.
        """
        faults = missing_variables(environ, (own,), who)
        name = token_variable(own, environ)
        given = environ.get(name, "")
        tokens = tuple(token.strip(" ") for token in given.split(","))
        if given and not all(map(_TOKEN.fullmatch, tokens)):
            problem = "must be 20 or more of A-Z a-z 0-9 - _"
            faults.append(Problem(name, problem, "Set it to what `openssl rand -hex 24` prints"))
        if faults:
            raise ConfigurationError(faults)
        return cls(tokens)

    def verify(self, token: str) -> None:
        """Compare in constant time.

        Raises:
            Unauthenticated: it is not one of the tokens.
        """
        given = token.encode(errors="surrogatepass")
        same = [hmac.compare_digest(given, known.encode()) for known in self.tokens]
        if not any(same):
            raise Unauthenticated
