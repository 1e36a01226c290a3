"""The doctor checks that the numbers on web pages and cards belong to the line."""

import pytest
from twilio.rest import Client

from rights_line.content.loader import ContentSources
from rights_line.ops import doctor
from rights_line.ops.doctor import check_numbers
from rights_line.ops.findings import Deployment, Findings
from rights_line.ops.twilio_checks import Account, check_twilio
from rights_line.web import health
from tests.support.twilio_account import BOTH, ENVIRON, NUMBERS
from tests.support.twilio_api import ACCOUNT, NOW, Twilio
from tests.support.twilio_phone import PUBLIC_URL
from tests.support.worlds import SMALL_ROOT, texts_at


def findings_text(found: Findings) -> str:
    """Return the lines of findings as one text."""
    return "\n".join(found.finding_lines())


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


def check(sources: ContentSources, environ: dict[str, str], *channels: str) -> str:
    """Check the published numbers."""
    deployment = Deployment(environ, channels, sources, NOW.date())
    return findings_text(Findings(check_numbers(deployment)))


@pytest.mark.parametrize(("environ", "channels", "line"), REPORTS.values(), ids=REPORTS)
def test_published_number_without_comparison_is_fail_or_manual(
    environ: dict[str, str], channels: list[str], line: str, sources: ContentSources
) -> None:
    """`fail` if no channel answers it, `manual` if the provider cannot be asked."""
    assert line in check(sources, environ, *channels)


def test_published_number_after_comparison_needs_no_manual_check(sources: ContentSources) -> None:
    """A USSD code still needs one: Twilio has none to compare it with."""
    both = {"RIGHTS_LINE_NUMBER": "+4759440000", "RIGHTS_LINE_USSD": "*384*7#"}
    compared = both | {"TWILIO_ACCOUNT_SID": ACCOUNT}
    lines = check(sources, compared, "twilio_sms", "africastalking_ussd").splitlines()
    assert [line[:23] for line in lines] == ["manual RIGHTS_LINE_USSD"]
    assert check(sources, {}, "try_it") == ""
    channels = " or ".join(health.answering("RIGHTS_LINE_NUMBER"))
    assert f"Remove it, or add {channels} to CHANNELS." in check(sources, both)


NUMBERS_OF_ACCOUNT = {
    "+4759440000": "",
    "+4759440009": "Set it to +4759440000 or +4759440002.",
    "+4759440001": "Set it to +4759440000 or +4759440002.",
}


@pytest.mark.parametrize(("number", "fix"), NUMBERS_OF_ACCOUNT.items())
def test_published_number_is_compared_with_the_numbers_of_the_account(
    number: str, fix: str, twilio: tuple[Twilio, Client]
) -> None:
    """It must belong to the account, and receive SMS."""
    state, client = twilio
    (own,) = state.kept[NUMBERS]
    for last, receives_sms in ((1, False), (2, True)):
        capabilities = {"sms": receives_sms, "voice": True}
        more = {"phone_number": f"+475944000{last}", "sid": f"PN{last:031x}f"}
        state.kept[NUMBERS].append(own | more | {"capabilities": capabilities})

    found = Findings(check_twilio(Account(client, PUBLIC_URL, BOTH, NOW, number)))

    expected = "RIGHTS_LINE_NUMBER: is printed on cards, and must be a number of the account that"
    assert [str(row) for row in found.problems] == (
        [f"{expected} can receive SMS. {fix}"] if fix else []
    )


COMPARED = {
    "number of Twilio": ({}, ["twilio_sms", "twilio_voice"], "+4759440000"),
    "short number": ({"RIGHTS_LINE_NUMBER": "2044"}, ["twilio_sms"], ""),
    "number that Kannel may have": ({}, ["twilio_sms", "kannel_sms"], ""),
    "no texts by Twilio": ({}, ["twilio_voice"], ""),
    "unknown account": ({"TWILIO_ACCOUNT_SID": ""}, ["twilio_sms"], ""),
}


@pytest.mark.parametrize(("more", "channels", "number"), COMPARED.values(), ids=COMPARED)
def test_published_number_is_compared_where_twilio_alone_takes_texts(
    more: dict[str, str], channels: list[str], number: str, sources: ContentSources
) -> None:
    environ = ENVIRON | {"RIGHTS_LINE_NUMBER": "+47 59 44 00 00"} | more
    assert Deployment(environ, channels, sources, NOW.date()).twilio_number == number


def test_doctor_published_number_of_another_account_is_a_problem(
    twilio: tuple[Twilio, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rights_line.ops.doctor.twilio_client", lambda *_, **__: twilio[1])
    environ = ENVIRON | {"RIGHTS_LINE_NUMBER": "+47 59 44 00 09"}
    problems = doctor.run(texts_at(SMALL_ROOT, environ), NOW.date()).problems
    assert [problem.place for problem in problems] == ["RIGHTS_LINE_NUMBER"]
