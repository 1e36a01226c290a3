"""Twilio: voice calls, for people who do not read; callers listen and press keys.

In Twilio's console set the voice webhook of the number ("a call comes in") to
`<RIGHTS_LINE_PUBLIC_URL>/inbound/twilio_voice`, HTTP POST, and its fallback URL to a TwiML Bin with
the output of `rights-line fallback --voice`. Leave recording off. Before you publish the number,
call it and listen to each language: the voices are Twilio's, and change without notice.

With `TWILIO_VOICE_CONNECT` a caller who chose to talk to somebody, or whose language has neither a
voice nor recordings, may press 9 to be put through to ROSA; you pay for that call, and Twilio keeps
a record of it. It requires `RIGHTS_LINE_NUMBER` (+47...), which ROSA sees instead of the caller's
number.

Callers of a number with the webhook `<RIGHTS_LINE_PUBLIC_URL>/inbound/twilio_voice?tag=so` hear one
language at once. So do those who call by the link on a page, `tel:+4759440000,,14`.

`*` repeats. An input ends with #, or after two seconds without a key. A caller who presses no key
hears the screen twice, then the helplines. The caller's number is in every request; the line does
not read it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlencode

from twilio.twiml.voice_response import Gather, VoiceResponse
from werkzeug.wrappers import Request, Response

from rights_line.channels._twilio import ACCOUNT_SID, TwilioChannel
from rights_line.core import CallState, Inbound, Medium, Reply, Utterance
from rights_line.errors import Problem
from rights_line.settings.variable import Variable, variable_matches

_FIELDS = {"CallSid": re.compile(r"CA[0-9a-f]{32}")}
_KEYS = re.compile(r"[0-9*#]{0,20}")
# Seconds to wait for the next key, and for the first one after the speech.
_INTER_DIGIT_SECONDS, _FIRST_DIGIT_SECONDS = 2, 6

VOICE_CONNECT = Variable(
    "TWILIO_VOICE_CONNECT",
    "off",
    "`yes` lets callers press 9 for ROSA.",
    variable_matches("yes"),
    'must be "yes" or unset, got "{value}"',
    "Set it to yes, or remove it",
)


class Channel(TwilioChannel):
    """Twilio Programmable Voice."""

    label = "Calls"
    media = (Medium.VOICE,)
    optional = (ACCOUNT_SID, VOICE_CONNECT)
    fields = _FIELDS
    other_names = ("msg",)

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(environ)
        connects = environ.get(VOICE_CONNECT.name)
        self._caller_id = environ["RIGHTS_LINE_NUMBER"] if connects else ""

    @classmethod
    def problems(cls, environ: Mapping[str, str]) -> Iterator[Problem]:
        yield from super().problems(environ)
        number = environ.get("RIGHTS_LINE_NUMBER", "")
        is_e164 = re.fullmatch(r"\+[1-9]\d{6,14}", number)
        if environ.get(VOICE_CONNECT.name) and not is_e164:
            problem = "must be an E.164 number without blanks if TWILIO_VOICE_CONNECT is set"
            fix = "Set it to the line's own number: the helpline sees it as the caller's number"
            yield Problem("RIGHTS_LINE_NUMBER", problem, fix)

    def receive(self, request: Request) -> Inbound:
        keys = request.form.getlist("Digits")
        pressed = keys[0] if len(keys) == 1 and _KEYS.fullmatch(keys[0]) else ""
        return Inbound(
            sender="",
            text=pressed.strip("#"),
            medium=Medium.VOICE,
            call=CallState(request.args.get("tag"), request.args.get("place", "")),
            can_transfer=bool(self._caller_id),
        )

    def deliver(self, reply: Reply, sender: str = "") -> Response:
        response = VoiceResponse()
        if reply.transfer_to:
            response.dial(reply.transfer_to, caller_id=self._caller_id, timeout=30)
        elif reply.spoken:
            # A caller who presses nothing hears the second gather, and then the closing.
            response.append(self._gather_keys(reply))
            response.append(self._gather_keys(reply))
        _say_in_twiml(response, reply.closing or [Utterance("", reply.text)])
        response.hangup()
        return Response(response.to_xml(), content_type="text/xml; charset=utf-8")

    def _gather_keys(self, reply: Reply) -> Gather:
        query = urlencode({"tag": reply.call.tag or "", "place": reply.call.screen_code})
        gather = Gather(
            input="dtmf",
            action=f"{self._public_url}/inbound/twilio_voice?{query}",
            method="POST",
            finish_on_key="#",
            timeout=_INTER_DIGIT_SECONDS,
        )
        _say_in_twiml(gather, reply.spoken)
        gather.pause(length=_FIRST_DIGIT_SECONDS)
        return gather


def twiml(utterances: Iterable[Utterance]) -> str:
    """Return TwiML that speaks and hangs up."""
    response = VoiceResponse()
    _say_in_twiml(response, utterances)
    response.hangup()
    xml: str = response.to_xml()
    return xml


def _say_in_twiml(verb: VoiceResponse | Gather, utterances: Iterable[Utterance]) -> None:
    for voice, text, recording in utterances:
        if recording:
            verb.play(recording)
        else:
            verb.say(text, voice=voice or None)
