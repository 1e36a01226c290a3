"""Run the tests of slow clients, framing, draining and inherited sockets against other servers.

    python -m bench.scenarios FOLDER

FOLDER gets an environment whose `rights-line serve` starts the server instead. docs/performance.md
has the results; a server that passes all of them could replace waitress (ADR 14).
"""

import os
import shlex
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from bench.kinds import DEFAULT, Kind
from bench.report import cpu, rate, ratios, spread, table
from bench.requests import SMS
from bench.rounds import Samples, field
from bench.servers import running
from tests.support.servers import ROOT

PACKAGES = ("gunicorn", "gunicorn_h1c", "granian", "uvicorn", "httptools")
# With the options that are nearest to those of rights_line/web/server.py.
GUNICORN = "-m gunicorn --worker-class gthread --threads 16 --worker-connections 2000"
GUNICORN += " --keep-alive 0 --graceful-timeout 8 --limit-request-line 8190 --no-control-socket"
GRANIAN = "-m granian --interface wsgi --no-ws --no-http1-keep-alive --log-level error"
GRANIAN += " --http1-header-read-timeout 10000 --backpressure 16 --workers-kill-timeout 8"
UVICORN = "-m uvicorn --interface wsgi --http httptools --no-server-header --no-access-log"
UVICORN += " --timeout-graceful-shutdown 8 --timeout-keep-alive 1 --log-level error"
# Name -> arguments of Python, its address, its inherited socket: " " if it finds it by itself, ""
# if it can use none.
SERVERS = {
    "waitress": ("-m rights_line.cli serve", "--listen $host:$port", " "),
    "gunicorn": (f"{GUNICORN} --http-parser python", "--bind $host:$port", " "),
    "gunicorn, h1c": (f"{GUNICORN} --http-parser fast", "--bind $host:$port", " "),
    "granian": (GRANIAN, "--host $host --port $port", ""),
    "uvicorn": (UVICORN, "--host $host --port $port", "--fd 3"),
}
SCENARIOS = (
    "tests/system/test_slow_clients.py",
    "tests/system/test_restart.py",
    "-k",
    "not unusable",
)
# `rights-line serve --listen HOST:PORT`, or on file descriptor 3.
COMMAND = """#!/bin/sh
address=${{3:-127.0.0.1:8000}}
host=${{address%:*}}
port=${{address##*:}}
app=app:app
test "{name}" = waitress && app=
if test -n "$LISTEN_FDS" && test -n "{inherited}"; then
  exec {python} {arguments} {inherited} $app
fi
exec {python} {arguments} {listening} $app
"""


def make_environment(folder: Path) -> None:
    """Make an environment with this one's packages and the servers."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    own = sysconfig.get_path("purelib", vars={"base": str(folder)})
    Path(own, "line.pth").write_text(f"{sysconfig.get_path('purelib')}\n{ROOT}\n")
    subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)


def write_command(folder: Path, name: str) -> None:
    """Write the `rights-line` that starts a server."""
    arguments, listening, inherited = SERVERS[name]
    command = folder / "bin" / "rights-line"
    python = shlex.quote(str(folder / "bin" / "python"))
    fields = {"name": name, "python": python, "arguments": arguments}
    command.write_text(COMMAND.format(**fields, listening=listening, inherited=inherited))
    command.chmod(0o755)


def outcomes(folder: Path, name: str) -> dict[str, bool]:
    """Run the scenarios against a server: name of a test -> whether it passed."""
    write_command(folder, name)
    report = folder / "report.xml"
    subprocess.run(
        [folder / "bin" / "python", "-m", "pytest", "-q", *SCENARIOS, f"--junitxml={report}"],
        cwd=ROOT,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdout=sys.stderr,
        check=False,  # a server that fails a test is a result
    )
    return dict(_outcomes(report))


def _outcomes(report: Path) -> Iterator[tuple[str, bool]]:
    for case in ElementTree.parse(report).iter("testcase"):
        failed = any(case.find(kind) is not None for kind in ("failure", "error"))
        yield str(case.get("name")), not failed


def main() -> None:
    folder = Path(sys.argv[1]).absolute()
    if not (folder / "bin").exists():
        make_environment(folder)
    found = {name: outcomes(folder, name) for name in sys.argv[2:] or SERVERS}
    tests = dict.fromkeys(test.partition("[")[0] for rows in found.values() for test in rows)
    rows = [(test, *(_passed(found[name], test) for name in found)) for test in tests]
    print(table(("test", *found), rows))
    fast = [name for name in SERVERS if name != "uvicorn"]  # it does not answer every SMS
    with field([_kind(folder, name) for name in fast]) as servers, running(servers.servers):
        samples = servers.rounds(SMS)
    print(table(("server", "requests/s", "CPU"), map(partial(_ratio_row, samples), fast)))


def _kind(folder: Path, name: str) -> Kind:
    arguments, listening, _ = SERVERS[name]
    app = "" if name == DEFAULT.name else "app:app"
    command = f"{folder}/bin/python {arguments} {listening} {app}".replace("$host", "127.0.0.1")
    return Kind(name, (tuple(command.split()),), (SMS,))


def _ratio_row(samples: Samples, name: str) -> tuple[str, ...]:
    return (name, *(spread(ratios(samples, name, DEFAULT.name, figure)) for figure in (rate, cpu)))


def _passed(rows: dict[str, bool], test: str) -> str:
    cases = [passed for name, passed in rows.items() if name.partition("[")[0] == test]
    return "yes" if all(cases) else f"{sum(cases)} of {len(cases)}"


if __name__ == "__main__":
    main()
