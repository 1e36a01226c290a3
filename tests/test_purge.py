"""What Twilio keeps of finished messages and calls is deleted, however Twilio answers."""

import io
import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from rights_line.cli import main
from rights_line.purge import Tally, purge
from tests.servers import free_port

ACCOUNT = f"AC{'a' * 32}"
NPM = Path(__file__).parent / "npm" / "node_modules"
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
HOUR_AGO = NOW - timedelta(hours=1)

Row = dict[str, Any]


class Elsewhere(TwilioHttpClient):  # type: ignore[misc]
    """twilio's own client, which asks a server of the test's instead."""

    def __init__(self, port: int, timeout: float = 5) -> None:
        super().__init__(timeout=timeout)
        self._base = f"http://127.0.0.1:{port}"
        self.refused: list[str] = []

    def request(self, method: str, url: str, *more: Any, **options: Any) -> Any:
        here = url.replace("https://api.twilio.com", self._base)
        made = super().request(method, here, *more, **options)
        if made.status_code >= 400:
            self.refused.append(here)
        return made


class Twilio:
    """A Twilio that holds some messages and calls, and may be in a bad state."""

    def __init__(self) -> None:
        self.kept: dict[str, list[Row]] = {"Messages": [], "Calls": []}
        self.asked: list[str] = []
        self.trouble: list[Callable[[BaseHTTPRequestHandler], bool]] = []
        self.unfinished: set[str] = set()
        self.page_size = 3

    def add(self, kind: str, age: timedelta, direction: str = "inbound", count: int = 1) -> None:
        for _ in range(count):
            sid = f"{'SM' if kind == 'Messages' else 'CA'}{len(self.kept[kind]):032x}"
            moment = format_datetime(NOW - age)
            row = {"sid": sid, "date_created": moment, "direction": direction}
            self.kept[kind].append(row | {"account_sid": ACCOUNT, "status": "received"})


def answer(handler: BaseHTTPRequestHandler, status: int, body: Row | None = None) -> bool:
    """Send an answer as Twilio does; True: there is no more to say."""
    said = json.dumps(body or {}).encode() if status != 204 else b""
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(said)))
    handler.end_headers()
    handler.wfile.write(said)
    return True


@pytest.fixture
def twilio() -> Iterator[tuple[Twilio, Client]]:
    """A Twilio of the test's own, and a client for it."""
    state = Twilio()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(f"GET {self.path}")
            if state.trouble and state.trouble.pop(0)(self):
                return
            kind = self.path.split("/")[4].split(".")[0]
            # As Twilio's own do, a page begins behind a record, and not at a count.
            _, _, after = self.path.partition("PageToken=")
            rows = [row for row in state.kept[kind] if row["sid"] > after]
            shown = rows[: state.page_size]
            more = f"{self.path.partition('?')[0]}?PageToken={shown[-1]['sid']}" if shown else None
            left = len(rows) > len(shown)
            answer(self, 200, {kind.lower(): shown, "next_page_uri": more if left else None})

        def do_DELETE(self) -> None:
            state.asked.append(f"DELETE {self.path}")
            if state.trouble and state.trouble.pop(0)(self):
                return
            kind, sid = self.path.removesuffix(".json").split("/")[4:6]
            if sid in state.unfinished:
                answer(self, 409, {"code": 20009, "message": "not finished", "status": 409})
                return
            rows = state.kept[kind]
            state.kept[kind] = [row for row in rows if row["sid"] != sid]
            answer(self, 204 if len(state.kept[kind]) < len(rows) else 404, {"code": 20404})

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield state, Client(ACCOUNT, "secret", http_client=Elsewhere(server.server_port, timeout=0.5))
    server.shutdown()
    server.server_close()


def patient(pauses: list[float]) -> Callable[[float], None]:
    """Return what notes how long it should have slept."""
    return pauses.append


def test_old_ones_go_and_young_ones_stay(twilio: tuple[Twilio, Client]) -> None:
    """Over all pages, in both directions, messages and calls; what is younger stays."""
    state, client = twilio
    state.add("Messages", timedelta(minutes=5))
    state.add("Messages", timedelta(hours=2), "inbound", 4)
    state.add("Messages", timedelta(days=400), "outbound-reply", 4)
    state.add("Calls", timedelta(hours=2), count=2)
    state.add("Calls", timedelta(minutes=59))

    assert purge(client, HOUR_AGO) == Tally(deleted=10)
    assert {kind: len(rows) for kind, rows in state.kept.items()} == {"Messages": 1, "Calls": 1}
    assert purge(client, HOUR_AGO) == Tally()


def test_what_is_on_its_way_is_left(twilio: tuple[Twilio, Client]) -> None:
    """20009: it is not finished; the next purge finds it again."""
    state, client = twilio
    state.add("Messages", timedelta(hours=2), count=2)
    state.unfinished = {state.kept["Messages"][0]["sid"]}

    assert purge(client, HOUR_AGO) == Tally(deleted=1, unfinished=1)
    state.unfinished.clear()
    assert purge(client, HOUR_AGO) == Tally(deleted=1)


def hang(handler: BaseHTTPRequestHandler) -> bool:
    """Say nothing for longer than anybody waits."""
    time.sleep(0.8)
    return True


