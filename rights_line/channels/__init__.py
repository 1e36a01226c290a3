"""Channels: one file each, loaded by the name that CHANNELS gives.

A channel authenticates a request, reads it into an `Inbound` and turns a `Reply` into a response.
It decides nothing, and no channel imports another; modules that begin with `_` are shared.
"""

import importlib
import pkgutil
from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar, Protocol, Self

from werkzeug.wrappers import Request, Response

from rights_line.core.messages import Inbound, Reply
from rights_line.errors import ConfigurationError, Problem
from rights_line.settings import KNOWN, token_variable


class Channel(Protocol):
    """What a file in this folder must hold, under the name `Channel`.

    Attributes:
        needs: variables without which it cannot work. A gateway that needs none is never enabled
            unless CHANNELS names it.
    """

    required_variables: ClassVar[tuple[str, ...]]

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """Read its own variables.

        Raises:
            Refused: with every one that is wrong.
        """
        ...

    def authenticate(self, request: Request, token: str) -> None:
        """Make sure that a request comes from the gateway; `token` is the secret in its path.

        Raises:
            Unauthenticated: it does not.
        """
        ...

    def receive(self, request: Request) -> Inbound:
        """Read a message from a request.

        Raises:
            Malformed: there is none in it.
        """
        ...

    def deliver(self, reply: Reply) -> Response:
        """Return what the gateway expects to hear; it may be asked when there is no request."""
        ...


def available() -> list[str]:
    """Return the names of the gateways there are; what some of them share begins with _."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name for name in names if not name.startswith("_"))


def load_channels(names: Collection[str], environ: Mapping[str, str]) -> dict[str, Channel]:
    """Return the channels named; with no names, each whose variables are all set.

    Raises:
        Refused: a name is unknown, a variable is malformed or missing, or no channel is enabled.
    """
    known = available()
    faults = [
        Problem("CHANNELS", f'unknown channel "{name}"', f"Use: {', '.join(known)}")
        for name in names
        if name not in known
    ]
    gateways = {name: channel_class(name) for name in known if name in names or not names}
    if not names:
        faults += _partially_configured(gateways, environ)
        gateways = {name: kind for name, kind in gateways.items() if _is_ready(kind, environ)}
    loaded: dict[str, Channel] = {}
    for name, kind in gateways.items():
        try:
            loaded[name] = kind.from_environ(environ)
        except ConfigurationError as refused:
            faults += refused.problems
    if not loaded and not faults:
        problem = "must name a channel, because no channel's own variables are set"
        faults.append(Problem("CHANNELS", problem, f"Use: {', '.join(known)}"))
    if faults:
        raise ConfigurationError(faults)
    return loaded


def missing_variables(
    environ: Mapping[str, str], needs: Collection[str], who: str
) -> list[Problem]:
    """Return a fault for each variable that a channel needs and that is not set."""
    return [
        Problem(name, f"must be set for {who}", f"See the top of rights_line/channels/{who}.py")
        for name in needs
        if not _is_set(name, environ)
    ]


def channel_class(name: str) -> type[Channel]:
    """Return the gateway of a file."""
    gateway: type[Channel] = importlib.import_module(f"{__name__}.{name}").Channel
    return gateway


def _partially_configured(
    gateways: Mapping[str, type[Channel]], environ: Mapping[str, str]
) -> Iterator[Problem]:
    """Report each missing variable that would silently disable a channel.

    An operator who has set a variable of a provider wants the channels of that provider. A variable
    that the line does not read may be another program's, such as KANNEL_PASSWORD.
    """
    given = [name for name in KNOWN if environ.get(name)]
    lacking: dict[str, list[str]] = {}
    for name, kind in gateways.items():
        provider = f"{name.partition('_')[0].upper()}_"
        if any(variable.startswith(provider) for variable in given):
            for variable in kind.required_variables:
                if not _is_set(variable, environ):
                    lacking.setdefault(variable, []).append(name)
    for variable, names in lacking.items():
        problem = f"is missing, and so {' and '.join(names)} cannot be enabled"
        yield Problem(variable, problem, "Set it, or name the channels that you want in CHANNELS")


def _is_ready(kind: type[Channel], environ: Mapping[str, str]) -> bool:
    return bool(kind.required_variables) and all(
        _is_set(name, environ) for name in kind.required_variables
    )


def _is_set(name: str, environ: Mapping[str, str]) -> bool:
    return bool(environ.get(token_variable(name, environ)))
