"""The number on pages and cards is the line's: else people text, or dial, where nobody answers."""

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
    """Return all lines."""
    return "\n".join(found.lines())


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("+4759440000", ""),
        ("+4759440009", "is printed on cards but does not belong to this Twilio account"),
        ("+4759440001", "must be a number that can receive SMS, got a number that cannot"),
    ],
)
def test_a_number_is_compared_with_the_accounts(number: str, problem: str) -> None:
    """It is one of those that take SMS, or these are named."""
    remedy = "Set it to +4759440000 or +4759440002"
    expected = [f"RIGHTS_LINE_NUMBER: {problem}. {remedy}."] if problem else []
    assert [str(fault) for fault in number_problems(number, OWN)] == expected


def test_an_account_without_sms() -> None:
    """There is nothing to name."""
    remedy = "Set it to a number of the account that can receive SMS."
    assert str(*number_problems("+4759440001", {"+4759440001": False})).endswith(remedy)


ASKED = {
    "a number, and none to answer": (
        {"RIGHTS_LINE_NUMBER": "+4759440000"},
        ["africastalking_ussd", "twilio_voice"],
        "fail   RIGHTS_LINE_NUMBER: pages and cards tell people to text it, but no",
    ),
    "a code, and none to answer": (
        {"RIGHTS_LINE_USSD": "*384*7#"},
        ["twilio_sms"],
        "fail   RIGHTS_LINE_USSD: pages and cards tell people to dial it, but no",
    ),
    "a number of Kannel": (
        {"RIGHTS_LINE_NUMBER": "2044"},
        ["kannel_sms"],
        "manual RIGHTS_LINE_NUMBER: text it from a phone of your own; kannel_sms cannot be asked",
    ),
    "a code": (
        {"RIGHTS_LINE_USSD": "*384*7#"},
        ["africastalking_ussd"],
        "manual RIGHTS_LINE_USSD: dial it on a phone of your own; africastalking_ussd cannot be",
    ),
    "no number": (
        {},
        ["twilio_sms"],
        "manual RIGHTS_LINE_NUMBER: not set; web pages and cards do not say what to text",
    ),
    "no code": (
        {},
        ["africastalking_ussd"],
        "manual RIGHTS_LINE_USSD: not set; web pages and cards do not say what to dial",
    ),
}


@pytest.mark.parametrize(("environ", "gateways", "line"), ASKED.values(), ids=ASKED)
def test_what_is_shown(environ: dict[str, str], gateways: list[str], line: str) -> None:
    """What nobody answers is a fault; what cannot be asked is for somebody to try."""
    assert line in report_text(check_published_numbers(environ, gateways, is_compared=False))


def test_what_was_compared_need_not_be_tried() -> None:
    """Twilio told; of the code to dial it tells nothing."""
    both = {"RIGHTS_LINE_NUMBER": "+4759440000", "RIGHTS_LINE_USSD": "*384*7#"}
    found = check_published_numbers(both, ["twilio_sms", "africastalking_ussd"], is_compared=True)
    assert [line[:16] for line in found.manual] == ["RIGHTS_LINE_USSD"]
    assert report_text(check_published_numbers({}, ["try_it"], is_compared=False)) == ""
    assert "Remove it, or add twilio_sms or kannel_sms to CHANNELS." in report_text(
        check_published_numbers(both, [], False)
    )


@pytest.fixture
def asked(twilio: tuple[Twilio, Client], monkeypatch: pytest.MonkeyPatch) -> Twilio:
    """The doctor asks this Twilio."""
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
def test_a_deployment_is_compared(more: dict[str, str], line: str, asked: Twilio) -> None:
    """Only where Twilio alone takes texts, and can be asked."""
    assert asked.kept[NUMBERS]

    lines = report_text(doctor.run_checks(ENVIRON | more, ROOT))

    assert line in lines
    assert ("RIGHTS_LINE_NUMBER" in lines) is bool(line)
