"""Tests of the SMS and WhatsApp channel of Twilio."""

from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse
from werkzeug.datastructures import MultiDict

from rights_line.channels import twilio_sms
from rights_line.channels._channel import FORM
from rights_line.channels.twilio_sms import Channel
from rights_line.core import Inbound, Medium
from rights_line.core.library import Library
from rights_line.errors import Unauthenticated
from tests.support.phones import request_of
from tests.support.signature_matrix import ACCOUNT, HIDDEN, MATRIX, Case, Line, Pairs, resplits
from tests.support.twilio_phone import (
    ENVIRON,
    PATH,
    PUBLIC_URL,
    SENDER,
    TOKEN,
    fields,
    reply_text,
    signature,
)
from tests.support.wording import without_spaces


@pytest.mark.parametrize("case", MATRIX.values(), ids=MATRIX)
def test_signed_request_is_read_and_forged_request_refused(case: Case, library: Library) -> None:
    """A genuine text is read unchanged; a forged request never reaches the sessions."""
    line = Line(library, case.environ)

    answer, signed = case.send(line)

    assert answer.status_code == case.status
    if case.status != 200:
        assert (answer.data == b"") == (case.status == 403)
        assert (line.read, line.sessions.mock_calls) == ([], [])
        return
    is_silent = case.machine or case.stop
    is_chat = signed["From"].startswith("whatsapp:")
    medium = Medium.CHAT if is_chat else Medium.SMS
    expected = Inbound(
        signed["From"],
        signed["Body"],
        case.stop,
        not case.machine,
        medium,
        id=signed.get("MessageSid", ""),
    )
    assert line.read == [expected]
    assert answer.content_type == "text/xml; charset=utf-8"
    assert ("112" in without_spaces(reply_text(answer.data)), reply_text(answer.data) == "") == (
        not is_silent,
        is_silent,
    )


_DANGER = 2  # lines of the danger screen above its links


@pytest.mark.parametrize("body", ["OptOutTypeSTOP ratunku", "ratunku OptOutTypeSTOP"])
def test_opt_out_name_in_text_does_not_silence_an_emergency(body: str, library: Library) -> None:
    """`OptOutType` is a field; in a text its name is only text, which may add a link."""
    answers = [Case(fields={"Body": text}).send(Line(library, {}))[0] for text in ("ratunku", body)]

    assert [answer.status_code for answer in answers] == [200, 200]
    plain, named = (reply_text(answer.data).splitlines()[:_DANGER] for answer in answers)
    assert named == plain
    assert "112" in plain[0]


@pytest.mark.parametrize("name", ["RAW_URI", "REQUEST_URI"])
def test_signed_address_is_read_from_either_server_variable(name: str, library: Library) -> None:
    """waitress sets `REQUEST_URI`, gunicorn `RAW_URI`."""
    line, form = Line(library, {}), fields("POLSKI")
    answer = line.send(
        PATH,
        urlencode(form),
        method="POST",
        content_type=FORM,
        headers={"X-Twilio-Signature": signature(form)},
        environ_overrides={"RAW_URI": "", "REQUEST_URI": "", name: PATH},
    )
    assert answer.status_code == 200
    assert [message.text for message in line.read] == ["POLSKI"]


@pytest.mark.parametrize("address", ["https://line.example.org:99999", "https://["])
def test_authenticate_when_the_validator_raises_refuses(address: str) -> None:
    request = request_of(PATH, content_type=FORM, data=urlencode(fields("hei")))
    with pytest.raises(Unauthenticated):
        Channel(ENVIRON | {"RIGHTS_LINE_PUBLIC_URL": address}).authenticate(request, "")


SMS = fields("hei, jeg trenger hjelp med lonn og bolig")
RESPLITTABLE = {
    "an SMS": (SMS, PATH, ACCOUNT),
    "an SMS to an address with a query": (SMS, f"{PATH}?a=b", ACCOUNT),
    "a WhatsApp message": (fields("41", f"whatsapp:{SENDER}", ProfileName="Ana"), PATH, ACCOUNT),
    # Words that sort after Body and before From can become field names.
    "a text with capitals and underscores": (fields("41 Every_Day_ Call_me-now"), PATH, ACCOUNT),
    "a field with an underscore": (fields("41", Flow_Sid="Aa_b", Body_Part="C_d"), PATH, ACCOUNT),
    # The text, or an id of letters, can swallow a field that sorts after it.
    "a WhatsApp message with more fields": (
        fields("41", **HIDDEN, ChannelMetadata="{}"),
        PATH,
        ACCOUNT,
    ),
    # The preceding field can swallow OptOutType: only the forger gets that reply.
    "STOP": (fields("stopp det", OptOutType="STOP"), PATH, ACCOUNT),
}


def is_cut_or_grown(read: Inbound, original: Inbound) -> bool:
    """Whether a message was changed only as the docstring of `_twilio` allows.

    The text may be cut off, a following field may be appended to the text or the sender, and an
    opt-out may be hidden, but never added. A machine may become another one, as none gets a reply.
    """
    return (
        read.is_person == original.is_person
        and read.opted_out <= original.opted_out
        and (read.sender.startswith(original.sender) or not read.is_person)
        and (original.text.startswith(read.text) or read.text.startswith(original.text))
    )


# Each has a thousand splits. The other cases run in `make test-all`.
OFTEN = {"an SMS", "a WhatsApp message with more fields", "STOP"}


@pytest.mark.parametrize(
    ("form", "target", "environ"),
    [
        pytest.param(*case, id=name, marks=[] if name in OFTEN else pytest.mark.slow)
        for name, case in RESPLITTABLE.items()
    ],
)
def test_signed_request_split_differently_is_not_another_message(
    form: dict[str, str], target: str, environ: dict[str, str], library: Library
) -> None:
    """Each other split is refused, or reads as a cut or grown message at most."""
    line = Line(library, environ)
    validator = RequestValidator(TOKEN)
    signature = validator.compute_signature(PUBLIC_URL + target, form)
    is_person = form["From"].startswith(("+", "whatsapp:"))
    original = Inbound(
        form["From"], form["Body"], "OptOutType" in form, is_person, id=form.get("MessageSid", "")
    )
    accepted: list[tuple[int, str, Pairs]] = []
    refused = 0

    for lead, pairs in resplits(form):
        forged = target + lead
        # A request that Twilio's own validator refuses proves nothing about this channel.
        if not validator.validate(PUBLIC_URL + forged, MultiDict(pairs), signature):
            continue
        answer = line.send(
            forged,
            urlencode(pairs),
            method="POST",
            content_type=FORM,
            headers={"X-Twilio-Signature": signature},
        )
        refused += answer.status_code in (403, 404)
        is_harmless = not line.read or is_cut_or_grown(line.read[-1], original)
        if answer.status_code not in (200, 403, 404) or not is_harmless:
            accepted.append((answer.status_code, forged, sorted(set(pairs) - set(form.items()))))
            line.read.clear()

    assert accepted == []
    assert refused >= 300


@pytest.mark.parametrize("text", ["", "hei", "<&>\"'\n\tå ที่ 😀", "]]>", "  padded  "])
def test_twiml_is_that_of_twilio_sdk(text: str) -> None:
    response = MessagingResponse()
    if text:
        response.message(text)

    assert twilio_sms.twiml(text) == response.to_xml()
