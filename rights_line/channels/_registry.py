"""Find, load and configure the channels that CHANNELS names, and list all variables."""

import importlib
import pkgutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rights_line.core.messages import Medium
from rights_line.errors import ConfigurationError, Problem
from rights_line.settings.table import VARIABLES
from rights_line.settings.variable import Variable, variable_problems

if TYPE_CHECKING:
    from rights_line.channels import Channel


def registered_channels() -> list[str]:
    """Return the names of all channels: the modules of this folder that do not begin with _."""
    names = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return sorted(name for name in names if not name.startswith("_"))


def channel_class(name: str) -> "type[Channel]":
    """Import a channel and return its class."""
    channel: type[Channel] = importlib.import_module(f"{__package__}.{name}").Channel
    return channel


def ordered_channels() -> "list[tuple[str, type[Channel]]]":
    """Return the name and the class of each channel: SMS first, then chat, USSD and calls."""
    order = list(Medium)
    classes = [(name, channel_class(name)) for name in registered_channels()]
    return sorted(classes, key=lambda row: order.index(row[1].media[0]))


def channel_variables() -> list[Variable]:
    """Return the variables that only channels read, each once."""
    rows = dict.fromkeys(
        row for _, kind in ordered_channels() for row in (*kind.required, *kind.optional)
    )
    return [row for row in rows if row.name not in VARIABLES]


def all_variables() -> list[Variable]:
    """Return every variable that the line reads."""
    return [*VARIABLES.values(), *channel_variables()]


def load_channels(names: Collection[str], environ: Mapping[str, str]) -> "dict[str, Channel]":
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
    classes = {name: channel_class(name) for name in known if name in names or not names}
    if not names:
        problems += _partially_configured_channels(classes, environ)
        classes = {
            name: kind
            for name, kind in classes.items()
            if kind.required and not _unset_channel_variables(kind.required, environ)
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


def check_channel_variables(
    environ: Mapping[str, str],
    channel: str,
    required: Collection[Variable],
    optional: Collection[Variable] = (),
) -> None:
    """Check the variables of a channel.

    Raises:
        ConfigurationError: with a problem for each one that is missing or invalid.
    """
    summary, fix = f"must be set for {channel}", f"See docs/configuration.md, {channel}"
    problems = [
        Problem(row.name, summary, fix) for row in _unset_channel_variables(required, environ)
    ]
    if problems := [*problems, *variable_problems(environ, (*required, *optional))]:
        raise ConfigurationError(problems)


def _unset_channel_variables(
    rows: Collection[Variable], environ: Mapping[str, str]
) -> list[Variable]:
    return [row for row in rows if not environ.get(row.name)]


def _partially_configured_channels(
    classes: "Mapping[str, type[Channel]]", environ: Mapping[str, str]
) -> Iterator[Problem]:
    """Report each missing variable that would silently disable a channel.

    An operator who sets one variable of a provider wants the channels of that provider. A variable
    that no channel reads may belong to another program, such as KANNEL_PASSWORD.
    """
    given = [row.name for row in channel_variables() if environ.get(row.name)]
    missing: dict[str, list[str]] = {}
    for name, kind in classes.items():
        provider = f"{name.partition('_')[0].upper()}_"
        if any(variable.startswith(provider) for variable in given):
            for row in _unset_channel_variables(kind.required, environ):
                missing.setdefault(row.name, []).append(name)
    for place, names in missing.items():
        problem = f"must be set to enable {' and '.join(names)}, as other variables for them are"
        yield Problem(place, problem, "Set it, or name the channels that you want in CHANNELS")
