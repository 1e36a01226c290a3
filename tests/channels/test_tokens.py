"""Tests of the path tokens: each channel that cannot sign has its own."""

from collections.abc import Mapping

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from rights_line.channels import load_channels
from rights_line.errors import ConfigurationError, Unauthenticated

KANNEL, USSD = "kannel_sms", "africastalking_ussd"
ONE, OTHER, SHARED = (f"a-token-of-nobody-{name}" for name in ("one", "other", "shared"))

# variables -> the tokens that each channel accepts
CONFIGURATIONS: dict[str, tuple[Mapping[str, str], Mapping[str, set[str]]]] = {
    "one for each": (
        {"KANNEL_TOKEN": ONE, "AFRICASTALKING_TOKEN": OTHER},
        {KANNEL: {ONE}, USSD: {OTHER}},
    ),
    "two while one is rotated": (
        {"KANNEL_TOKEN": f"{ONE}, {SHARED}", "AFRICASTALKING_TOKEN": OTHER},
        {KANNEL: {ONE, SHARED}, USSD: {OTHER}},
    ),
}


@pytest.mark.parametrize(("environ", "accepted"), CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_channel_accepts_its_own_tokens_only(
    environ: Mapping[str, str], accepted: Mapping[str, set[str]]
) -> None:
    """One provider's token must not let that provider forge messages of another."""
    for name, channel in load_channels([KANNEL, USSD], environ).items():
        for token in (ONE, OTHER, SHARED, ""):
            request = Request(EnvironBuilder(method="POST").get_environ())
            try:
                channel.authenticate(request, token)
            except Unauthenticated:
                assert token not in accepted[name]
            else:
                assert token in accepted[name]


@pytest.mark.parametrize("name", ["KANNEL_TOKEN", "AFRICASTALKING_TOKEN"])
def test_malformed_token_is_refused_under_the_name_that_was_set(name: str) -> None:
    """The operator reads which variable to fix, and not its value."""
    with pytest.raises(ConfigurationError) as raised:
        load_channels((), {name: "too-short"})

    assert {problem.place for problem in raised.value.problems} == {name}
    assert "must be 20 or more of A-Z a-z 0-9 - _" in str(raised.value)
    assert "too-short" not in str(raised.value)
