"""Twenty texts a second through the proxy of a machine, until standard input is closed.

Usage: steady_load HOST ADDRESS TOKEN ACCOUNT, in the network of the machine. Each sender chooses
Polish, and texts "4" five seconds later; a reply in another language shows that the line forgot
them. Prints JSON: the texts sent, those lost and forgotten, and the seconds of the slowest reply.
"""

import http.client
import json
import ssl
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from tests.support import twilio_phone

EACH = 10  # senders a second; each of them texts twice
PAUSE = 5 * EACH  # senders between the two texts of one
POLISH = "Ponizej 18 lat"  # in the menu and on screen 4


class Load:
    """The phones.

    Args:
        host: the public name.
        address: where the proxy listens.
        token: signs the texts.
        account: sends them.
    """

    def __init__(self, host: str, address: str, token: str, account: str) -> None:
        self._host, self._address, self._token, self._account = host, address, token, account
        self._context = ssl.create_default_context()
        self._context.check_hostname = False
        self._context.verify_mode = ssl.CERT_NONE
        self._lock = threading.Lock()
        self.lost: list[str] = []
        self.forgotten: list[str] = []
        self.seconds: list[float] = []

    def text(self, number: int, body: str) -> None:
        """Send a text, and compare the reply with the one in Polish."""
        begun = time.monotonic()
        try:
            reply = self._reply(f"+4791{number:06d}", body)
        except (OSError, http.client.HTTPException) as error:
            reply = type(error).__name__
        with self._lock:
            self.seconds.append(time.monotonic() - begun)
            if "112" not in reply and "22 33 11 60" not in reply:
                self.lost.append(reply[:200])
            elif POLISH not in reply:
                self.forgotten.append(reply[:200])

    def _reply(self, sender: str, body: str) -> str:
        form = twilio_phone.fields(body, sender, AccountSid=self._account)
        sent = twilio_phone.request(form, token=self._token)
        headers = {**sent["headers"], "Content-Type": sent["content_type"], "Host": self._host}
        wire = http.client.HTTPSConnection(self._address, timeout=15, context=self._context)
        try:
            wire.request("POST", sent["path"], sent["data"], headers)
            return wire.getresponse().read().decode()
        finally:
            wire.close()


def main(host: str, address: str, token: str, account: str) -> None:
    """Send texts until standard input is closed, then print the result."""
    load, over = Load(host, address, token, account), threading.Event()

    def wait_for_end() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=wait_for_end, daemon=True).start()
    begun, number = time.monotonic(), 0
    with ThreadPoolExecutor(100) as pool:
        while not over.wait(max(0.0, begun + number / EACH - time.monotonic())):
            pool.submit(load.text, number, "POLSKI")
            if number >= PAUSE:
                pool.submit(load.text, number - PAUSE, "4")
            number += 1
    result = {"sent": len(load.seconds), "lost": load.lost, "forgotten": load.forgotten}
    sys.stdout.write(json.dumps({**result, "slowest": round(max(load.seconds), 1)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
