"""The doctor checks where Twilio sends messages and calls, and which records it keeps."""

import socket
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from twilio.rest import Client

from rights_line.ops import Findings, doctor
from rights_line.ops.doctor import TIMEOUT
from rights_line.ops.twilio_account import twilio_client
from rights_line.ops.twilio_checks import MANUAL_CHECKS, Account, check_twilio
from rights_line.ops.twilio_checks import OFFLINE as OFFLINE_PROBLEM
from tests.support import cli
from tests.support.servers import free_port
from tests.support.twilio_account import (
    BOTH,
    CALLS,
    ENVIRON,
    IN_SERVICE,
    MEMBERS,
    NOWHERE,
    NUMBER,
    NUMBERS,
    OUR_CALLS,
    OUR_SMS,
    SERVICES,
    SMS,
)
from tests.support.twilio_api import ACCOUNT, API, NOW, Row, Twilio, answer
from tests.support.twilio_phone import PUBLIC_URL
from tests.support.worlds import SMALL_ROOT, texts_at

Change = Callable[[Twilio], None]


def check(client: Client, channels: Collection[str] = tuple(BOTH), number: str = "") -> Findings:
    """Check an account; the time is NOW."""
    return Findings(check_twilio(Account(client, PUBLIC_URL, channels, NOW, number)))


def problems(found: Findings) -> list[str]:
    return [str(problem) for problem in found.problems]


def changed(path: str, **settings: Any) -> Change:
    """Return a change of the first record of a list."""
    return lambda state: state.kept[path][0].update(settings)


def in_service(number: Row | None = None, **settings: Any) -> Change:
    """Return a change that adds the number to the messaging service, with settings of both."""

    def change(state: Twilio) -> None:
        state.kept[NUMBERS][0].update(number or {})
        state.kept[MEMBERS].append({"sid": NUMBER})
        state.kept[SERVICES][0].update({"use_inbound_webhook_on_number": False} | settings)

    return change


CORRECT = {
    "settings of the number": changed(NUMBERS),
    "settings of its service": in_service(NOWHERE | OUR_CALLS, **IN_SERVICE),
    "settings of the number, which its service uses": in_service(
        use_inbound_webhook_on_number=True
    ),
    "number without calls": changed(
        NUMBERS, **NOWHERE | OUR_SMS, capabilities={"sms": True, "voice": False}
    ),
    "a recent message, which `purge-twilio` deletes later": lambda state: state.add(
        "Messages", timedelta(minutes=20)
    ),
    "a recent call": lambda state: state.add("Calls", timedelta(minutes=20)),
}


@pytest.mark.parametrize("change", CORRECT.values(), ids=CORRECT)
def test_twilio_check_webhooks_of_the_line_are_ok(change: Change, twilio: Twilio) -> None:
    """Only the settings that Twilio uses are checked."""
    change(twilio)

    found = check(twilio.client)

    assert problems(found) == []
    assert found.ok in (["twilio: 2 webhooks checked"], ["twilio: 1 webhooks checked"])
    assert found.manual == [*MANUAL_CHECKS]


ELSEWHERE = {
    "application": {"sms_application_sid": f"AP{1:032x}", "voice_application_sid": f"AP{1:032x}"},
    "application for calls": {"voice_application_sid": f"AP{1:032x}"},
    "SIP trunk": {"trunk_sid": f"TK{1:032x}"},
}


@pytest.mark.parametrize("settings", ELSEWHERE.values(), ids=ELSEWHERE)
def test_twilio_check_webhook_set_elsewhere_is_a_manual_check(
    settings: Row, twilio: Twilio
) -> None:
    """Twilio then ignores the settings of the number."""
    twilio.kept[NUMBERS][0] |= NOWHERE if len(settings) == 2 else {"voice_url": ""}
    twilio.kept[NUMBERS][0] |= settings

    found = check(twilio.client)

    assert problems(found) == []
    place = "twilio, TwiML application or SIP trunk of +4759440000: its"
    kinds = ["sms", "voice"] if len(settings) == 2 else ["voice"]
    lines = [f"{place} {kind} webhook and fallback must be set as for a number" for kind in kinds]
    assert found.manual == [*MANUAL_CHECKS, *lines]


