"""`rights-line sign-of-life`: a constant line, only if the line answers a signed message."""

from collections.abc import Iterator
from typing import Any

import pytest

from rights_line.channels import load_channels, registered_channels
from tests.support import cli, twilio_phone
from tests.support.phones import ENVIRON
from tests.support.servers import free_port, running_line
from tests.support.worlds import SMALL_ROOT, texts_at

CHANNELS = [
    name
    for name, channel in load_channels(registered_channels(), ENVIRON).items()
    if channel.sign_of_life()
]
ROTATED = {"KANNEL_TOKEN": f"{ENVIRON['KANNEL_TOKEN']},the-token-before-this-one"}


def sign_of_life(*arguments: str, **environ: str) -> cli.Done:
    return cli.run("sign-of-life", *arguments, where=SMALL_ROOT, **environ)


def environ_of(channel: str, token: str = twilio_phone.TOKEN) -> dict[str, Any]:
    return {**ENVIRON, **ROTATED, "CHANNELS": channel, "TWILIO_AUTH_TOKEN": token}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a running line with all of these channels."""
    environ = {**ENVIRON, **ROTATED, "CHANNELS": ",".join(CHANNELS)}
    with running_line(texts_at(SMALL_ROOT, environ)) as line:
        yield line.address


@pytest.mark.parametrize("channel", CHANNELS)
def test_line_that_answers_is_alive(channel: str, address: str) -> None:
    done = sign_of_life("--url", address, **environ_of(channel))
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout) == len("alive 2026-11-26\n")
    assert done.stdout.startswith("alive 20")


def test_sign_of_life_prefers_texts_and_a_path_that_is_open_to_the_world(address: str) -> None:
    """The shipped proxy refuses the path of Kannel."""
    texts = environ_of("africastalking_ussd,kannel_sms,twilio_sms", token="another token")
    assert sign_of_life("--url", address, **texts).stderr.startswith("twilio_sms:")
    no_sms = environ_of("africastalking_ussd,kannel_sms")
    down = f"http://127.0.0.1:{free_port()}"
    done = sign_of_life("--url", down, **no_sms)
    assert done.stderr.startswith("africastalking_ussd:")


def test_line_that_refuses_the_message_is_not_alive(address: str) -> None:
    """A monitor that only looks at the status of a page would not notice a wrong token."""
    environ = environ_of("twilio_sms", token="another token")
    done = sign_of_life("--url", address, **environ)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == ("twilio_sms: the line must answer with the helplines, got status 403\n")


def test_line_that_is_down_is_not_alive_and_the_token_is_not_shown() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    done = sign_of_life("--url", url, **environ_of("kannel_sms"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "kannel_sms: the line did not answer, NewConnectionError\n"


def test_other_server_at_the_address_is_not_alive(address: str) -> None:
    """A page without the helplines is not taken for an answer."""
    done = sign_of_life("--url", f"{address}/healthz?", **environ_of("twilio_sms"))
    assert (done.returncode, done.stdout) == (1, "")


def test_line_without_address_or_channel_is_a_configuration_error() -> None:
    no_address: dict[str, Any] = {"CHANNELS": "kannel_sms", "KANNEL_TOKEN": ENVIRON["KANNEL_TOKEN"]}
    no_channel: dict[str, Any] = {**twilio_phone.ENVIRON, "CHANNELS": "try_it"}
    for environ in (no_address, no_channel):
        done = sign_of_life(**environ)
        assert done.returncode == 1
        assert "RIGHTS_LINE_PUBLIC_URL: must name the line's address" in done.stderr
