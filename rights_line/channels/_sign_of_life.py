"""The message that the line sends itself each day, as the provider of a channel would send it."""

from collections.abc import Mapping
from typing import NamedTuple

SENDER = "+4700000000"  # no subscriber in Norway has a number that begins with 0
FORM = "application/x-www-form-urlencoded"


class SignOfLife(NamedTuple):
    """A message that a channel accepts, and answers with the helplines.

    `is_local`: the provider runs on this machine, so that a proxy may refuse the path.
    """

    path: str  # of the webhook, with its token
    headers: Mapping[str, str]
    body: str
    is_local: bool = False
