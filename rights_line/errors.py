"""The exceptions of this package, and who must act on each of them.

RightsLineError
├── ConfigurationError  The service or a command cannot run. The operator fixes what it lists.
├── BadRequestBody      400. The body is truncated or malformed. Nobody needs to act.
├── Unauthenticated     403. The request is not from the provider. Nobody needs to act.
└── Malformed           200 with the helplines. The provider sent it, so a person may be waiting.
                        The operator checks the provider's settings if it happens again.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """A problem for the operator or an editor to fix.

    Attributes:
        place: a variable, a file with a line, or another place.
        summary: what must hold and what was found, without a full stop.
        fix: how to fix it, without a full stop.
        waits: whether it misleads no sender and stops nothing, and waits for a translator, a reader
            or a call.
    """

    place: str
    summary: str
    fix: str
    waits: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.summary}. {self.fix}."


class RightsLineError(Exception):
    """Base class of all exceptions that this package raises."""


class ConfigurationError(RightsLineError):
    """The service cannot start, or a command cannot run.

    Attributes:
        problems: every problem that was found, sorted and without duplicates.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(f"  {problem}" for problem in self.problems))


class BadRequestBody(RightsLineError):
    """The request body is truncated or malformed."""


class Unauthenticated(RightsLineError):
    """The request is not proven to come from the provider."""


class Malformed(RightsLineError):
    """The request comes from the provider, but cannot be parsed."""
