"""What a look at a deployment found: what is well, what somebody must look at, what is to mend."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rights_line.errors import Problem


@dataclass
class Report:
    """Three kinds of lines.

    Attributes:
        well: what was looked at, and is as it must be.
        look_at: what could not be looked at from here; somebody has to, by hand.
        faults: what breaks a promise, with what mends it.
    """

    ok: list[str] = field(default_factory=list)
    manual: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, more: "Report") -> None:
        self.ok += more.ok
        self.manual += more.manual
        self.problems += more.problems

    def lines(self) -> Iterator[str]:
        """Yield what to print: what is to mend comes last, where it is read."""
        yield from (f"ok     {line}" for line in self.ok)
        yield from (f"look   {line}" for line in self.manual)
        yield from (f"fault  {fault}" for fault in sorted(set(self.problems)))