def cut(handler: BaseHTTPRequestHandler) -> bool:
    """Close the connection in the middle."""
    handler.connection.shutdown(socket.SHUT_RDWR)
    return True


TROUBLE: Mapping[str, Callable[[BaseHTTPRequestHandler], bool]] = {
    "too many requests": lambda handler: answer(handler, 429, {"code": 20429, "status": 429}),
    "broken": lambda handler: answer(handler, 500),
    "away": lambda handler: answer(handler, 503),
    "silent": hang,
    "cut off": cut,
}


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE)
def test_trouble_is_waited_out(
    trouble: Callable[[BaseHTTPRequestHandler], bool], twilio: tuple[Twilio, Client]
) -> None:
    """Of the list and of a deletion: asked again, later each time, and done."""
    state, client = twilio
    state.add("Messages", timedelta(hours=2))
    fine: Callable[[BaseHTTPRequestHandler], bool] = lambda handler: False  # noqa: E731
    state.trouble = [trouble, trouble, fine, trouble]
    pauses: list[float] = []

    assert purge(client, HOUR_AGO, patient(pauses)) == Tally(deleted=1)
    assert pauses == [1.0, 2.0, 1.0]


def test_trouble_without_end_is_told(twilio: tuple[Twilio, Client]) -> None:
    """After some tries it is counted as failed; the rest is done all the same."""
    state, client = twilio
    state.add("Messages", timedelta(hours=2), count=2)
    fine: Callable[[BaseHTTPRequestHandler], bool] = lambda handler: False  # noqa: E731
    state.trouble = [fine, *[TROUBLE["broken"]] * 5]

    assert purge(client, HOUR_AGO, patient([])) == Tally(deleted=1, failed=1)


def test_what_is_gone_already_is_well(twilio: tuple[Twilio, Client]) -> None:
    """404: somebody else was faster."""
    state, client = twilio
    state.add("Messages", timedelta(hours=2))
    fine: Callable[[BaseHTTPRequestHandler], bool] = lambda handler: False  # noqa: E731
    state.trouble = [fine, lambda handler: answer(handler, 404, {"code": 20404, "status": 404})]

    assert purge(client, HOUR_AGO) == Tally(deleted=1)


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A standard input, which the command looks at."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))


@pytest.mark.usefixtures("keyboard")
def test_it_asks_only_twilio_and_says_only_counts(
    twilio: tuple[Twilio, Client],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The command prints numbers of records, and no id; its exit code tells whether it failed."""
    state, client = twilio
    state.add("Messages", timedelta(days=4000), count=2)
    monkeypatch.setattr("rights_line.cli.twilio_client", lambda environ: client)

    assert main(["purge-twilio", "--older-than", "30"]) == 0
    out, err = capfd.readouterr()
    assert (out, err) == ("deleted 2, not finished 0, failed 0\n", "")
    state.trouble = [TROUBLE["too many requests"]] * 99
    monkeypatch.setattr("rights_line.purge.PAUSES", (0.0,))
    assert main(["purge-twilio", "--older-than", "30"]) == 1


@pytest.mark.usefixtures("keyboard")
@pytest.mark.parametrize("environ", [{}, {"TWILIO_ACCOUNT_SID": ACCOUNT}], ids=["none", "half"])
def test_without_an_account_it_says_what_to_set(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whoever runs it without the variables reads which, and no traceback."""
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    assert main(["purge-twilio", "--older-than", "30"]) == 1
    assert "TWILIO_AUTH_TOKEN: is not set" in capfd.readouterr().err


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Path]]:
    """Twilio as it describes itself (OpenAPI), served by a mock that refuses all else."""
    prism, api = NPM / ".bin" / "prism", NPM / "@twilio/cli-core/src/services/twilio-api"
    if not (prism.exists() and shutil.which("node")):
        assert "CI" not in os.environ, "CI has npm"
        pytest.skip("npm's prism is not installed: scripts/install-npm does it")
    port, log = free_port(), tmp_path_factory.mktemp("prism") / "log"
    command = [str(prism), "mock", "-p", str(port), "-v", "debug"]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [*command, str(api / "twilio_api_v2010.json")], stdout=sink, stderr=subprocess.STDOUT
        )
    deadline = time.monotonic() + 60
    while "Prism is listening" not in log.read_text(errors="replace"):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield Client(ACCOUNT, "secret", http_client=Elsewhere(port)), log
    process.terminate()
    process.wait()


def test_every_request_is_one_that_twilio_describes(described: tuple[Client, Path]) -> None:
    """List, page, delete, messages and calls: a mock of Twilio's own description takes it all."""
    client, log = described

    tally = purge(client, datetime.now(UTC), patient([]))

    said = log.read_text(errors="replace").casefold()
    # The description's own example of a second page of calls has dates that it does not allow.
    assert {url.partition("?")[2].partition("&To=")[0] for url in client.http_client.refused} <= {
        "Status=completed"
    }
    assert (tally.failed, tally.unfinished) == (bool(client.http_client.refused), 0)
    assert tally.deleted >= 4
    for kind in ("messages", "calls"):
        assert f"get /2010-04-01/accounts/{ACCOUNT}/{kind}.json".casefold() in said
        assert f"delete /2010-04-01/accounts/{ACCOUNT}/{kind}/".casefold() in said
