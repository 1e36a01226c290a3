"""Channels: one module per channel, with the class `Channel`.

A channel authenticates a request, reads an `Inbound` from it and turns a `Reply` into a response.
It decides nothing else, and imports no other channel; modules that begin with _ are shared.
"""

from collections.abc import Mapping
from typing import ClassVar, Protocol, Self

from werkzeug.wrappers import Request, Response

from rights_line.channels._registry import available, channel_class, load_channels
from rights_line.core.messages import Inbound, Reply

__all__ = ["Channel", "available", "channel_class", "load_channels"]


class Channel(Protocol):
    """The class that each module of this folder defines under the name `Channel`.

    Attributes:
        required_variables: the variables without which the channel cannot work. A channel that
            requires none is enabled only if CHANNELS names it.
    """

    required_variables: ClassVar[tuple[str, ...]]

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read the variables of the channel.

        Raises:
            ConfigurationError: with a problem for each missing or invalid variable.
        """
        ...

    def authenticate(self, request: Request, token: str) -> None:
        """Check that the provider sent a request; `token` is the secret in its path, or empty.

        Raises:
            Unauthenticated: the provider did not send it.
        """
        ...

    def receive(self, request: Request) -> Inbound:
        """Read the message from an authenticated request.

        Raises:
            Malformed: the request contains no message.
        """
        ...

    def deliver(self, reply: Reply) -> Response:
        """Return the response that the provider expects.

        It depends on the reply only: fallback responses are made at start-up, without a request.
        """
        ...
