"""What can go wrong, and who must act.

RightsLineError
├── Refused            the service does not start: whoever runs it mends what the faults name
├── Broken             400: nobody; the request was cut off or damaged, and is whose it may
├── Unauthenticated    403: nobody; the request did not come from the gateway
└── Malformed          the helplines, with 200: it does come from the gateway, and so from somebody
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong: where it is, what it is, and what to do about it."""

    place: str
    summary: str
    fix: str

    def __str__(self) -> str:
        return f"{self.place}: {self.summary}. {self.fix}."


class RightsLineError(Exception):
    """Anything that this package raises on purpose."""


class ConfigurationError(RightsLineError):
    """The service cannot start; every fault found is in `faults`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        lines = "\n".join(f"  {fault}" for fault in self.problems)
        super().__init__(f"rights-line did not start. To mend:\n{lines}")


class BadRequestBody(RightsLineError):
    """The body of the request did not arrive whole."""


class Unauthenticated(RightsLineError):
    """The request is not proven to come from the gateway."""


class Malformed(RightsLineError):
    """The request comes from the gateway but cannot be read."""
