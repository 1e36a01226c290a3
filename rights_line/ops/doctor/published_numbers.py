"""Check that the phone number and the USSD code on web pages and cards reach the line.

Twilio's numbers are compared in twilio.py. Kannel and Africa's Talking cannot be asked.
"""

from collections.abc import Collection, Iterator, Mapping

from rights_line.errors import Problem
from rights_line.ops.doctor.report import Report
from rights_line.web.published_numbers import PUBLISHED, unanswered


def check_published_numbers(
    environ: Mapping[str, str], channels: Collection[str], is_compared: bool
) -> Report:
    """Report published numbers that no channel answers, and those to try by hand.

    Args:
        environ: the environment variables.
        channels: the names of the configured channels.
        is_compared: whether the phone number is compared with those of the Twilio account.
    """
    report = Report(problems=list(unanswered(environ, channels)))
    for name, (answering, verb, trial) in PUBLISHED.items():
        value, configured = environ.get(name), [row for row in answering if row in channels]
        if value and configured and not (is_compared and name == "RIGHTS_LINE_NUMBER"):
            line = f"{name}: {trial}; {' and '.join(configured)} cannot be asked for it"
            report.manual.append(line)
        elif configured and not value:
            line = f"{name}: not set; web pages and cards do not say what to {verb}"
            report.manual.append(line)
    return report


def number_problems(number: str, account_numbers: Mapping[str, bool]) -> Iterator[Problem]:
    """Yield the problem of the published number, if any.

    Args:
        number: RIGHTS_LINE_NUMBER.
        account_numbers: the numbers of the Twilio account -> whether they can receive SMS.
    """
    usable = [own for own, receives_sms in account_numbers.items() if receives_sms]
    fix = f"Set it to {' or '.join(usable) or 'a number of the account that can receive SMS'}"
    if number not in account_numbers:
        summary = "is printed on cards but does not belong to this Twilio account"
        yield Problem("RIGHTS_LINE_NUMBER", summary, fix)
    elif not account_numbers[number]:
        summary = "must be a number that can receive SMS, got a number that cannot"
        yield Problem("RIGHTS_LINE_NUMBER", summary, fix)
