"""What a look at a deployment found: what is well, what somebody must look at, what is to mend."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rights_line.errors import Problem


@dataclass
class Findings:
    """Three kinds of lines.

    Attributes:
        well: what was looked at, and is as it must be.
        look_at: what could not be looked at from here; somebody has to, by hand.
        faults: what breaks a promise, with what mends it.
    """

    well: list[str] = field(default_factory=list)
    look_at: list[str] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)

    def add(self, more: "Findings") -> None:
        self.well += more.well
        self.look_at += more.look_at
        self.faults += more.faults

    def lines(self) -> Iterator[str]:
        """Yield what to print: what is to mend comes last, where it is read."""
        yield from (f"ok     {line}" for line in self.well)
        yield from (f"look   {line}" for line in self.look_at)
        yield from (f"fault  {fault}" for fault in sorted(set(self.faults)))
