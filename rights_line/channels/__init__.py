"""Channels: one module per channel, with the class `Channel`; CHANNELS names those that start.

A channel authenticates a request, reads an `Inbound` from it and turns a `Reply` into a response
(the base: `_channel.py`). It decides nothing else, and imports no other channel; modules that begin
with _ are shared.
"""

import pkgutil
from collections.abc import Collection, Iterator, Mapping
from importlib import import_module

from rights_line.channels._channel import Channel, SignOfLife
from rights_line.core import Medium
from rights_line.errors import ConfigurationError, Problem
from rights_line.settings.table import VARIABLES
from rights_line.settings.variable import Variable

__all__ = ["CALLS", "SIMULATOR", "Channel", "SignOfLife"]

SIMULATOR = "try_it"  # the channel that people do not use
CALLS = "twilio_voice"


def registered_channels() -> dict[str, type[Channel]]:
    """Return the class of each channel by its name: SMS first, then chat, USSD and calls.

    A channel is a module of this folder that does not begin with _.
    """
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    own = [name for name in names if not name.startswith("_")]
    classes = {name: import_module(f"{__name__}.{name}").Channel for name in own}
    order = list(Medium)
    return dict(sorted(classes.items(), key=lambda row: order.index(row[1].media[0])))


def all_variables() -> list[Variable]:
    """Return every variable that the line reads."""
    return [*VARIABLES.values(), *_own_variables()]


def load_channels(names: Collection[str], environ: Mapping[str, str]) -> dict[str, Channel]:
    """Return the named channels; without names, each whose required variables are all set.

    Raises:
        ConfigurationError: a name is unknown, a variable is missing or invalid, or no channel is
            enabled.
    """
    known = registered_channels()
    fix = f"Use: {', '.join(known)}"
    problems = [
        Problem("CHANNELS", f'unknown channel "{name}"', fix) for name in names if name not in known
    ]
    classes = {name: kind for name, kind in known.items() if name in names or not names}
    if not names:
        problems += _half_configured(classes, environ)
        classes = {
            name: kind
            for name, kind in classes.items()
            if kind.required and not _unset(kind, environ)
        }
    channels: dict[str, Channel] = {}
    for name, kind in classes.items():
        try:
            channels[name] = kind.from_environ(environ)
        except ConfigurationError as error:
            problems += error.problems
    if not channels and not problems:
        problem = "must name a channel, because no channel's own variables are set"
        problems.append(Problem("CHANNELS", problem, fix))
    if problems:
        raise ConfigurationError(problems)
    return channels


def _own_variables() -> list[Variable]:
    """Return the variables that only channels read, each once."""
    rows = dict.fromkeys(
        row for kind in registered_channels().values() for row in (*kind.required, *kind.optional)
    )
    return [row for row in rows if row.name not in VARIABLES]


def _unset(kind: type[Channel], environ: Mapping[str, str]) -> list[str]:
    return [row.name for row in kind.required if not environ.get(row.name)]


def _half_configured(
    classes: Mapping[str, type[Channel]], environ: Mapping[str, str]
) -> Iterator[Problem]:
    """Report each missing variable that would silently disable a channel.

    An operator who sets one variable of a provider wants the channels of that provider. A variable
    that no channel reads may belong to another program, such as KANNEL_PASSWORD.
    """
    given = [row.name for row in _own_variables() if environ.get(row.name)]
    missing: dict[str, list[str]] = {}
    for name, kind in classes.items():
        provider = f"{name.partition('_')[0].upper()}_"
        if any(variable.startswith(provider) for variable in given):
            for variable in _unset(kind, environ):
                missing.setdefault(variable, []).append(name)
    for place, names in missing.items():
        problem = f"must be set to enable {' and '.join(names)}, as other variables for them are"
        yield Problem(place, problem, "Set it, or name the channels that you want in CHANNELS")
