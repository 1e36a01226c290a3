"""Twenty texts a second through the proxy of a machine, until standard input is closed.

Usage: steady_load ADDRESS TOKEN ACCOUNT, in the network of the machine; a text is signed with the
token and sent by the account. Each sender chooses Polish, and texts "4" five seconds later; a reply
in another language shows that the line forgot them. Prints JSON: the texts sent, those lost and
forgotten, and the seconds of the slowest reply.
"""

import asyncio
import json
import ssl
import sys
import time

from tests.support import twilio_phone
from tests.support.load import post

EACH = 10  # senders a second; each of them texts twice
PAUSE = 5 * EACH  # senders between the two texts of one
POLISH = "Ponizej 18 lat"  # in the menu and on screen 4


class Load:
    """The phones."""

    def __init__(self, address: str, token: str, account: str) -> None:
        self._address, self._token, self._account = address, token, account
        self._context = ssl.create_default_context()
        self._context.check_hostname = False
        self._context.verify_mode = ssl.CERT_NONE
        self.lost: list[str] = []
        self.forgotten: list[str] = []
        self.seconds: list[float] = []

    async def text(self, number: int, body: str) -> None:
        """Send a text, and compare the reply with the one in Polish."""
        begun = time.monotonic()
        form = twilio_phone.fields(body, f"+4791{number:06d}", AccountSid=self._account)
        try:
            async with asyncio.timeout(15):
                _, answer = await post(self._address, form, self._token, self._context)
            reply = answer.decode()
        except (OSError, EOFError, TimeoutError) as error:
            reply = type(error).__name__
        self.seconds.append(time.monotonic() - begun)
        if "112" not in reply and "22 33 11 60" not in reply:
            self.lost.append(reply[:200])
        elif POLISH not in reply:
            self.forgotten.append(reply[:200])

    async def run(self) -> None:
        """Send texts until standard input is closed."""
        over = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
        begun, number = time.monotonic(), 0
        async with asyncio.TaskGroup() as texts:
            while not over.done():
                texts.create_task(self.text(number, "POLSKI"))
                if number >= PAUSE:
                    texts.create_task(self.text(number - PAUSE, "4"))
                number += 1
                await asyncio.sleep(begun + number / EACH - time.monotonic())


def main(address: str, token: str, account: str) -> None:
    load = Load(address, token, account)
    asyncio.run(load.run())
    result = {"sent": len(load.seconds), "lost": load.lost, "forgotten": load.forgotten}
    sys.stdout.write(json.dumps({**result, "slowest": round(max(load.seconds), 1)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
