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
from collections.abc import Iterable, Mapping
from typing import ClassVar, Self
from urllib.parse import urlencode

from twilio.twiml.voice_response import Gather, VoiceResponse
from werkzeug.wrappers import Request, Response

from rights_line.channels._twilio import ACCOUNT_SID, REQUIRED, TwilioSignature
from rights_line.core.messages import CallState, Inbound, Medium, Reply, Utterance
from rights_line.errors import ConfigurationError, Problem, Unauthenticated
from rights_line.settings.variable import Variable, variable_matches, variable_problems

_FIELD_PATTERNS = {"CallSid": re.compile(r"CA[0-9a-f]{32}")}
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


class Channel:
    """Twilio Programmable Voice."""

    label: ClassVar[str] = "Calls"
    media: ClassVar[tuple[Medium, ...]] = (Medium.VOICE,)
    required: ClassVar[tuple[Variable, ...]] = REQUIRED
    optional: ClassVar[tuple[Variable, ...]] = (ACCOUNT_SID, VOICE_CONNECT)
    published_as: ClassVar[str] = ""

    def __init__(self, signature: TwilioSignature, caller_id: str = "") -> None:
        self._signature = signature
        self._caller_id = caller_id

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        problems = list(variable_problems(environ, (VOICE_CONNECT,)))
        connects = environ.get(VOICE_CONNECT.name)
        number = environ.get("RIGHTS_LINE_NUMBER", "")
        if connects and not re.fullmatch(r"\+[1-9]\d{6,14}", number):
            problem = "must be an E.164 number without blanks if TWILIO_VOICE_CONNECT is set"
            fix = "Set it to the line's own number: the helpline sees it as the caller's number"
            problems.append(Problem("RIGHTS_LINE_NUMBER", problem, fix))
        try:
            signature = TwilioSignature.from_environ(environ, "twilio_voice")
        except ConfigurationError as error:
            raise ConfigurationError([*problems, *error.problems]) from error
        if problems:
            raise ConfigurationError(problems)
        return cls(signature, number if connects else "")

    def authenticate(self, request: Request, token: str) -> None:
        if token:
            raise Unauthenticated
        self._signature.check(request, _FIELD_PATTERNS, other_names=("msg",))

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

    def sign_of_life(self) -> None:
        return None

    def _gather_keys(self, reply: Reply) -> Gather:
        query = urlencode({"tag": reply.call.tag or "", "place": reply.call.screen_code})
        gather = Gather(
            input="dtmf",
            action=f"{self._signature.public_url}/inbound/twilio_voice?{query}",
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
