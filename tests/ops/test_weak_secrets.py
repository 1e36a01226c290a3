"""The doctor names weak and reused secrets, without showing them."""

from collections.abc import Mapping

import pytest

from rights_line.content.loader import ContentSources
from rights_line.errors import Problem
from rights_line.ops.doctor import check_secrets
from rights_line.ops.findings import Deployment, Finding
from tests.support.clock import TUESDAY

SECRET = "a-secret-of-the-tests-of-no-use-to-anybody"
TOKEN = "a-token-of-nobody-0123456789"
REDIS = {"REDIS_URL": "rediss://line:one@redis.example.org", "RIGHTS_LINE_SECRET": SECRET}

WEAK: dict[str, tuple[str, Mapping[str, str]]] = {
    "a token of one letter": ("KANNEL_TOKEN", {"KANNEL_TOKEN": "t" * 32}),
    "a token of few letters": ("KANNEL_TOKEN", {"KANNEL_TOKEN": "changemechangemechange"}),
    "the second of two tokens": (
        "KANNEL_TOKEN",
        {"KANNEL_TOKEN": f"a-token-of-nobody-0123456789,{'t' * 32}"},
    ),
    "the second of two tokens is Twilio's": (
        "KANNEL_TOKEN",
        {
            "KANNEL_TOKEN": f"a-token-of-nobody-0123456789,{SECRET}",
            "TWILIO_AUTH_TOKEN": SECRET,
        },
    ),
    "a token of the other channel": ("AFRICASTALKING_TOKEN", {"AFRICASTALKING_TOKEN": "t" * 32}),
    "one token of two channels": (
        "KANNEL_TOKEN",
        {"KANNEL_TOKEN": TOKEN, "AFRICASTALKING_TOKEN": TOKEN},
    ),
    "a secret of one letter": ("RIGHTS_LINE_SECRET", {**REDIS, "RIGHTS_LINE_SECRET": "s" * 32}),
    "a token that is the secret": ("KANNEL_TOKEN", {**REDIS, "KANNEL_TOKEN": SECRET}),
    "a token that is Twilio's": (
        "KANNEL_TOKEN",
        {"KANNEL_TOKEN": SECRET, "TWILIO_AUTH_TOKEN": f"another, {SECRET}"},
    ),
    "a secret that is Twilio's": (
        "RIGHTS_LINE_SECRET",
        {**REDIS, "TWILIO_AUTH_TOKEN": f"{SECRET},another"},
    ),
    "a secret that is Redis' password": (
        "RIGHTS_LINE_SECRET",
        {**REDIS, "REDIS_URL": f"rediss://line:{SECRET}@redis.example.org"},
    ),
    "a token that is the doctor's password": (
        "KANNEL_TOKEN",
        {"KANNEL_TOKEN": SECRET, "REDIS_DOCTOR_URL": f"rediss://doctor:{SECRET}@a.example"},
    ),
}
STRONG: dict[str, Mapping[str, str]] = {
    "a secret with a comma": {**REDIS, "RIGHTS_LINE_SECRET": f"{SECRET},{SECRET}-"},
    "all secrets, each different": {
        **REDIS,
        "KANNEL_TOKEN": TOKEN,
        "AFRICASTALKING_TOKEN": f"another-{TOKEN}",
        "REDIS_DOCTOR_URL": "rediss://doctor:one@redis.example.org",
    },
}


def findings(environ: Mapping[str, str], sources: ContentSources) -> list[Finding]:
    return list(check_secrets(Deployment(environ, [], sources, TUESDAY.date())))


@pytest.mark.parametrize(("place", "environ"), WEAK.values(), ids=WEAK)
def test_secret_weak_or_reused_is_a_problem(
    place: str, environ: Mapping[str, str], small_sources: ContentSources
) -> None:
    """The message names the variable and a fix, and no secret."""
    problem, *_ = findings(environ, small_sources)
    assert isinstance(problem, Problem)
    assert problem.place == place
    assert "openssl rand" in problem.fix
    assert not any(value in str(problem) for value in environ.values())


@pytest.mark.parametrize("environ", STRONG.values(), ids=STRONG)
def test_secret_strong_or_unused_has_no_problem(
    environ: Mapping[str, str], small_sources: ContentSources
) -> None:
    assert findings(environ, small_sources) == []
