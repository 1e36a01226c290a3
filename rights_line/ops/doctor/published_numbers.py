"""Does what pages and cards show lead here: the number to text, the code to dial?

Twilio's own numbers are compared in doctor_twilio.py. Kannel and Africa's Talking cannot be asked.
"""

from collections.abc import Collection, Iterator, Mapping

from rights_line.errors import Problem
from rights_line.ops.doctor.report import Report
from rights_line.web.published_numbers import PUBLISHED, unanswered


def check_published_numbers(
    environ: Mapping[str, str], gateways: Collection[str], is_compared: bool
) -> Report:
    """Return what pages and cards show that nobody answers, and what cannot be known from here.

    `is_compared`: the number was compared with the account's, elsewhere.
    """
    found = Report(problems=list(unanswered(environ, gateways)))
    for name, (takers, verb, trial) in PUBLISHED.items():
        value, on = environ.get(name), [taker for taker in takers if taker in gateways]
        if value and on and not (is_compared and name == "RIGHTS_LINE_NUMBER"):
            found.manual.append(f"{name}: {trial}; {' and '.join(on)} cannot be asked for it")
        elif on and not value:
            found.manual.append(f"{name}: not set; pages and cards do not say what to {verb}")
    return found


def number_faults(number: str, own: Mapping[str, bool]) -> Iterator[Problem]:
    """Yield what is wrong with the number shown; `own`: the account's numbers -> do they text."""
    able = [each for each, texts in own.items() if texts]
    remedy = f"Set it to {' or '.join(able) or 'a number of the account that takes SMS'}"
    if number not in own:
        problem = "is none of the numbers of the account, and on pages and cards"
        yield Problem("RIGHTS_LINE_NUMBER", problem, remedy)
    elif not own[number]:
        yield Problem("RIGHTS_LINE_NUMBER", "is a number that takes no SMS", remedy)
