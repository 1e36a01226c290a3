"""A double of Twilio's API: a local server that can fail."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from twilio.rest import Client
from urllib3 import Retry

from rights_line.ops.twilio_account import twilio_client

ACCOUNT = f"AC{'a' * 32}"
API = f"/2010-04-01/Accounts/{ACCOUNT}"
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

Row = dict[str, Any]
# Replaces the answer to a request; returns whether it has dealt with the request.
Failure = Callable[[BaseHTTPRequestHandler], bool]


class LocalAdapter(HTTPAdapter):
    """Sends requests for Twilio's hosts to local ports, retrying as the client it belongs to."""

    def __init__(self, ports: Mapping[str, int], retries: Retry) -> None:
        super().__init__(max_retries=retries)
        self._ports = ports

    def send(self, request: PreparedRequest, *more: Any, **options: Any) -> Response:
        address = urlsplit(str(request.url))
        host = str(address.hostname).removesuffix(".twilio.com")
        netloc = f"127.0.0.1:{self._ports[host]}"
        request.url = address._replace(scheme="http", netloc=netloc).geturl()
        return super().send(request, *more, **options | {"proxies": {}})


def redirect(client: Client, **ports: int) -> None:
    """Send the requests of a client to local ports; it retries as before."""
    session = client.http_client.session
    retries = session.get_adapter("https://api.twilio.com").max_retries
    session.mount("https://", LocalAdapter(ports, retries))


class Twilio:
    """The state of an account.

    Attributes:
        client: leads to this account, if `twilio_api` made both.
        kept: the records, by the path that lists them.
        heads: request line and headers of each request, as received.
        failures: one for each of the next requests, in order.
        failure: for every request after those.
        unfinished: how often the deletion of a record is still refused, by its SID.
        waited: seconds that the client would have slept.
    """

    client: Client

    def __init__(self) -> None:
        self.kept: dict[str, list[Row]] = {f"{API}/Messages": [], f"{API}/Calls": []}
        self.heads: list[bytes] = []
        self.failures: list[Failure] = []
        self.failure: Failure = fine
        self.unfinished: dict[str, int] = {}
        self.waited: list[float] = []
        self.page_size = 3

    def add(self, kind: str, age: timedelta, count: int = 1) -> None:
        """Add messages or calls of an age; `kind` is "Messages" or "Calls"."""
        rows = self.kept[f"{API}/{kind}"]
        for _ in range(count):
            sid = f"{'SM' if kind == 'Messages' else 'CA'}{len(rows):032x}"
            moment = format_datetime(NOW - age)
            row = {"sid": sid, "date_created": moment, "date_sent": moment}
            rows.append(row | {"account_sid": ACCOUNT, "status": "received"})

    def left(self) -> dict[str, int]:
        """Return how many messages and calls are left."""
        return {kind: len(self.kept[f"{API}/{kind}"]) for kind in ("Messages", "Calls")}


def answer(handler: BaseHTTPRequestHandler, status: int, body: Row | str = "{}") -> bool:
    """Send an answer as Twilio does; return True: the request is dealt with."""
    text = body if isinstance(body, str) else json.dumps(body)
    data = text.encode() if status != 204 else b""
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)
    return True


def fine(handler: BaseHTTPRequestHandler) -> bool:
    """Let the request be answered as usual."""
    return False


@contextmanager
def twilio_server(tls: SSLContext | None = None) -> Iterator[tuple[Twilio, int]]:
    """Run a local server, with TLS if a context is given; yield its state and its port."""
    state = Twilio()

    class Handler(BaseHTTPRequestHandler):
        def _fails(self) -> bool:
            state.heads.append(f"{self.requestline}\n{self.headers}".encode())
            failure = state.failures.pop(0) if state.failures else state.failure
            return failure(self)

        def do_GET(self) -> None:
            if self._fails():
                return
            place, _, query = self.path.partition("?")
            rows = state.kept.get(place.removesuffix(".json"))
            if place == f"{API}.json":
                answer(self, 200, {"sid": ACCOUNT})
            elif rows is None:
                answer(self, 404, {"code": 20404, "status": 404})
            else:
                answer(self, 200, _page(state, place, rows, query))

        def do_DELETE(self) -> None:
            if self._fails():
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
            """Write no log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield state, server.server_port
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def twilio_api(timeout: float = 5) -> Iterator[Twilio]:
    """Run a local server; yield its state, with a client that does not sleep between retries."""
    with twilio_server() as (state, port), pytest.MonkeyPatch.context() as patch:
        clock = SimpleNamespace(sleep=state.waited.append, time=time.time)
        patch.setattr("urllib3.util.retry.time", clock)
        environ = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": "secret"}
        state.client = twilio_client(environ, timeout)
        redirect(state.client, api=port, messaging=port)
        yield state


def _page(state: Twilio, place: str, rows: list[Row], query: str) -> Row:
    """Return one page of a list, in the format of its API."""
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    if last_date := asked.get("DateSent<", asked.get("StartTime<")):
        last = datetime.fromisoformat(last_date)
        rows = [row for row in rows if _moment(row) <= last]
    rows = [row for row in rows if row["sid"] > asked.get("PageToken", "")]
    shown, more = rows[: state.page_size], None
    if len(rows) > len(shown):
        more = f"{place}?PageToken={shown[-1]['sid']}"
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", place.removesuffix(".json").rpartition("/")[2])
    if place.startswith("/v1/"):
        where = more and f"https://messaging.twilio.com{more}"
        return {"meta": {"key": name.lower(), "next_page_url": where}, name.lower(): shown}
    return {name.lower(): shown, "next_page_uri": more}


def _moment(row: Row) -> datetime:
    return datetime.strptime(row["date_sent"], "%a, %d %b %Y %H:%M:%S %z")
