"""A deployment that the doctor checks, and its findings: facts, checks by hand, problems."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rights_line.content import ContentSources
from rights_line.errors import Problem
from rights_line.settings.variable import variable_list
from rights_line.web import health


@dataclass(frozen=True)
class Deployment:
    """A deployment whose line can start."""

    environ: Mapping[str, str]
    channels: Collection[str]
    sources: ContentSources
    today: date

    @property
    def languages(self) -> Collection[str]:
        """The languages that it offers."""
        return variable_list(self.environ, "RIGHTS_LINE_LANGUAGES") or self.sources.languages

    @property
    def serves_drafts(self) -> bool:
        return self.environ.get("RIGHTS_LINE_SERVE") == "drafts"

    @property
    def twilio_number(self) -> str:
        """The published number if Twilio's API can be asked for it, else ""."""
        number = self.environ.get("RIGHTS_LINE_NUMBER", "").replace(" ", "")
        can_ask = number.startswith("+") and bool(self.environ.get("TWILIO_ACCOUNT_SID"))
        configured = {*health.answering("RIGHTS_LINE_NUMBER")} & {*self.channels}
        return number if can_ask and configured == {"twilio_sms"} else ""


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
