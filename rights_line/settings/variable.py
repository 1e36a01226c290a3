"""An environment variable: its row in docs/configuration.md, and the check of its value."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rights_line.errors import Problem

Check = Callable[[str], object]

OUR_PREFIX = "RIGHTS_LINE_"
_MAX_TYPOS = 2  # in names that other programs may set, too


class Variable(NamedTuple):
    """An environment variable that the line reads; `default` and `meaning` are Markdown.

    Checks that need other variables or the content are in settings/__init__.py, those of one
    channel in its file.
    """

    name: str
    default: str  # the value, or the behaviour, while it is unset or empty
    meaning: str  # one sentence for the operator
    is_valid: Check = bool  # of a value that is set
    must: str = ""  # for an invalid value; `{value}` stands for it, unless it may be a secret
    fix: str = ""
    is_secret: bool = False  # only the operator may know the value
    generate: str = ""  # the command that makes a value, if the operator chooses the secret
    is_in_path: bool = False  # the value ends the URL of the channel's webhook


def variable_matches(pattern: str) -> Check:
    return re.compile(pattern).fullmatch


def variable_list(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the parts of a comma-separated variable, without blanks around them."""
    return tuple(part.strip() for part in environ.get(name, "").split(",") if part.strip())


def variable_problems(
    environ: Mapping[str, str], variables: Iterable[Variable]
) -> Iterator[Problem]:
    """Yield a problem for each of the variables that is set to an invalid value."""
    for variable in variables:
        value = environ.get(variable.name)
        if value and not variable.is_valid(value):
            yield Problem(variable.name, variable.must.format(value=value), variable.fix)


def variable_warnings(environ: Mapping[str, str], variables: Iterable[Variable]) -> Iterator[str]:
    """Yield a sentence for each variable whose name is probably misspelled.

    None of them stops the line: a platform may have set the variable for another program.
    `variables` are all that the line reads.
    """
    names = [variable.name for variable in variables]
    known = [name for name in names if name != "PORT"]  # HOST differs in two letters
    unset = [name for name in known if not environ.get(name)]
    for name in sorted(set(environ) - {*names}):
        near = _nearest(name, unset, _MAX_TYPOS)
        if not near and name.upper().startswith(OUR_PREFIX):
            near = _nearest(name, known)
        if near:
            yield f"{name} is not a variable of rights-line; did you mean {near}?"


def _nearest(name: str, known: Iterable[str], max_typos: int | None = None) -> str:
    """Return the known name with the fewest differing letters, at most `max_typos`; else ""."""
    found = process.extractOne(name.upper(), known, scorer=OSA.distance, score_cutoff=max_typos)
    return found[0] if found else ""
