"""Tools for the operator: doctor, purge at Twilio, answer to a data request, counts and report.

They read the deployment that the environment describes, and report or delete. The running service
imports only what RIGHTS_LINE_METRICS and RIGHTS_LINE_COUNTS turn on. A check finds facts (`Ok`),
checks to do by hand (`Manual`), and problems.
"""

from collections.abc import Iterable, Iterator

from rights_line.errors import Problem


class Ok(str):
    """A check that passed, or a fact."""


class Manual(str):
    """A check that the operator has to do by hand."""


Finding = Ok | Manual | Problem


class Findings:
    """The findings of all checks, without duplicates."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        unique = dict.fromkeys(findings)
        self.ok = [row for row in unique if isinstance(row, Ok)]
        self.manual = [row for row in unique if isinstance(row, Manual)]
        self.problems = [row for row in unique if isinstance(row, Problem)]

    def finding_lines(self) -> Iterator[str]:
        """Yield the lines to print: `ok`, `manual` and, last, `fail`."""
        yield from (f"ok     {row}" for row in self.ok)
        yield from (f"manual {row}" for row in self.manual)
        yield from (f"fail   {row}" for row in self.problems)
