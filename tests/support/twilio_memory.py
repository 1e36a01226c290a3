"""A Twilio that keeps a message and a call of hers, and `rights-line purge-twilio`, which asks it.

`python -m tests.support.twilio_memory PORT` runs the command with twilio's own client,
which asks that port instead of Twilio.
"""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from twilio.http.http_client import TwilioHttpClient

from rights_line import cli
from rights_line.ops import purge, twilio_api
from tests.support.canary import CITY, MESSAGE_ID, NUMBER, TEXT

TWILIO = "https://api.twilio.com"
LONG_AGO = "Tue, 25 Nov 2025 10:00:00 +0000"
HELD = {
    "Messages": {"sid": f"SM{MESSAGE_ID}", "from": NUMBER, "body": TEXT, "status": "received"},
    "Calls": {"sid": f"CA{MESSAGE_ID}", "from": NUMBER, "caller_name": CITY, "status": "completed"},
}
ERROR = {"code": 20500, "message": f"{NUMBER} wrote {TEXT!r}", "more_info": f"{TWILIO}/{NUMBER}"}


class Twilio:
    """What it was asked, and how it answers: as it should (`well`), or what is wrong with it."""

    STATES = ("cannot delete", "is busy", "sends no JSON", "sends no records", "hangs up", "well")

    def __init__(self, port: int) -> None:
        self.port = port
        self.state = "well"
        self.asked: list[bytes] = []
        self.deleted: set[str] = set()

    def answer(self, method: str, path: str) -> tuple[int, bytes]:
        """Return the status and the body."""
        kind = "Messages" if "/Messages" in path else "Calls"
        row = {**HELD[kind], "date_created": LONG_AGO, "direction": "inbound"}
        match self.state, method:
            case ("is busy", _) | ("cannot delete", "DELETE"):
                return 429 if self.state == "is busy" else 500, json.dumps(ERROR).encode()
            case "sends no JSON", _:
                return 200, f"{row}".encode()
            case "sends no records", "GET":
                return 200, json.dumps({kind.lower(): row | {"date_created": NUMBER}}).encode()
            case _, "GET":
                rows = [] if kind in self.deleted else [row]
                return 200, json.dumps({kind.lower(): rows, "next_page_uri": None}).encode()
            case _:
                self.deleted.add(kind)
                return 204, b""


@contextmanager
def twilio() -> Iterator[Twilio]:
    """Serve on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_DELETE(self) -> None:
            self._answer()

        def _answer(self) -> None:
            state.asked.append(f"{self.requestline}\n{self.headers}".encode())
            if state.state == "hangs up":
                return
            status, body = state.answer(self.command, self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state = Twilio(server.server_port)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield state
        finally:
            server.shutdown()


def main(port: str) -> int:
    """Run the command, which waits for nothing."""
    ask = TwilioHttpClient.request

    def request(client: Any, method: str, url: str, *more: Any, **options: Any) -> Any:
        return ask(
            client, method, url.replace(TWILIO, f"http://127.0.0.1:{port}"), *more, **options
        )

    TwilioHttpClient.request = request
    for module in (purge, twilio_api):
        vars(module)["PAUSES"] = (0.0,)
    return cli.main(["purge-twilio", "--older-than", "30"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
