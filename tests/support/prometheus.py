"""Prometheus with the shipped alert rules, but without their waiting times."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.support.servers import ROOT, free_port
from tests.support.waiting import wait_until

RULES = ROOT / "deploy" / "prometheus" / "rights-line.rules.yml"
needs_prometheus = pytest.mark.skipif(
    not (shutil.which("prometheus") and shutil.which("promtool")),
    reason="no prometheus is installed",
)
_CONFIG = """
global: {{scrape_interval: 200ms, evaluation_interval: 200ms}}
rule_files: [{rules}]
scrape_configs:
  - job_name: rights-line
    static_configs: [{{targets: ["{target}"]}}]
"""


@contextmanager
def prometheus(folder: Path, target: str) -> Iterator[str]:
    """Run a Prometheus that scrapes a target five times a second; yield its URL."""
    rules = re.sub(r"(?m)^ +for: .*\n", "", RULES.read_text("utf-8")).replace("[30m]", "[1s]")
    (folder / "rules.yml").write_text(rules)
    (folder / "prometheus.yml").write_text(
        _CONFIG.format(rules=folder / "rules.yml", target=target)
    )
    address = f"127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        [
            *("prometheus", f"--config.file={folder}/prometheus.yml", "--log.level=error"),
            *(f"--storage.tsdb.path={folder}/data", f"--web.listen-address={address}"),
        ]
    )
    try:
        wait_until(lambda: _is_ready(address), "prometheus")
        yield f"http://{address}"
    finally:
        process.kill()
        process.wait()


def firing(url: str) -> set[str]:
    """Return the names of the alerts that fire."""
    with urlopen(f"{url}/api/v1/alerts", timeout=5) as answer:
        alerts = json.load(answer)["data"]["alerts"]
    return {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}


def _is_ready(address: str) -> bool:
    with suppress(URLError, OSError), urlopen(f"http://{address}/-/ready", timeout=5) as answer:
        return bool(answer.status == 200)
    return False
