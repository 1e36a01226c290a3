"""A Twilio of the test's own: a real HTTP server in any state, and the line's client for it."""

import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from twilio.rest import Client

from rights_line.ops.twilio_api import Patient, Wait
from tests.support.servers import free_port

NPM = Path(__file__).parent / "npm" / "node_modules"
ACCOUNT = f"AC{'a' * 32}"
API = f"/2010-04-01/Accounts/{ACCOUNT}"
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

Row = dict[str, Any]
# What to do instead of answering; True: there is no more to say.
Trouble = Callable[[BaseHTTPRequestHandler], bool]


class Elsewhere(Patient):
    """The line's own client, which asks a server of the test's instead of Twilio's hosts."""

    def __init__(
        self, port: int, wait: Wait, timeout: float = 5, messaging: int | None = None
    ) -> None:
        super().__init__(wait, timeout)
        self._ports = {"api": port, "messaging": messaging or port}
        self.refused: list[str] = []

    def request(self, method: str, url: str, *more: Any, **options: Any) -> Any:
        address = urlsplit(url)
        port = self._ports[str(address.hostname).removesuffix(".twilio.com")]
        here = address._replace(scheme="http", netloc=f"127.0.0.1:{port}").geturl()
        made = super().request(method, here, *more, **options)
        if made.status_code >= 400:
            self.refused.append(here)
        return made


class Twilio:
    """What an account holds, by the path that lists it.

    Attributes:
        asked: methods and paths.
        trouble: what happens to the next requests instead of an answer.
        unfinished: ids that cannot be deleted yet, and how often they still cannot.
        waited: seconds that the client would have slept.
        pages_by_number: a page starts at a count of records, so that deletions shift the next one;
            otherwise it starts after a record, as Twilio's own do.
    """

    def __init__(self) -> None:
        self.kept: dict[str, list[Row]] = {f"{API}/Messages": [], f"{API}/Calls": []}
        self.asked: list[str] = []
        self.trouble: list[Trouble] = []
        self.unfinished: dict[str, int] = {}
        self.waited: list[float] = []
        self.page_size = 3
        self.pages_by_number = False

    def add(self, kind: str, age: timedelta, direction: str = "inbound", count: int = 1) -> None:
        rows = self.kept[f"{API}/{kind}"]
        for _ in range(count):
            sid = f"{'SM' if kind == 'Messages' else 'CA'}{len(rows):032x}"
            moment = format_datetime(NOW - age)
            row = {"sid": sid, "date_created": moment, "date_sent": moment, "direction": direction}
            rows.append(row | {"account_sid": ACCOUNT, "status": "received"})

    def left(self) -> dict[str, int]:
        """Return how many messages and calls are kept."""
        return {kind: len(self.kept[f"{API}/{kind}"]) for kind in ("Messages", "Calls")}


def answer(
    handler: BaseHTTPRequestHandler, status: int, body: Row | str = "{}", **headers: str
) -> bool:
    """Send an answer as Twilio does; True: there is no more to say."""
    said = (body if isinstance(body, str) else json.dumps(body)).encode() if status != 204 else b""
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(said)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(said)
    return True


def fine(handler: BaseHTTPRequestHandler) -> bool:
    """Answer as ever."""
    return False


@contextmanager
def twilio_api(timeout: float = 5) -> Iterator[tuple[Twilio, Client]]:
    """Run a Twilio; yield what it holds, and a client that gives up after some seconds."""
    state = Twilio()

    class Handler(BaseHTTPRequestHandler):
        def _is_troubled(self) -> bool:
            state.asked.append(f"{self.command} {self.path}")
            return bool(state.trouble) and state.trouble.pop(0)(self)

        def do_GET(self) -> None:
            if self._is_troubled():
                return
            place, _, query = self.path.partition("?")
            rows = state.kept.get(place.removesuffix(".json"))
            if rows is None:
                answer(self, 404, {"code": 20404, "status": 404})
            else:
                answer(self, 200, _page(state, place, rows, query))

        def do_DELETE(self) -> None:
            if self._is_troubled():
                return
            place, _, sid = self.path.removesuffix(".json").rpartition("/")
            if state.unfinished.get(sid, 0) > 0:
                state.unfinished[sid] -= 1
                answer(self, 409, {"code": 20009, "message": "not finished", "status": 409})
                return
            rows = state.kept[place]
            state.kept[place] = [row for row in rows if row["sid"] != sid]
            gone = len(state.kept[place]) < len(rows)
            answer(self, 204 if gone else 404, {"code": 20404, "status": 404})

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    http = Elsewhere(server.server_port, state.waited.append, timeout)
    try:
        yield state, Client(ACCOUNT, "secret", http_client=http)
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def described_api(folder: Path) -> Iterator[tuple[Client, Path]]:
    """Run Twilio as it describes itself (OpenAPI): a mock that refuses all else, and its log."""
    prism, api = NPM / ".bin" / "prism", NPM / "@twilio/cli-core/src/services/twilio-api"
    if not (prism.exists() and shutil.which("node")):
        assert "CI" not in os.environ, "CI has npm"
        pytest.skip("npm's prism is not installed: scripts/install-npm does it")
    ports, log = {}, folder / "twilio_api_v2010"
    with ExitStack() as ends:
        for name in (log.name, "twilio_messaging_v1"):
            ports[name] = free_port()
            sink = ends.enter_context((folder / name).open("wb"))
            command = [str(prism), "mock", "-p", str(ports[name]), "-v", "debug"]
            process = subprocess.Popen(
                [*command, str(api / f"{name}.json")], stdout=sink, stderr=subprocess.STDOUT
            )
            ends.callback(process.wait)
            ends.callback(process.terminate)
        deadline = time.monotonic() + 120
        while not all("Prism is listening" in (folder / name).read_text() for name in ports):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        http = Elsewhere(ports[log.name], print, messaging=ports["twilio_messaging_v1"])
        yield Client(ACCOUNT, "secret", http_client=http), log


def _page(state: Twilio, place: str, rows: list[Row], query: str) -> Row:
    """Return a page of a list."""
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    if until := asked.get("DateSent<", asked.get("StartTime<")):
        last = datetime.fromisoformat(until)
        rows = [row for row in rows if _moment(row) <= last]
    number = int(asked.get("Page", 0))
    if state.pages_by_number:
        rows = rows[number * state.page_size :]
    else:
        rows = [row for row in rows if row["sid"] > asked.get("PageToken", "")]
    shown, more = rows[: state.page_size], None
    if len(rows) > len(shown):
        after = f"Page={number + 1}" if state.pages_by_number else f"PageToken={shown[-1]['sid']}"
        more = f"{place}?{after}"
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", place.removesuffix(".json").rpartition("/")[2])
    if place.startswith("/v1/"):
        where = more and f"https://messaging.twilio.com{more}"
        return {"meta": {"key": name.lower(), "next_page_url": where}, name.lower(): shown}
    return {name.lower(): shown, "next_page_uri": more}


def _moment(row: Row) -> datetime:
    return datetime.strptime(row["date_sent"], "%a, %d %b %Y %H:%M:%S %z")
