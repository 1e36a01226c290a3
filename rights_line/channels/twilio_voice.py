"""Twilio: a voice for those who do not read. She calls, hears, and presses keys.

In Twilio's console point the number's voice webhook ("a call comes in") to
`https://<RIGHTS_LINE_PUBLIC_URL>/inbound/twilio_voice`, HTTP POST, and its fallback to a TwiML Bin
with what `rights-line fallback --voice` prints. Leave recording off. Call the number and listen to
each language before anybody else does: the voices are Twilio's, and change without notice.

    TWILIO_AUTH_TOKEN        the account's auth token; two, with a comma, while rotating
    RIGHTS_LINE_PUBLIC_URL   https://line.example.org, no slash at the end
    TWILIO_ACCOUNT_SID       other accounts' requests are refused; purge-twilio and doctor need it
    TWILIO_VOICE_CONNECT     `yes`: whoever has chosen to talk to somebody may press 9 and is put
                             through to ROSA; you pay for that call, and Twilio keeps a record of it
    RIGHTS_LINE_NUMBER       then required, +47...: what ROSA sees in place of her number
    RIGHTS_LINE_AUDIO_URL    where recordings are (`rights-line script`)

Her language and her place travel in the address that Twilio calls next, and signs. Her number is
in every request; it is not read. What she presses ends after two seconds without a key, or with #.
"""

import re
from collections.abc import Iterable, Mapping
from typing import ClassVar, Self
from urllib.parse import urlencode

from twilio.twiml.voice_response import Gather, VoiceResponse
from werkzeug.wrappers import Request, Response

from rights_line.channels._twilio import REQUIRED, TwilioSignature
from rights_line.core.messages import Inbound, Medium, Reply, Utterance
from rights_line.errors import ConfigurationError, Problem, Unauthenticated

_FIELD_PATTERNS = {"CallSid": re.compile(r"CA[0-9a-f]{32}")}
_KEYS = re.compile(r"[0-9*#]{0,20}")
# Seconds: between two keys, and before the first one, once all is said.
_INTER_DIGIT_SECONDS, _FIRST_DIGIT_SECONDS = 2, 6


class Channel:
    """Twilio's programmable voice."""

    required_variables: ClassVar[tuple[str, ...]] = REQUIRED

    def __init__(self, account: TwilioSignature, caller_id: str = "") -> None:
        self._account = account
        self._shown = caller_id

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        faults: list[Problem] = []
        connects = environ.get("TWILIO_VOICE_CONNECT")
        number = environ.get("RIGHTS_LINE_NUMBER", "")
        if connects not in (None, "", "yes"):
            problem = f'must be "yes" or unset, got "{connects}"'
            faults.append(Problem("TWILIO_VOICE_CONNECT", problem, "Set it to yes, or remove it"))
        if connects and not re.fullmatch(r"\+[1-9]\d{6,14}", number):
            problem = "must be an E.164 number without blanks if TWILIO_VOICE_CONNECT is set"
            remedy = "Set it to the line's own number, +47...: helplines see it as the caller's"
            faults.append(Problem("RIGHTS_LINE_NUMBER", problem, remedy))
        try:
            account = TwilioSignature.from_environ(environ, "twilio_voice")
        except ConfigurationError as refused:
            raise ConfigurationError([*faults, *refused.problems]) from refused
        if faults:
            raise ConfigurationError(faults)
        return cls(account, number if connects else "")

    def authenticate(self, request: Request, token: str) -> None:
        if token:
            raise Unauthenticated
        self._account.authenticate(request, _FIELD_PATTERNS, also=("msg",))

    def receive(self, request: Request) -> Inbound:
        keys = request.form.getlist("Digits")
        pressed = keys[0] if len(keys) == 1 and _KEYS.fullmatch(keys[0]) else ""
        return Inbound(
            sender="",
            text=pressed.strip("#"),
            medium=Medium.VOICE,
            tag=request.args.get("tag"),
            screen_code=request.args.get("place", ""),
            can_transfer=bool(self._shown),
        )

    def deliver(self, reply: Reply) -> Response:
        response = VoiceResponse()
        if reply.transfer_to:
            response.dial(reply.transfer_to, caller_id=self._shown, timeout=30)
        elif reply.spoken:
            # Silence falls through to the second, and then to the farewell.
            response.append(self._gather(reply))
            response.append(self._gather(reply))
        _say(response, reply.closing or [Utterance("", reply.text)])
        response.hangup()
        return Response(response.to_xml(), content_type="text/xml; charset=utf-8")

    def _gather(self, reply: Reply) -> Gather:
        query = urlencode({"tag": reply.tag or "", "place": reply.screen_code})
        gather = Gather(
            input="dtmf",
            action=f"{self._account.public_url}/inbound/twilio_voice?{query}",
            method="POST",
            finish_on_key="#",
            timeout=_INTER_DIGIT_SECONDS,
        )
        _say(gather, reply.spoken)
        gather.pause(length=_FIRST_DIGIT_SECONDS)
        return gather


def spoken_twiml(utterances: Iterable[Utterance]) -> str:
    """Return TwiML that says something and hangs up."""
    response = VoiceResponse()
    _say(response, utterances)
    response.hangup()
    xml: str = response.to_xml()
    return xml


def _say(verb: VoiceResponse | Gather, utterances: Iterable[Utterance]) -> None:
    for voice, text, recording in utterances:
        if recording:
            verb.play(recording)
        else:
            verb.say(text, voice=voice or None)
