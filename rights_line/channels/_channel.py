"""The base of all channels, and of those whose requests are not signed."""

import hmac
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, Self

from werkzeug.wrappers import Request, Response

from rights_line.core import Inbound, Medium, Reply
from rights_line.errors import ConfigurationError, Problem, Unauthenticated
from rights_line.settings.variable import (
    Variable,
    variable_list,
    variable_matches,
    variable_problems,
)

SENDER = "+4700000000"  # no subscriber in Norway has a number that begins with 0
FORM = "application/x-www-form-urlencoded"


class SignOfLife(NamedTuple):
    """A message that the line sends itself each day, as the provider of a channel would.

    The channel answers it with the helplines. `is_local`: the provider runs on this machine, so
    that a proxy may refuse the path.
    """

    path: str  # of the webhook, with its token
    headers: Mapping[str, str]
    body: str
    is_local: bool = False


class Channel(ABC):
    """The base of the class that each module of this folder defines under the name `Channel`.

    The docstring of the module is its section in docs/configuration.md.

    Attributes:
        label: its name in documents and in the report.
        media: the kinds of message that it carries, the usual one first.
        required: the variables without which it cannot work. A channel that requires none is
            enabled only if CHANNELS names it.
        optional: the other variables that it alone reads.
        published_as: the variable of the number that people use to reach it, on pages and cards;
            empty if there is none.
    """

    label: ClassVar[str]
    media: ClassVar[tuple[Medium, ...]]
    required: ClassVar[tuple[Variable, ...]] = ()
    optional: ClassVar[tuple[Variable, ...]] = ()
    published_as: ClassVar[str] = ""

    def __init__(self, environ: Mapping[str, str]) -> None:  # noqa: B027 - there may be none
        """Read the variables of the channel, which `from_environ` has checked."""

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Return the channel with its variables.

        Raises:
            ConfigurationError: with a problem for each missing or invalid variable.
        """
        if problems := [*cls.problems(environ)]:
            raise ConfigurationError(problems)
        return cls(environ)

    @classmethod
    def problems(cls, environ: Mapping[str, str]) -> Iterator[Problem]:
        """Yield a problem for each missing or invalid variable."""
        name = cls.name()
        for row in cls.required:
            if not environ.get(row.name):
                fix = f"See docs/configuration.md, {name}"
                yield Problem(row.name, f"must be set for {name}", fix)
        yield from variable_problems(environ, (*cls.required, *cls.optional))

    @classmethod
    def name(cls) -> str:
        """Return the name of its module, which CHANNELS and the path of the webhook have."""
        return cls.__module__.rpartition(".")[2]

    @abstractmethod
    def authenticate(self, request: Request, token: str) -> None:
        """Check that the provider sent a request; `token` is the secret in its path, or empty.

        Raises:
            Unauthenticated: the provider did not send it.
        """

    @abstractmethod
    def receive(self, request: Request) -> Inbound:
        """Read the message from an authenticated request.

        Raises:
            Malformed: the request contains no message.
        """

    def deliver(self, reply: Reply, sender: str = "") -> Response:
        """Return the response that the provider expects: plain text, unless it says otherwise.

        It depends on nothing else: fallback responses are made at start-up, without a sender.
        """
        return Response(reply.text, content_type="text/plain; charset=utf-8")

    def sign_of_life(self) -> SignOfLife | None:
        """Return a message to test the line with; None if the channel has none."""
        return None


@dataclass(frozen=True)
class Secrets:
    """The secrets that a channel accepts: one, or two while it is rotated."""

    known: tuple[str, ...] = field(repr=False)

    def verify(self, given: str) -> None:
        """Compare a secret with the accepted ones, in constant time; raise Unauthenticated."""
        data = given.encode(errors="surrogatepass")
        same = [hmac.compare_digest(data, known.encode()) for known in self.known]
        if not any(same):
            raise Unauthenticated


class TokenChannel(Channel):
    """A channel whose requests are not signed: its first required variable holds a secret.

    By default the secret ends the URL of the webhook.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._secrets = Secrets(variable_list(environ, self.required[0].name))

    def authenticate(self, request: Request, token: str) -> None:
        self._secrets.verify(token)

    @property
    def path(self) -> str:
        """The path of the webhook, with its token."""
        return f"/inbound/{self.name()}/{self._secrets.known[0]}"


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
