"""An account of Telegram that writes to the bot."""

import itertools
import json
from typing import Any

from tests.support.canary import CITY, MESSAGE_ID, NUMBER
from tests.support.routes import Route

SECRET = "a-secret-that-telegram-sends"
ENVIRON = {"TELEGRAM_SECRET": SECRET}
PATH = "/inbound/telegram"
KIND = "application/json"

_numbers = itertools.count(1)


def fields(text: str, account: str = NUMBER, name: str = CITY) -> dict[str, str]:
    """Return a text, and the account that sends it; its id is made of digits."""
    return {"account": account.strip("+"), "name": name, "user": MESSAGE_ID[:32], "text": text}


def update(form: dict[str, str], **more: Any) -> dict[str, Any]:
    """Return the update that Telegram posts (https://core.telegram.org/bots/api#update)."""
    number, account = next(_numbers), int(form["account"])
    person = {"id": account, "first_name": form["name"], "username": form["user"]}
    message = {
        **{"message_id": number, "date": 1_796_000_000, "chat": {**person, "type": "private"}},
        "from": {**person, "is_bot": False, "language_code": "nb"},
        "text": form["text"],
        **more,
    }
    kept = {name: value for name, value in message.items() if value is not None}
    return {"update_id": number, "message": kept}


def post(body: Any, secret: str = SECRET) -> dict[str, Any]:
    """Return a request as keyword arguments for Flask's test client; bytes are sent as they are."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    return {
        **{"method": "POST", "path": PATH, "data": data},
        **{"content_type": KIND, "headers": headers},
    }


def secret_header(form: dict[str, str], path: str, forged: bool) -> dict[str, str]:
    return {"X-Telegram-Bot-Api-Secret-Token": "another secret" if forged else SECRET}


ROUTES = [
    Route(
        *(PATH, fields, secret_header),
        body=lambda form: json.dumps(update(form), ensure_ascii=False),
        kind=KIND,
        is_signed=True,
        address=f'"chat_id": {NUMBER[1:]}'.encode(),
    )
]
