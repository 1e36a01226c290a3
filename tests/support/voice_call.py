"""A phone call to the line, driven by its TwiML."""

from xml.etree import ElementTree

from flask.testing import FlaskClient

from tests.support import twilio_phone
from tests.support.twilio_phone import PUBLIC_URL, keyed

PATH = "/inbound/twilio_voice"


class Call:
    """A caller's phone: presses keys and follows the addresses in the TwiML."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.path = PATH
        self.press("")

    def press(self, keys: str) -> "Call":
        answer = self._client.post(**twilio_phone.request(keyed(keys), self.path))
        assert (answer.status_code, answer.content_type) == (200, "text/xml; charset=utf-8")
        self.twiml = ElementTree.fromstring(answer.data)
        self.path = next(iter(self.gathers)).get("action", "").removeprefix(PUBLIC_URL) or PATH
        return self

    @property
    def gathers(self) -> list[ElementTree.Element]:
        return self.twiml.findall("Gather") or [ElementTree.Element("none")]

    @property
    def says(self) -> list[ElementTree.Element]:
        """The texts spoken before the caller has to press a key."""
        return list(self.gathers[0].iter("Say")) or list(self.twiml.iter("Say"))

    @property
    def heard(self) -> str:
        return "\n".join(say.text or "" for say in self.says)
