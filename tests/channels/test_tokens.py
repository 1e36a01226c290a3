"""The tokens of channels that do not sign: one for each, which opens no other channel."""

import itertools
from collections.abc import Mapping

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from rights_line.channels import load_channels
from rights_line.errors import ConfigurationError, Unauthenticated

KANNEL, USSD = "kannel_sms", "africastalking_ussd"
ONE, OTHER, SHARED = (f"a-token-of-nobody-{name}" for name in ("one", "other", "shared"))

# variables -> the tokens that each channel accepts
ACCEPTED: dict[str, tuple[Mapping[str, str], Mapping[str, set[str]]]] = {
    "one for each": (
        {"KANNEL_TOKEN": ONE, "AFRICASTALKING_TOKEN": OTHER},
        {KANNEL: {ONE}, USSD: {OTHER}},
    ),
    "two while one is rotated": (
        {"KANNEL_TOKEN": f"{ONE}, {SHARED}", "AFRICASTALKING_TOKEN": OTHER},
        {KANNEL: {ONE, SHARED}, USSD: {OTHER}},
    ),
    "the deprecated token alone": (
        {"WEBHOOK_TOKEN": f"{SHARED},{ONE}"},
        {KANNEL: {SHARED, ONE}, USSD: {SHARED, ONE}},
    ),
    "an own token replaces the deprecated one": (
        {"WEBHOOK_TOKEN": SHARED, "KANNEL_TOKEN": ONE},
        {KANNEL: {ONE}, USSD: {SHARED}},
    ),
    "an empty own token": (
        {"WEBHOOK_TOKEN": SHARED, "KANNEL_TOKEN": "", "AFRICASTALKING_TOKEN": OTHER},
        {KANNEL: {SHARED}, USSD: {OTHER}},
    ),
}


@pytest.mark.parametrize(("environ", "accepted"), ACCEPTED.values(), ids=ACCEPTED)
def test_channel_accepts_its_own_tokens_only(
    environ: Mapping[str, str], accepted: Mapping[str, set[str]]
) -> None:
    """A token is an oracle for whoever holds it, and so must open one channel."""
    tries = list(itertools.product((ONE, OTHER, SHARED, ""), ("GET", "POST")))
    for name, channel in load_channels([KANNEL, USSD], environ).items():
        for token, method in tries:
            request = Request(EnvironBuilder(method=method).get_environ())
            try:
                channel.authenticate(request, token)
            except Unauthenticated:
                assert token not in accepted[name]
            else:
                assert token in accepted[name]


@pytest.mark.parametrize("name", ["KANNEL_TOKEN", "AFRICASTALKING_TOKEN", "WEBHOOK_TOKEN"])
def test_malformed_token_is_refused_under_the_name_that_was_set(name: str) -> None:
    """The operator reads which variable to fix, and not its value."""
    with pytest.raises(ConfigurationError) as refused:
        load_channels((), {name: "too-short"})

    assert {fault.place for fault in refused.value.problems} == {name}
    assert "must be 20 or more of A-Z a-z 0-9 - _" in str(refused.value)
    assert "too-short" not in str(refused.value)
