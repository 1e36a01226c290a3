"""The report of the doctor."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from rights_line.errors import Problem


@dataclass
class Report:
    """The results of one or more checks.

    Attributes:
        ok: checks that passed.
        manual: checks that the operator has to do by hand.
        problems: checks that failed, with the fix.
    """

    ok: list[str] = field(default_factory=list)
    manual: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, other: "Report") -> None:
        """Append the results of another report."""
        self.ok += other.ok
        self.manual += other.manual
        self.problems += other.problems

    def lines(self) -> Iterator[str]:
        """Yield the lines to print: `ok`, `manual` and, last, `fail`."""
        yield from (f"ok     {line}" for line in self.ok)
        yield from (f"manual {line}" for line in self.manual)
        yield from (f"fail   {problem}" for problem in sorted(set(self.problems)))
