"""The secret token at the end of a webhook URL, for channels whose requests are not signed."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from rights_line.channels._registry import missing_variables
from rights_line.errors import ConfigurationError, Unauthenticated
from rights_line.settings import token_variable, variable_problems


@dataclass(frozen=True)
class PathToken:
    """The tokens that a channel accepts: one, or two while the token is rotated."""

    tokens: tuple[str, ...] = field(repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], variable: str, channel: str) -> Self:
        """Read the channel's variable, or WEBHOOK_TOKEN if that is not set.

        Raises:
            ConfigurationError: no token is set, or a token is too short or needs escaping in a URL.
        """
        name = token_variable(variable, environ)
        problems = missing_variables(environ, (variable,), channel)
        if problems := [*problems, *variable_problems(environ, name)]:
            raise ConfigurationError(problems)
        return cls(tuple(token.strip(" ") for token in environ[name].split(",")))

    def verify(self, token: str) -> None:
        """Compare a token with the accepted ones, in constant time.

        Raises:
            Unauthenticated: it is not one of them.
        """
        given = token.encode(errors="surrogatepass")
        same = [hmac.compare_digest(given, known.encode()) for known in self.tokens]
        if not any(same):
            raise Unauthenticated
