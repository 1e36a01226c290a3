"""Draw the dashboard from a month of invented messages, into docs/images/dashboard.png.

The counters are the line's, the answers to the queries are Prometheus'; only the drawing is not
Grafana's, which needs a package that Debian does not have.

Usage: python scripts/dashboard.py (`make pictures`)
"""

import json
import random
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from playwright.sync_api import sync_playwright
from prometheus_client import CollectorRegistry, generate_latest

from rights_line.ops.metrics.counters import PERIOD, Counters
from rights_line.ops.metrics.exposition import LineCollector

ROOT = Path(__file__).parent.parent
DAY, DAYS = 86_400, 30
CELL = 50  # pixels of a column and a row of the dashboard
ADDRESS = "127.0.0.1:29091"
A_DAY = {"twilio_sms": 45, "africastalking_ussd": 22, "twilio_voice": 6}  # messages, on average
COLOURS = ("#3274d9", "#56a64b", "#e0b400", "#8f3bb8", "#e24d42")


def samples(start: int) -> str:
    """Return a month of samples, one for each quarter of an hour, with a restart on day 12."""
    clock, chance = [float(start)], random.Random(7)
    report = {"problems": [], "redis": "up", "contacts_overdue": False}
    families: dict[str, list[str]] = {"up": []}
    for step in range(DAYS * DAY // PERIOD):
        if step % (12 * DAY // PERIOD) == 0:
            counters = Counters(list(A_DAY), lambda: clock[0])
        clock[0] = start + step * PERIOD
        hour = clock[0] % DAY / 3600
        is_awake = 7 < hour < 22
        for channel, number in A_DAY.items():
            for _ in range(round(chance.expovariate(1 / (number / 60)) if is_awake else 0)):
                outcome = chance.choices(["answered", "short", "refused"], [95, 2, 3])[0]
                counters.observe("inbound", channel, outcome, chance.expovariate(1 / 8))
        if step == 20 * DAY // PERIOD:
            counters.observe("inbound", "twilio_sms", "KeyError", 9)
        report["problems"] = ["Redis does not answer."] * (1900 < step < 1930)
        registry = CollectorRegistry()
        registry.register(LineCollector(counters, lambda: report))
        rows = generate_latest(registry).decode().splitlines()
        for row in (*(row for row in rows if row[0] != "#"), 'up{job="rights-line"} 1'):
            name, value = row.rsplit(" ", 1)
            families.setdefault(name, []).append(f"{name} {value} {clock[0]:.0f}")
    # Without types, each series is a metric of its own.
    return "\n".join(row for rows in families.values() for row in rows) + "\n# EOF\n"


@contextmanager
def prometheus(folder: Path, start: int) -> Iterator[None]:
    """Run a Prometheus that holds the samples."""
    (folder / "samples").write_text(samples(start))
    blocks = ("create-blocks-from", "openmetrics", folder / "samples", folder / "data")
    subprocess.run(["promtool", "tsdb", *blocks], check=True, stdout=subprocess.DEVNULL)
    (folder / "prometheus.yml").write_text("global: {}\n")
    process = subprocess.Popen(
        [
            *("prometheus", f"--config.file={folder}/prometheus.yml", "--log.level=error"),
            *(f"--storage.tsdb.path={folder}/data", f"--web.listen-address={ADDRESS}"),
            "--storage.tsdb.retention.time=90d",
        ]
    )
    time.sleep(5)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def ask(query: str, start: int, end: int, step: int) -> list[dict[str, Any]]:
    """Return the answer to a range query."""
    form = urlencode({"query": query, "start": start, "end": end, "step": step})
    with urlopen(f"http://{ADDRESS}/api/v1/query_range?{form}") as answer:
        found: list[dict[str, Any]] = json.load(answer)["data"]["result"]
    return found


def stat(panel: dict[str, Any], rows: list[dict[str, Any]], width: int, height: int) -> str:
    """Draw the last value as a coloured field."""
    value = rows[0]["values"][-1][1]
    shown = panel["fieldConfig"]["defaults"]["mappings"][0]["options"][value]
    colour = {"green": "#37872d", "red": "#c4162a"}[shown["color"]]
    return (
        f'<rect y="24" width="{width}" height="{height - 24}" fill="{colour}"/>'
        f'<text x="{width / 2}" y="{height / 2 + 24}" class="big">{escape(shown["text"])}</text>'
    )


def graph(panel: dict[str, Any], rows: list[dict[str, Any]], width: int, height: int) -> str:
    """Draw stacked bars, or lines."""
    is_bars = panel["fieldConfig"]["defaults"]["custom"]["drawStyle"] == "bars"
    unit = panel["fieldConfig"]["defaults"]["unit"]
    times = sorted({point[0] for row in rows for point in row["values"]})
    values = [{at: float(value) for at, value in row["values"]} for row in rows]
    sums = [sum(one.get(at, 0) for one in values) for at in times]
    top = max(max(sums) if is_bars else max(max(one.values()) for one in values), 1)
    inner, base = width - 50, height - 50
    place = {at: 45 + index * inner / len(times) for index, at in enumerate(times)}
    scale = (base - 40) / top
    parts = [
        f'<text x="40" y="{base - level * (base - 40) + 4}" class="axis">'
        f"{f'{level * top:.0%}' if unit == 'percentunit' else f'{level * top:.0f}'}</text>"
        for level in (0, 0.5, 1)
    ]
    below = dict.fromkeys(times, 0.0)
    for row, one, colour in zip(rows, values, COLOURS, strict=False):
        points = []
        for at in times:
            high = scale * one.get(at, 0)
            y = base - below[at] - high
            points.append(f"{place[at]:.0f},{y:.0f}")
            if is_bars:
                size = f'width="{inner / len(times) * 0.8}" height="{high}"'
                parts.append(f'<rect x="{place[at]}" y="{y}" {size} fill="{colour}"/>')
                below[at] += high
        if not is_bars:
            parts.append(f'<polyline points="{" ".join(points)}" stroke="{colour}"/>')
        labels = {"instance": "127.0.0.1:9100", **row["metric"]}
        legend = re.sub(r"{{(\w+)}}", lambda found, known=labels: known[found[1]], _legend(panel))
        x = 45 + rows.index(row) * inner / len(rows)
        parts.append(f'<rect x="{x}" y="{height - 24}" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{x + 14}" y="{height - 14}">{escape(legend)}</text>')
    return "".join(parts)


def _legend(panel: dict[str, Any]) -> str:
    return str(panel["targets"][0]["legendFormat"])


def draw(dashboard: dict[str, Any], start: int) -> str:
    """Return the page with all panels."""
    parts = []
    for panel in dashboard["panels"]:
        grid = panel["gridPos"]
        width, height = grid["w"] * CELL - 8, grid["h"] * CELL - 8
        target = panel["targets"][0]
        step = DAY if target.get("interval") == "1d" else 3600
        rows = ask(target["expr"], start + DAY, start + DAYS * DAY - PERIOD, step)
        body = (stat if panel["type"] == "stat" else graph)(panel, rows, width, height)
        parts.append(
            f'<g transform="translate({grid["x"] * CELL},{grid["y"] * CELL})">'
            f'<rect width="{width}" height="{height}" fill="#f4f5f5"/>'
            f'<text x="8" y="18" class="title">{escape(panel["title"])}</text>{body}</g>'
        )
    style = (
        "text{font:13px sans-serif}.title{font-weight:bold}.axis{text-anchor:end;fill:#555}"
        ".big{font-size:26px;text-anchor:middle;fill:#fff}polyline{fill:none;stroke-width:2}"
    )
    size = f'width="{24 * CELL}" height="{21 * CELL}"'
    return f"<style>{style}</style><svg {size}>{''.join(parts)}</svg>"


if __name__ == "__main__":
    first = (int(time.time()) // DAY - DAYS) * DAY
    shown = json.loads((ROOT / "deploy" / "grafana" / "rights-line.json").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as name, prometheus(Path(name), first):
        page_text = draw(shown, first)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page()
        page.set_content(page_text)
        page.locator("svg").screenshot(path=ROOT / "docs" / "images" / "dashboard.png")
        browser.close()