SMS_WEBHOOK = "+4759440000: the sms webhook must be the line's, by POST"
SMS_FALLBACK = "the sms fallback must be on another host, by POST"
WRONG = {
    "webhook elsewhere": (
        changed(NUMBERS, sms_url="https://demo.twilio.com/x"),
        f"Set it to {SMS} with HTTP POST",
    ),
    "webhook by GET": (changed(NUMBERS, sms_method="GET"), SMS_WEBHOOK),
    "no fallback": (changed(NUMBERS, sms_fallback_url=""), "output of `rights-line fallback`"),
    "no webhook for calls": (changed(NUMBERS, voice_url=""), f"Set it to {CALLS}"),
    "no fallback for calls": (
        changed(NUMBERS, voice_fallback_url=None),
        "output of `rights-line fallback --voice`",
    ),
    "fallback on the same host": (
        changed(NUMBERS, sms_fallback_url=f"{PUBLIC_URL}/sorry"),
        SMS_FALLBACK,
    ),
    "fallback by GET": (changed(NUMBERS, sms_fallback_method="GET"), SMS_FALLBACK),
    "status callback for calls": (
        changed(NUMBERS, status_callback="https://elsewhere.example.net"),
        "+4759440000: the status callback must be empty",
    ),
    "caller name lookup": (changed(NUMBERS, voice_caller_id_lookup=True), "Caller Name Lookup"),
    "smart encoding": (changed(SERVICES, smart_encoding=True), "Smart Encoding must be off"),
    "status callback of a service": (
        changed(SERVICES, status_callback="https://elsewhere.example.net"),
        "messaging service line: the status callback must be empty",
    ),
    "service with webhook elsewhere": (
        in_service(**IN_SERVICE | {"inbound_request_url": "https://elsewhere.example.net"}),
        f"messaging service line of {SMS_WEBHOOK}",
    ),
    "service without fallback": (
        in_service(**IN_SERVICE | {"fallback_url": ""}),
        f"messaging service line of +4759440000: {SMS_FALLBACK}",
    ),
    "no number": (lambda state: state.kept[NUMBERS].clear(), "must have a number for the line"),
    "old messages": (
        lambda state: state.add("Messages", timedelta(days=3)),
        "twilio: must not keep messages or calls older than two days. Run `rights-line",
    ),
    "old calls": (
        lambda state: state.add("Calls", timedelta(days=3)),
        "twilio: must not keep messages or calls older than two days. Run `rights-line",
    ),
    "recordings": (
        lambda state: state.kept[f"{API}/Recordings"].append({"sid": f"RE{1:032x}"}),
        "twilio: must not keep recordings of calls",
    ),
}


@pytest.mark.parametrize(("change", "named"), WRONG.values(), ids=WRONG)
def test_twilio_check_wrong_setting_is_a_problem(
    change: Change, named: str, twilio: Twilio
) -> None:
    """The message names the fix, and no address of another host."""
    change(twilio)

    found = check(twilio.client)

    assert named in "\n".join(problems(found))
    assert len({problem.place for problem in found.problems}) == 1
    assert "example.net" not in "\n".join(problems(found))


def test_twilio_check_disabled_channel_needs_no_webhook(twilio: Twilio) -> None:
    twilio.kept[NUMBERS][0]["voice_url"] = ""

    assert problems(check(twilio.client, ["twilio_sms"])) == []


UNREADABLE = {
    "wrong token": (
        401,
        {"message": ACCOUNT},
        "TWILIO_AUTH_TOKEN: must be the token of TWILIO_ACCOUNT_SID",
    ),
    "outage": (503, "", "twilio: the API must answer as documented, got status 503;"),
    "HTML page": (200, "<html>", "twilio: the API must answer as documented, got "),
    "malformed list": (
        200,
        '{"incoming_phone_numbers": [7]}',
        "twilio: the API must answer as documented, got ",
    ),
}


