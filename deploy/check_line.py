"""Build the texts of a line before it is started, and print every problem of them at once.

Usage: check_line.py FOLDER [--variables]

FOLDER holds content/ and locales/, and gets build/library.json. With --variables, the application
is made with the variables of the environment; a variable that an option of deploy/install sets is
named with the option.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from rights_line.channels import SIMULATOR, all_variables
from rights_line.errors import ConfigurationError, Problem
from rights_line.library import location
from rights_line.library.location import choices_of
from rights_line.settings import Settings
from rights_line.settings.variable import variable_list, variable_problems
from rights_line.web.app import create_app

OPTIONS = {
    "CHANNELS": "--channels",
    "RIGHTS_LINE_PUBLIC_URL": "--host",
    "RIGHTS_LINE_NUMBER": "--number",
    "TWILIO_ACCOUNT_SID": "--account",
    "RIGHTS_LINE_OPERATOR": "--operator",
}
# The variables that the texts are built with.
CHOICES = [f"RIGHTS_LINE_{name}" for name in ("SERVE", "LANGUAGES", "AUDIO_URL", "OPERATOR")]


def problems(environ: Mapping[str, str], folder: Path) -> Iterator[Problem]:
    """Yield every problem that stops the line, and those that would only show when it runs."""
    try:
        create_app({**environ, "RIGHTS_LINE_TEXTS": str(folder)})
    except ConfigurationError as error:
        yield from error.problems
    # A channel reads its variables only if CHANNELS names it without a slip.
    yield from variable_problems(environ, all_variables())
    yield from _token_problems(environ)
    real = [name for name in variable_list(environ, "CHANNELS") if name != SIMULATOR]
    if real and SIMULATOR in variable_list(environ, "CHANNELS"):
        summary = f"must not name {SIMULATOR} beside {', '.join(real)}: it checks no signature"
        yield Problem("CHANNELS", summary, f"Remove {SIMULATOR}")
    host = environ.get("RIGHTS_LINE_PUBLIC_URL", "").removeprefix("https://")
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host):
        summary = f'must be a host name in lower case, got "{host}"'
        yield Problem("RIGHTS_LINE_PUBLIC_URL", summary, "Write line.example.org")
    if any(name.startswith("twilio") for name in real) and not environ.get("TWILIO_ACCOUNT_SID"):
        fix = "Copy it from the first page of Twilio's console"
        yield Problem("TWILIO_ACCOUNT_SID", "must be set to the Account SID", fix)


def _token_problems(environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for a token without the shape of Twilio's."""
    tokens = variable_list(environ, "TWILIO_AUTH_TOKEN")
    if not all(re.fullmatch("[0-9a-f]{32}", token) for token in tokens):
        summary = "must be 32 of 0-9 a-f, or two such tokens and a comma"  # never shown
        fix = "Copy the auth token from the first page of Twilio's console"
        yield Problem("TWILIO_AUTH_TOKEN", summary, fix)


def shown(problem: Problem) -> str:
    """Return a problem with the option that sets its variable."""
    option = OPTIONS.get(problem.place)
    return f"{option}: {problem}" if option else str(problem)


def main(folder: Path, *, with_variables: bool) -> int:
    """Print the problems, and return 1 if there are any."""
    if with_variables:
        found = sorted(set(problems(os.environ, folder)))
    else:
        try:
            # A secret may be missing, which deploy/install makes later.
            chosen = {name: os.environ[name] for name in CHOICES if name in os.environ}
            environ = {**os.environ, "RIGHTS_LINE_TEXTS": str(folder)}
            location.open(environ, choices_of(Settings.from_environ(chosen)))
            found = []
        except ConfigurationError as error:
            found = error.problems
    for problem in found:
        print(shown(problem))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), with_variables="--variables" in sys.argv))
