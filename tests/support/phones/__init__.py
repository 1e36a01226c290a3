"""A phone for each channel: the module with its name in this folder has

* ENVIRON, the variables of the channel;
* ROUTES, each way in which the provider may send a message, with personal data to look for.
"""

import importlib
from collections.abc import Mapping
from typing import Any, Protocol, cast

from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from rights_line.channels import all_variables, registered_channels
from tests.support import twilio_phone
from tests.support.routes import Route


class Phone(Protocol):
    """The module of a channel."""

    ENVIRON: Mapping[str, str]
    ROUTES: list[Route]


PHONES: Mapping[str, Phone] = {
    name: cast(Phone, importlib.import_module(f"{__name__}.{name}"))
    for name in registered_channels()
}
ENVIRON = {
    **twilio_phone.ENVIRON,
    **{name: value for phone in PHONES.values() for name, value in phone.ENVIRON.items()},
}
ALL_CHANNELS = ENVIRON | {"CHANNELS": ",".join(registered_channels())}
ALL_ROUTES = [route for phone in PHONES.values() for route in phone.ROUTES]
SECRETS = {ENVIRON[row.name] for row in all_variables() if row.is_secret and row.name in ENVIRON}


def message_to(channel: str, text: str) -> dict[str, Any]:
    """Return a message to a channel as keyword arguments for Flask's test client."""
    return PHONES[channel].ROUTES[0].arguments(text)


def request_of(path: str = "/inbound", method: str = "POST", **options: Any) -> Request:
    """Return a request as a channel gets it, from the arguments of Flask's test client."""
    return Request(EnvironBuilder(path, method=method, **options).get_environ())
