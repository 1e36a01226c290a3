"""Find, load and configure the channels that CHANNELS names."""

import importlib
import pkgutil
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rights_line.errors import ConfigurationError, Problem
from rights_line.settings import KNOWN, token_variable

if TYPE_CHECKING:
    from rights_line.channels import Channel


def available() -> list[str]:
    """Return the names of all channels: the modules of this folder that do not begin with _."""
    names = (module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return sorted(name for name in names if not name.startswith("_"))


def channel_class(name: str) -> "type[Channel]":
    """Import a channel and return its class."""
    channel: type[Channel] = importlib.import_module(f"{__package__}.{name}").Channel
    return channel


def load_channels(names: Collection[str], environ: Mapping[str, str]) -> "dict[str, Channel]":
    """Return the named channels; without names, each whose required variables are all set.

    Raises:
        ConfigurationError: a name is unknown, a variable is missing or invalid, or no channel is
            enabled.
    """
    known = available()
    fix = f"Use: {', '.join(known)}"
    problems = [
        Problem("CHANNELS", f'unknown channel "{name}"', fix) for name in names if name not in known
    ]
    classes = {name: channel_class(name) for name in known if name in names or not names}
    if not names:
        problems += _partially_configured(classes, environ)
        classes = {name: kind for name, kind in classes.items() if _is_ready(kind, environ)}
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


def missing_variables(
    environ: Mapping[str, str], required: Collection[str], channel: str
) -> list[Problem]:
    """Return a problem for each variable that a channel requires and that is not set."""
    fix = f"See the top of rights_line/channels/{channel}.py"
    return [
        Problem(name, f"must be set for {channel}", fix)
        for name in required
        if not _is_set(name, environ)
    ]


def _partially_configured(
    classes: "Mapping[str, type[Channel]]", environ: Mapping[str, str]
) -> Iterator[Problem]:
    """Report each missing variable that would silently disable a channel.

    An operator who sets one variable of a provider wants the channels of that provider. A variable
    that is not in the table may belong to another program, such as KANNEL_PASSWORD.
    """
    given = [name for name in KNOWN if environ.get(name)]
    missing: dict[str, list[str]] = {}
    for name, kind in classes.items():
        provider = f"{name.partition('_')[0].upper()}_"
        if any(variable.startswith(provider) for variable in given):
            for variable in kind.required_variables:
                if not _is_set(variable, environ):
                    missing.setdefault(variable, []).append(name)
    for variable, names in missing.items():
        problem = f"must be set to enable {' and '.join(names)}, as other variables for them are"
        yield Problem(variable, problem, "Set it, or name the channels that you want in CHANNELS")


def _is_ready(kind: "type[Channel]", environ: Mapping[str, str]) -> bool:
    required = kind.required_variables
    return bool(required) and all(_is_set(name, environ) for name in required)


def _is_set(name: str, environ: Mapping[str, str]) -> bool:
    return bool(environ.get(token_variable(name, environ)))
