"""46elks: SMS through a Swedish provider, answered with plain text.

Set the `sms_url` of the number (https://46elks.se/docs/receive-sms) to
`https://<your host>/inbound/elks_sms/<ELKS_TOKEN>`.

46elks does not sign requests. It retries for six hours on any status but 200 to 204; so a request
with the token gets 200, unless its body is truncated (400) or too large (413). A repeated message
gets the same reply within an hour; later, without a language word, the start.

46elks holds numbers, messages and replies; the line cannot delete them there. Ask for how long.
"""

import re
import secrets
from urllib.parse import urlencode

from werkzeug.wrappers import Request

from rights_line.channels._channel import FORM, SENDER, SignOfLife, TokenChannel, path_token
from rights_line.core import Inbound, Medium
from rights_line.errors import Malformed

# A number with its country code; short codes and names are automated senders.
_PERSON = re.compile(r"\+[1-9][0-9]{6,14}")


class Channel(TokenChannel):
    """SMS through 46elks."""

    label = "SMS (46elks)"
    media = (Medium.SMS,)
    required = (path_token("ELKS_TOKEN"),)
    published_as = "RIGHTS_LINE_NUMBER"

    def receive(self, request: Request) -> Inbound:
        texts, senders = request.form.getlist("message"), request.form.getlist("from")
        if request.method != "POST" or len(texts) != 1 or len(senders) > 1:
            raise Malformed
        # Without a number, each message gets a sender of its own: two people never share a session.
        sender = "".join(senders).strip() or secrets.token_hex()
        is_person = bool(_PERSON.fullmatch(sender)) or not any(senders)
        number = request.form.get("id", "")
        return Inbound(sender, texts[0], is_person=is_person, id=number)

    def sign_of_life(self) -> SignOfLife:
        form = {"direction": "incoming", "id": "s0", "from": SENDER, "to": SENDER, "message": "0"}
        return SignOfLife(self.path, {"Content-Type": FORM}, urlencode(form))
