"""`python -m bench`: measure, print Markdown, and write it into docs/performance.md."""

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from redis import Redis

from bench import growth, machine, profile, report, targets, understanding
from bench.kinds import DEFAULT, KINDS, REFERENCE, Kind
from bench.requests import HEALTHZ, SMS, SMS_AT_ONCE, SMS_WITH_SLIPS, USSD
from bench.rounds import Samples, field
from bench.servers import running
from tests.support.servers import ROOT

_DISTANCES = (1, 5)  # milliseconds to Redis
_DOCUMENT = ROOT / "docs" / "performance.md"


def speed() -> Iterator[str]:
    """Measure all servers with each medium."""
    with field(_installed()) as servers, running(servers.servers):
        measured = {medium.name: servers.rounds(medium) for medium in (SMS, USSD, HEALTHZ)}
    for name, samples in measured.items():
        yield f"{name}:"
        yield report.speed_table(samples)
    distant = {milliseconds: _distant(milliseconds) for milliseconds in _DISTANCES}
    for milliseconds, samples in distant.items():
        yield f"{SMS_AT_ONCE.name}, Redis {milliseconds} ms away:"
        yield report.speed_table(samples)
    rows = [*targets.speed_targets(measured), *targets.distant_targets(*distant.values())]
    yield targets.target_table(iter(rows))


def _distant(milliseconds: int) -> Samples:
    with field((REFERENCE, DEFAULT), milliseconds) as servers, running(servers.servers):
        return servers.rounds(SMS_AT_ONCE)


def start() -> Iterator[str]:
    """Measure start and memory of all servers."""
    with tempfile.TemporaryDirectory() as name:
        kinds = [*_installed(), growth.without_model(Path(name))]
        with field(kinds) as servers:
            sizes = servers.sizes((SMS, USSD))
    yield report.size_table(sizes)
    yield targets.target_table(targets.size_targets(sizes))


def growing() -> Iterator[str]:
    """Measure the line with more languages, topics and live tags."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        groups = [
            *_group(growth.by_languages(folder / "languages")),
            *_group(growth.by_topics(folder / "topics")),
            *_group(growth.by_tags(), growth.fill),
        ]
    for medium, samples in groups:
        yield f"{medium}:"
        yield report.growth_table(samples)
    yield targets.target_table(
        target for group in groups for target in targets.growth_targets(*group)
    )


def _group(
    kinds: list[Kind], fill: Callable[[Sequence[Redis]], None] = lambda _: None
) -> Iterator[tuple[str, Samples]]:
    with field(kinds) as lines:
        fill(lines.databases)
        with running(lines.servers):
            for medium in (SMS, SMS_WITH_SLIPS):
                yield medium.name, lines.rounds(medium)


def _installed() -> list[Kind]:
    for kind in KINDS:
        if missing := kind.missing():
            print(f"{kind.name} is left out: {missing} is not installed.", file=sys.stderr)
    return [kind for kind in KINDS if not kind.missing()]


_PARTS = {"speed": speed, "start": start, "growth": growing}


def _write(name: str, text: str) -> None:
    """Replace the figures between the markers of one part."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    document = _DOCUMENT.read_text("utf-8")
    changed = re.sub(
        f"{begin}.*?{end}", lambda _: f"{begin}\n\n{text}\n\n{end}", document, flags=re.DOTALL
    )
    _DOCUMENT.write_text(changed, "utf-8")


def main() -> None:
    """Measure the parts that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parts = ["all", *_PARTS, "profile", "understanding"]
    parser.add_argument("part", nargs="?", choices=parts, default="all")
    parser.add_argument("place", nargs="?", type=Path, help="file or folder, for understanding")
    parser.add_argument("--write", action="store_true", help="write into docs/performance.md")
    options = parser.parse_args()
    if options.part == "understanding":
        if options.place is None:
            parser.error("understanding requires a file of messages, or a folder of files")
        print(*understanding.tables(understanding.measure(options.place)), sep="\n\n")
        return
    if options.part == "profile":
        profile.print_profile()
        return
    if not shutil.which("wrk"):
        sys.exit("bench: wrk is not installed. Install Debian's package wrk.")
    for name in _PARTS if options.part == "all" else [options.part]:
        described = machine.describe(f"python -m bench {name}")
        text = "\n\n".join([described, *_PARTS[name]()])
        print(f"## {name}\n\n{text}\n", flush=True)
        if options.write:
            _write(name, text)


if __name__ == "__main__":
    main()
