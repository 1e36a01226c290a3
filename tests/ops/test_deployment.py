"""The doctor checks a deployment: published numbers, secrets, exposure, texts and contacts."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from rights_line.content import ContentSources
from rights_line.errors import Problem
from rights_line.ops import Findings, doctor
from rights_line.ops.doctor import (
    Deployment,
    check_contacts,
    check_exposure,
    check_languages,
    check_numbers,
    check_secrets,
)
from rights_line.ops.twilio_checks import Account, check_twilio
from rights_line.web import health
from tests.support.clock import TUESDAY
from tests.support.folders import CATALOG, change, restate
from tests.support.twilio_account import BOTH, ENVIRON, NUMBERS
from tests.support.twilio_api import ACCOUNT, NOW, Twilio
from tests.support.twilio_phone import PUBLIC_URL
from tests.support.worlds import SMALL_ROOT, texts_at

TODAY = TUESDAY.date()


def problems(found: Findings) -> str:
    return "\n".join(map(str, found.problems))


# 1. Published numbers


REPORTS = {
    "number without channel": (
        {"RIGHTS_LINE_NUMBER": "+4759440000"},
        ["africastalking_ussd", "twilio_voice"],
        "fail   RIGHTS_LINE_NUMBER: pages and cards tell people to text it, but no",
    ),
    "number of Kannel": (
        {"RIGHTS_LINE_NUMBER": "2044"},
        ["kannel_sms"],
        "manual RIGHTS_LINE_NUMBER: text it from a phone of your own; kannel_sms cannot be asked",
    ),
    "no number": (
        {},
        ["twilio_sms"],
        "manual RIGHTS_LINE_NUMBER: not set; web pages and cards do not say what to text",
    ),
}


def check(sources: ContentSources, environ: dict[str, str], *channels: str) -> str:
    """Check the published numbers."""
    deployment = Deployment(environ, channels, sources, NOW.date())
    return "\n".join(Findings(check_numbers(deployment)).finding_lines())


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
    number: str, fix: str, twilio: Twilio
) -> None:
    """It must belong to the account, and receive SMS."""
    (own,) = twilio.kept[NUMBERS]
    for last, receives_sms in ((1, False), (2, True)):
        capabilities = {"sms": receives_sms, "voice": True}
        more = {"phone_number": f"+475944000{last}", "sid": f"PN{last:031x}f"}
        twilio.kept[NUMBERS].append(own | more | {"capabilities": capabilities})

    found = Findings(check_twilio(Account(twilio.client, PUBLIC_URL, BOTH, NOW, number)))

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
    twilio: Twilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rights_line.ops.doctor.twilio_client", lambda *_, **__: twilio.client)
    environ = ENVIRON | {"RIGHTS_LINE_NUMBER": "+47 59 44 00 09"}
    problems = doctor.run(texts_at(SMALL_ROOT, environ), NOW.date()).problems
    assert [problem.place for problem in problems] == ["RIGHTS_LINE_NUMBER"]


# 2. Secrets

OWN_SECRET = "a-secret-of-the-tests-of-no-use-to-anybody"
TOKEN = "a-token-of-nobody-0123456789"
REDIS = {"REDIS_URL": "rediss://line:one@redis.example.org", "RIGHTS_LINE_SECRET": OWN_SECRET}

WEAK: dict[str, tuple[str, Mapping[str, str]]] = {
    "a token of one letter": ("KANNEL_TOKEN", {"KANNEL_TOKEN": "t" * 32}),
    "a token of few letters": ("KANNEL_TOKEN", {"KANNEL_TOKEN": "changemechangemechange"}),
    "the second of two tokens": (
        "KANNEL_TOKEN",
        {"KANNEL_TOKEN": f"a-token-of-nobody-0123456789,{'t' * 32}"},
    ),
    "a token of the other channel": ("AFRICASTALKING_TOKEN", {"AFRICASTALKING_TOKEN": "t" * 32}),
    "one token of two channels": (
        "KANNEL_TOKEN",
        {"KANNEL_TOKEN": TOKEN, "AFRICASTALKING_TOKEN": TOKEN},
    ),
    "a secret of one letter": ("RIGHTS_LINE_SECRET", {**REDIS, "RIGHTS_LINE_SECRET": "s" * 32}),
    "a token that is the secret": ("KANNEL_TOKEN", {**REDIS, "KANNEL_TOKEN": OWN_SECRET}),
    "a token that is Twilio's": (
        "KANNEL_TOKEN",
        {"KANNEL_TOKEN": OWN_SECRET, "TWILIO_AUTH_TOKEN": f"another, {OWN_SECRET}"},
    ),
    "a secret that is Twilio's": (
        "RIGHTS_LINE_SECRET",
        {**REDIS, "TWILIO_AUTH_TOKEN": f"{OWN_SECRET},another"},
    ),
    "a secret that is Redis' password": (
        "RIGHTS_LINE_SECRET",
        {**REDIS, "REDIS_URL": f"rediss://line:{OWN_SECRET}@redis.example.org"},
    ),
    "a token that is the doctor's password": (
        "KANNEL_TOKEN",
        {"KANNEL_TOKEN": OWN_SECRET, "REDIS_DOCTOR_URL": f"rediss://doctor:{OWN_SECRET}@a.example"},
    ),
}
STRONG: dict[str, Mapping[str, str]] = {
    "a secret with a comma": {**REDIS, "RIGHTS_LINE_SECRET": f"{OWN_SECRET},{OWN_SECRET}-"},
    "all secrets, each different": {
        **REDIS,
        "KANNEL_TOKEN": TOKEN,
        "AFRICASTALKING_TOKEN": f"another-{TOKEN}",
        "REDIS_DOCTOR_URL": "rediss://doctor:one@redis.example.org",
    },
}


@pytest.mark.parametrize(("place", "environ"), WEAK.values(), ids=WEAK)
def test_secret_weak_or_reused_is_a_problem(
    place: str, environ: Mapping[str, str], small_sources: ContentSources
) -> None:
    """The message names the variable and a fix, and no secret."""
    problem, *_ = check_secrets(Deployment(environ, [], small_sources, NOW.date()))
    assert isinstance(problem, Problem)
    assert problem.place == place
    assert "openssl rand" in problem.fix
    assert not any(value in str(problem) for value in environ.values())


@pytest.mark.parametrize("environ", STRONG.values(), ids=STRONG)
def test_secret_strong_or_unused_has_no_problem(
    environ: Mapping[str, str], small_sources: ContentSources
) -> None:
    assert [*check_secrets(Deployment(environ, [], small_sources, NOW.date()))] == []


# 3. Exposure, texts and contacts


def test_doctor_served_drafts_are_listed(sources: ContentSources) -> None:
    """The doctor does not say at the same time that drafts are not served."""
    deployment = Deployment({"RIGHTS_LINE_SERVE": "drafts"}, [], sources, TODAY)
    (line,) = Findings(check_languages(deployment)).manual
    assert line.startswith("RIGHTS_LINE_SERVE: unapproved texts are served: nb, en")


@pytest.mark.parametrize(("serve", "is_named"), [("drafts", True), ("approved", False)])
def test_doctor_translation_that_waits_is_named_where_it_is_served(
    serve: str, is_named: bool, small_folder: Path
) -> None:
    """It does not stop deploy/upgrade. Here no language is approved."""
    change(small_folder, CATALOG, restate("close_label", str, "fuzzy"))
    environ = {"CHANNELS": "kannel_sms", "KANNEL_TOKEN": "t" * 32, "RIGHTS_LINE_SERVE": serve}
    found = doctor.run(texts_at(small_folder, environ), TODAY)
    said = "language pl: 1 translations wait, and English is sent: close_label has only a fuzzy"
    assert any(line.startswith(said) for line in found.manual) == is_named
    assert said not in problems(found)


EXPOSED = {
    "no TLS, simulator beside a channel for people": (
        *(["kannel_sms", "try_it"], "http://line.example.org"),
        [
            "RIGHTS_LINE_PUBLIC_URL: must start with https://, got http://",
            "CHANNELS: must not name try_it beside kannel_sms",
        ],
    ),
    "correct": (["kannel_sms"], "https://line.example.org", []),
    "simulator on a laptop": (["try_it"], "http://127.0.0.1:8000", []),
}


@pytest.mark.parametrize(("channels", "url", "named"), EXPOSED.values(), ids=EXPOSED)
def test_doctor_exposed_channel_is_a_problem(
    channels: list[str], url: str, named: list[str], sources: ContentSources
) -> None:
    """No TLS, or the simulator, which checks no token, beside channels for people."""
    deployment = Deployment({"RIGHTS_LINE_PUBLIC_URL": url}, channels, sources, TODAY)

    found = Findings(check_exposure(deployment))

    assert len(found.problems) == len(named)
    assert all(words in problems(found) for words in named)


def contacts_findings(sources: ContentSources, today: date) -> Findings:
    return Findings(check_contacts(Deployment({}, [], sources, today)))


def test_doctor_contact_after_verify_by_is_a_problem(sources: ContentSources) -> None:
    """On the day itself it is still ok."""
    contacts = sources.content.contacts
    due = min(row.verify_by for row in contacts.values())
    named = f"content/contacts.yaml: rosa must be verified by {due}, last verified on"

    assert contacts_findings(sources, due).problems == []
    assert named in problems(contacts_findings(sources, due + timedelta(days=1)))


@pytest.mark.parametrize("today", [date(1971, 1, 1), date(2026, 11, 23)])
def test_doctor_clock_before_last_verification_is_a_problem(
    today: date, sources: ContentSources
) -> None:
    """With a wrong clock, opening hours would be wrong too."""
    found = contacts_findings(sources, today)

    summary = f"must not be before 2026-11-24, when contacts were verified, got {today}"
    assert f"The clock: {summary}" in problems(found)
    assert found.ok == []
