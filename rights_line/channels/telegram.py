"""Telegram: chat with a bot, answered in the response, so that the line calls nobody.

Make a bot with @BotFather, and turn its groups off (`/setjoingroups`). Set its webhook
once, on any machine with curl; the line does not need the bot's token:

    curl https://api.telegram.org/bot<the bot's token>/setWebhook \\
        -d url=https://<your host>/inbound/telegram -d secret_token=<TELEGRAM_SECRET> \\
        -d 'allowed_updates=["message"]'

The line answers private chats with people. A sticker, photo or voice message counts as an empty
text, a caption as its text, `/start` as `0`. Edits, groups, channels and bots get no reply. Replies
are plain text without previews of web pages, which Telegram would fetch. The lines of a list of
topics are buttons, too; a pressed one sends its line as a message.

**What Telegram keeps.** Each message and reply in its cloud, without end-to-end encryption, on
every device of the account, until somebody deletes the chat; and the account's phone number, which
the line does not receive. The line receives the name of the account, and drops it. Tell people that
the chat stays on the phone.

For a request about a person's data, ask for the numeric id of the account:
`rights-line drill telegram:<id>`.
"""

import json
from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from rights_line.channels._channel import SignOfLife, TokenChannel
from rights_line.core import Inbound, Medium, Reply
from rights_line.errors import Malformed, Unauthenticated
from rights_line.settings.variable import Variable, variable_matches

_SECRET = Variable(
    "TELEGRAM_SECRET",
    "none",
    "Secret that Telegram sends with each message: `openssl rand -hex 24`.",
    variable_matches(" *[0-9A-Za-z_-]{20,256} *(?:, *[0-9A-Za-z_-]{20,256} *)*"),
    "must be 20 to 256 of A-Z a-z 0-9 - _",
    "Set it to the output of `openssl rand -hex 24`, and give it to setWebhook",
    is_secret=True,
    generate="openssl rand -hex 24",
)
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_SENDER = "telegram:"  # before the id of a chat, which is not a phone number
_MAX_ID = 2**52  # Telegram's ids have at most 52 bits
_MAX_BUTTONS = 5  # four topics and the menu
_IGNORED = Inbound("", "", is_person=False, medium=Medium.CHAT)


class Channel(TokenChannel):
    """A bot of Telegram."""

    label = "Telegram"
    media = (Medium.CHAT,)
    required = (_SECRET,)

    def authenticate(self, request: Request, token: str) -> None:
        super().authenticate(request, request.headers.get(_HEADER, ""))
        if token or request.method != "POST":
            raise Unauthenticated

    def receive(self, request: Request) -> Inbound:
        match _parse_body(request.get_data()):
            case {"message": {"from": {"is_bot": True}}}:
                return _IGNORED
            case {"message": {"chat": {"type": "private", "id": int(chat)}, **message}, **update}:
                if type(chat) is not int or not 0 < chat < _MAX_ID:
                    raise Malformed
                number = str(update.get("update_id", ""))
                return Inbound(f"{_SENDER}{chat}", _text(message), medium=Medium.CHAT, id=number)
            case {"update_id": _}:
                return _IGNORED
            case _:
                raise Malformed

    def deliver(self, reply: Reply, sender: str = "") -> Response:
        body: dict[str, Any] = {}
        if reply.text and sender:
            body = {
                "method": "sendMessage",
                "chat_id": int(sender.removeprefix(_SENDER)),
                "text": reply.text,
                "link_preview_options": {"is_disabled": True},
            }
        if body and reply.choices:
            body["reply_markup"] = {
                "keyboard": [[choice] for choice in reply.choices[:_MAX_BUTTONS]],
                "one_time_keyboard": True,
                "resize_keyboard": True,
            }
        kind = "application/json; charset=utf-8"
        return Response(json.dumps(body, ensure_ascii=False), content_type=kind)

    def sign_of_life(self) -> SignOfLife:
        message = {"chat": {"type": "private", "id": 2}, "text": "0"}  # nobody receives the reply
        headers = {"Content-Type": "application/json", _HEADER: self._secrets.known[0]}
        return SignOfLife("/inbound/telegram", headers, json.dumps({"message": message}))


def _parse_body(body: bytes) -> Any:
    """Return the JSON value of a body; raise Malformed if it has none, or is nested too deep."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed from None


def _text(message: Mapping[Any, Any]) -> str:
    """Return the text or the caption of a message; half a surrogate pair becomes U+FFFD."""
    text = message.get("text", message.get("caption"))
    if not isinstance(text, str):
        return ""
    if text.partition(" ")[0].partition("@")[0] == "/start":
        return "0"
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
