"""The doctor checks that the numbers on web pages and cards belong to the line."""

import pytest
from twilio.rest import Client

from rights_line.content.loader import ROOT
from rights_line.ops import doctor
from rights_line.ops.doctor.published_numbers import check_published_numbers, number_problems
from rights_line.ops.doctor.report import Report
from tests.support.twilio_account import ENVIRON, NUMBERS
from tests.support.twilio_api import Twilio

OWN = {"+4759440000": True, "+4759440001": False, "+4759440002": True}
TOKEN = {
    **{"KANNEL_TOKEN": "a-token-of-nobody-0123456789", "TWILIO_ACCOUNT_SID": ""},
    "AFRICASTALKING_TOKEN": "another-token-of-nobody-0123456789",
}


def report_text(found: Report) -> str:
    """Return the lines of a report as one text."""
    return "\n".join(found.lines())


@pytest.mark.parametrize(
    ("number", "summary"),
    [
        ("+4759440000", ""),
        ("+4759440009", "is printed on cards but does not belong to this Twilio account"),
        ("+4759440001", "must be a number that can receive SMS, got a number that cannot"),
    ],
)
def test_published_number_is_compared_with_the_numbers_of_the_account(
    number: str, summary: str
) -> None:
    fix = "Set it to +4759440000 or +4759440002"
    expected = [f"RIGHTS_LINE_NUMBER: {summary}. {fix}."] if summary else []
    assert [str(problem) for problem in number_problems(number, OWN)] == expected


def test_published_number_of_account_without_sms_has_no_suggestion() -> None:
    fix = "Set it to a number of the account that can receive SMS."
    assert str(*number_problems("+4759440001", {"+4759440001": False})).endswith(fix)


REPORTS = {
    "number without channel": (
        {"RIGHTS_LINE_NUMBER": "+4759440000"},
        ["africastalking_ussd", "twilio_voice"],
        "fail   RIGHTS_LINE_NUMBER: pages and cards tell people to text it, but no",
    ),
    "USSD code without channel": (
        {"RIGHTS_LINE_USSD": "*384*7#"},
        ["twilio_sms"],
        "fail   RIGHTS_LINE_USSD: pages and cards tell people to dial it, but no",
    ),
    "number of Kannel": (
        {"RIGHTS_LINE_NUMBER": "2044"},
        ["kannel_sms"],
        "manual RIGHTS_LINE_NUMBER: text it from a phone of your own; kannel_sms cannot be asked",
    ),
    "USSD code": (
        {"RIGHTS_LINE_USSD": "*384*7#"},
        ["africastalking_ussd"],
        "manual RIGHTS_LINE_USSD: dial it on a phone of your own; africastalking_ussd cannot be",
    ),
    "no number": (
        {},
        ["twilio_sms"],
        "manual RIGHTS_LINE_NUMBER: not set; web pages and cards do not say what to text",
    ),
    "no USSD code": (
        {},
        ["africastalking_ussd"],
        "manual RIGHTS_LINE_USSD: not set; web pages and cards do not say what to dial",
    ),
}


@pytest.mark.parametrize(("environ", "channels", "line"), REPORTS.values(), ids=REPORTS)
def test_published_number_without_comparison_is_fail_or_manual(
    environ: dict[str, str], channels: list[str], line: str
) -> None:
    """`fail` if no channel answers it, `manual` if the provider cannot be asked."""
    assert line in report_text(check_published_numbers(environ, channels, is_compared=False))


def test_published_number_after_comparison_needs_no_manual_check() -> None:
    """A USSD code still needs one: Twilio has none to compare it with."""
    both = {"RIGHTS_LINE_NUMBER": "+4759440000", "RIGHTS_LINE_USSD": "*384*7#"}
    found = check_published_numbers(both, ["twilio_sms", "africastalking_ussd"], is_compared=True)
    assert [line[:16] for line in found.manual] == ["RIGHTS_LINE_USSD"]
    assert report_text(check_published_numbers({}, ["try_it"], is_compared=False)) == ""
    assert "Remove it, or add twilio_sms or kannel_sms to CHANNELS." in report_text(
        check_published_numbers(both, [], False)
    )


@pytest.fixture
def asked(twilio: tuple[Twilio, Client], monkeypatch: pytest.MonkeyPatch) -> Twilio:
    """The Twilio account that the doctor asks."""
    monkeypatch.setattr("rights_line.ops.doctor.twilio_client", lambda environ, **_: twilio[1])
    return twilio[0]


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({"RIGHTS_LINE_NUMBER": "+47 59 44 00 00"}, ""),
        (
            {"RIGHTS_LINE_NUMBER": "+47 59 44 00 09"},
            "fail   RIGHTS_LINE_NUMBER: is printed on cards",
        ),
        ({"RIGHTS_LINE_NUMBER": "2044"}, "manual RIGHTS_LINE_NUMBER: text it from a phone"),
        (
            TOKEN | {"RIGHTS_LINE_NUMBER": "+4759440009", "CHANNELS": "twilio_sms,kannel_sms"},
            "manual RIGHTS_LINE_NUMBER: text it from a phone of your own; twilio_sms and kannel",
        ),
        (
            {"RIGHTS_LINE_NUMBER": "+4759440009", "TWILIO_ACCOUNT_SID": ""},
            "manual RIGHTS_LINE_NUMBER: text it from a phone of your own; twilio_sms cannot",
        ),
    ],
)
def test_doctor_published_number_is_compared_where_twilio_alone_takes_texts(
    more: dict[str, str], line: str, asked: Twilio
) -> None:
    assert asked.kept[NUMBERS]

    lines = report_text(doctor.run_checks(ENVIRON | more, ROOT))

    assert line in lines
    assert ("RIGHTS_LINE_NUMBER" in lines) is bool(line)