@pytest.mark.parametrize(("status", "body", "named"), UNREADABLE.values(), ids=UNREADABLE)
def test_twilio_check_unreadable_answer_is_one_problem(
    status: int, body: Row | str, named: str, twilio: Twilio
) -> None:
    """A wrong token, an outage, a foreign page: no traceback and no account SID."""
    twilio.failures = [lambda handler: answer(handler, status, body)] * 20

    found = check(twilio.client)

    assert len(found.problems) == 1
    assert problems(found)[0].startswith(named)
    assert ACCOUNT not in problems(found)[0]
    assert (found.ok, found.manual) == ([], [*MANUAL_CHECKS])


@contextmanager
def silent() -> Iterator[int]:
    """Yield a port that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    "network",
    [
        pytest.param(lambda: nullcontext(f"127.0.0.1:{free_port()}"), id="connection refused"),
        pytest.param(lambda: nullcontext("nowhere.invalid:1"), id="unknown host"),
        pytest.param(silent, id="silent", marks=pytest.mark.timed),  # it waits for the timeout
    ],
)
def test_twilio_check_offline_is_reported_within_five_seconds(
    network: Callable[[], AbstractContextManager[str | int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proxy to Twilio cannot be used: the message blames neither account nor token."""
    with network() as proxy:
        address = proxy if isinstance(proxy, str) else f"127.0.0.1:{proxy}"
        monkeypatch.setenv("HTTPS_PROXY", f"http://{address}")
        monkeypatch.setenv("NO_PROXY", "")
        client = twilio_client(ENVIRON, TIMEOUT, retries=0)
        start = time.monotonic()

        found = check(client)

        assert time.monotonic() - start < 5
    assert found.problems == [OFFLINE_PROBLEM]
    assert "got no answer" in problems(found)[0]
    assert not any(word in problems(found)[0] for word in ("token", "TOKEN", "account"))
    assert (found.ok, found.manual) == ([], [*MANUAL_CHECKS])


@pytest.mark.parametrize("quiet", [[], ["--quiet"]], ids=["default", "quiet"])
@pytest.mark.parametrize("code", [0, 1])
def test_doctor_command_exit_code_counts_problems_only(
    quiet: list[str], code: int, twilio: Twilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Manual checks do not change it; --quiet prints problems only."""
    if code:
        twilio.kept[NUMBERS][0]["sms_url"] = ""
    monkeypatch.setattr("rights_line.ops.doctor.twilio_client", lambda *_, **__: twilio.client)
    at_a_date = partial(doctor.run, today=NOW.date())  # before any contact is due
    monkeypatch.setattr("rights_line.ops.doctor.run", at_a_date)

    done = cli.run("doctor", *quiet, where=SMALL_ROOT, **ENVIRON)

    assert done.returncode == code
    problem = "fail   twilio, +4759440000: the sms webhook must be the line's"
    assert any(line.startswith(problem) for line in done.stdout.splitlines()) is bool(code)
    assert all(f"\nmanual {line}" in done.stdout for line in MANUAL_CHECKS) is not bool(quiet)
    assert not quiet or len(done.stdout.splitlines()) == code
    assert "secret" not in done.stdout


def test_doctor_without_account_sid_reports_twilio_unchecked() -> None:
    found = doctor.run(texts_at(SMALL_ROOT, ENVIRON | {"TWILIO_ACCOUNT_SID": ""}), NOW.date())

    assert [problem.place for problem in found.problems] == ["TWILIO_ACCOUNT_SID"]
    assert "Set it to the Account SID" in problems(found)[0]
    assert not [line for line in found.ok if line.startswith("twilio:")]
    unchecked = "twilio: not checked, because TWILIO_ACCOUNT_SID is not set"
    assert {unchecked, *MANUAL_CHECKS} <= set(found.manual)
