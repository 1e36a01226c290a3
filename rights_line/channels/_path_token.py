"""The secret token at the end of a webhook URL, for channels whose requests are not signed."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from rights_line.channels._registry import check_channel_variables
from rights_line.errors import Unauthenticated
from rights_line.settings.variable import Variable, variable_matches


def path_token(name: str) -> Variable:
    """Return the variable of a token. Its holder can send as any sender, on one channel only."""
    return Variable(
        name,
        "none",
        "Secret at the end of this channel's webhook URL: `openssl rand -hex 24`.",
        variable_matches(" *[0-9A-Za-z_-]{20,} *(?:, *[0-9A-Za-z_-]{20,} *)*"),
        "must be 20 or more of A-Z a-z 0-9 - _",
        "Set it to the output of `openssl rand -hex 24`",
        is_secret=True,
        generate="openssl rand -hex 24",
        is_in_path=True,
    )


@dataclass(frozen=True)
class PathToken:
    """The tokens that a channel accepts: one, or two while the token is rotated."""

    tokens: tuple[str, ...] = field(repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str], variable: Variable, channel: str) -> Self:
        """Read the channel's variable.

        Raises:
            ConfigurationError: no token is set, or a token is too short or needs escaping in a URL.
        """
        check_channel_variables(environ, channel, (variable,))
        value = environ[variable.name]
        return cls(tuple(token.strip(" ") for token in value.split(",")))

    def verify(self, token: str) -> None:
        """Compare a token with the accepted ones, in constant time; raise Unauthenticated."""
        given = token.encode(errors="surrogatepass")
        same = [hmac.compare_digest(given, known.encode()) for known in self.tokens]
        if not any(same):
            raise Unauthenticated
