"""Channels: one module per channel, with the class `Channel`.

A channel authenticates a request, reads an `Inbound` from it and turns a `Reply` into a response.
It decides nothing else, and imports no other channel; modules that begin with _ are shared.
"""

from collections.abc import Mapping
from typing import ClassVar, Protocol, Self

from werkzeug.wrappers import Request, Response

from rights_line.channels._registry import (
    all_variables,
    channel_class,
    load_channels,
    ordered_channels,
    registered_channels,
)
from rights_line.channels._sign_of_life import SignOfLife
from rights_line.core.messages import Inbound, Medium, Reply
from rights_line.settings.variable import Variable

__all__ = [
    "CALLS",
    "SIMULATOR",
    "Channel",
    "all_variables",
    "channel_class",
    "load_channels",
    "ordered_channels",
    "registered_channels",
]

SIMULATOR = "try_it"  # the channel that people do not use
CALLS = "twilio_voice"


class Channel(Protocol):
    """The class that each module of this folder defines under the name `Channel`.

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
    required: ClassVar[tuple[Variable, ...]]
    optional: ClassVar[tuple[Variable, ...]]
    published_as: ClassVar[str]

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

    def deliver(self, reply: Reply, sender: str = "") -> Response:
        """Return the response that the provider expects.

        It depends on nothing else: fallback responses are made at start-up, without a sender.
        """
        ...

    def sign_of_life(self) -> SignOfLife | None:
        """Return a message to test the line with; None if the channel has none."""
        ...
