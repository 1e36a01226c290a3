"""The benchmark of docs/design.md, section 9: the line and a bare Flask view, as ratios.

Both run under gunicorn with the same settings and the same Redis. Four senders at a time text over
connections of their own; the servers take turns in each round, so that noise affects both.
"""

import http.client
import itertools
import statistics
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode, urlsplit

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.support import twilio_phone
from tests.support.servers import RedisServer, gunicorn

TEXTS = ("POLSKI", "4", "41", "0", "nie dostalem wyplaty", "112", "ENGLISH 7", "hello")
SENDERS = 4
CONVERSATIONS = 500  # per sender, each from a new number because of the limit per number
SECONDS = 3.0
ROUNDS = 5

Request = tuple[str, dict[str, str]]  # body, headers

_numbers = itertools.count(40_000_000)


def conversations() -> list[Request]:
    """Return the signed requests of one sender, who changes number after each conversation."""
    requests = []
    for number, text in itertools.product(itertools.islice(_numbers, CONVERSATIONS), TEXTS):
        form = twilio_phone.fields(text, f"+47{number}")
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": twilio_phone.signature(form),
        }
        requests.append((urlencode(form), headers))
    return requests


def send(address: str, requests: list[Request], deadline: float, durations: list[float]) -> None:
    """Send one request after the other until a deadline; append the duration of each in seconds."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    for body, headers in requests:
        started = time.perf_counter()
        if started > deadline:
            return
        connection.request("POST", twilio_phone.PATH, body, headers)
        response = connection.getresponse()
        response.read()
        assert response.status == 200
        durations.append(time.perf_counter() - started)
    raise RuntimeError("CONVERSATIONS is too low for SECONDS")


def measure(address: str) -> tuple[float, float]:
    """Return requests per second, and the 99th percentile in milliseconds."""
    durations: list[float] = []
    requests = [conversations() for _ in range(SENDERS)]
    started = time.perf_counter()
    threads = [
        threading.Thread(target=send, args=(address, one, started + SECONDS, durations))
        for one in requests
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    return len(durations) / seconds, 1000 * statistics.quantiles(durations, n=100)[98]


def main() -> None:
    """Print the median ratio of all rounds, and each ratio."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = RedisServer(folder)
        server.start()
        stack.callback(server.stop)
        # Includes rate limits that the benchmark does not reach.
        environ = twilio_phone.ENVIRON | {
            "REDIS_URL": server.url,
            "RIGHTS_LINE_SECRET": "only-for-the-benchmark-0123456789",
        }
        addresses = {}
        for name, application in (("line", "app:app"), ("reference", "bench.reference:app")):
            output = str(folder / f"{name}.log")
            running = gunicorn({**environ, "OUTPUT": output}, application=application)
            addresses[name], _ = stack.enter_context(running)
        rounds = [
            {name: measure(address) for name, address in addresses.items()} for _ in range(ROUNDS)
        ]
    rates = [row["line"][0] / row["reference"][0] for row in rounds]
    percentiles = [row["line"][1] / row["reference"][1] for row in rounds]
    print(f"requests per second, line / reference: {_summary(rates)}")
    print(f"99th percentile,     line / reference: {_summary(percentiles)}")


def _summary(ratios: list[float]) -> str:
    return f"{statistics.median(ratios):.2f}  " + " ".join(f"{ratio:.2f}" for ratio in ratios)


if __name__ == "__main__":
    main()
