"""`python -m bench`: measure, print Markdown, and write it into docs/performance.md."""

import argparse
import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from redis import Redis

from bench import conversations, growth, understanding
from bench.report import (
    TARGET_HEAD,
    growth_targets,
    size_table,
    size_targets,
    speed_table,
    speed_targets,
    table,
)
from bench.requests import SENTENCE, SMS, SMS_AT_ONCE, USSD
from bench.rounds import ROUNDS, SECONDS, Samples, field
from bench.servers import LINE, REFERENCE, Kind, running
from rights_line.content import ContentSources
from rights_line.content.assembly.library_builder import build_library
from rights_line.core.library import Library
from tests.support.servers import ROOT

_DISTANCES = (1, 5)  # milliseconds to Redis
_DOCUMENT = ROOT / "docs" / "performance.md"


def speed() -> Iterator[str]:
    """Measure the line beside the reference: SMS, USSD, sentences, and Redis at a distance."""
    with field((REFERENCE, LINE)) as servers, running(servers.servers):
        measured = {medium.name: servers.rounds(medium) for medium in (SMS, USSD, SENTENCE)}
    for milliseconds in _DISTANCES:
        with field((REFERENCE, LINE), milliseconds) as servers, running(servers.servers):
            name = f"{SMS_AT_ONCE.name}, Redis {milliseconds} ms away"
            measured[name] = servers.rounds(SMS_AT_ONCE)
    for name, samples in measured.items():
        yield f"{name}:"
        yield speed_table(samples)
    near, far = [*measured.values()][-len(_DISTANCES) :]
    yield table(TARGET_HEAD, speed_targets(measured, near, far))


def start() -> Iterator[str]:
    """Measure start and memory."""
    with tempfile.TemporaryDirectory() as name:
        kinds = (REFERENCE, LINE, growth.without_model(Path(name)))
        with field(kinds) as servers:
            sizes = servers.sizes((SMS, USSD))
    yield size_table(sizes)
    yield table(TARGET_HEAD, size_targets(sizes))


def processes() -> Iterator[str]:
    """Measure one process, and as many as there are cores with the same Redis."""
    kinds = [LINE._replace(name=f"line {number}") for number in range(os.cpu_count() or 1)]
    with field(kinds) as lines, running(lines.servers):
        for medium in (SMS, SENTENCE):
            begun = lines.redis_cpu()
            samples = lines.at_once(medium)
            answered = SECONDS * sum(sample.rate for rows in samples.values() for sample in rows)
            redis = 1000 * (lines.redis_cpu() - begun) / answered
            yield f"{medium.name}, {redis:.3f} ms of CPU of Redis each:"
            yield speed_table(samples)


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
        yield speed_table(samples)
    rows = (row for group in groups for row in growth_targets(*group))
    yield table(TARGET_HEAD, rows)


def _group(
    kinds: list[Kind], fill: Callable[[Sequence[Redis]], None] = lambda _: None
) -> Iterator[tuple[str, Samples]]:
    with field(kinds) as lines:
        fill(lines.databases)
        with running(lines.servers):
            for medium in (SMS, SENTENCE):
                yield medium.name, lines.rounds(medium)


def _drafts() -> Library:
    return build_library(ContentSources(ROOT), "drafts")


def segments() -> Iterator[str]:
    """Count the segments of ten conversations."""
    rows = list(conversations.segments(_drafts()))
    rows.append(("all", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    head = ("conversation", "texts", "segments")
    yield table(head, [(name, str(texts), str(count)) for name, texts, count in rows])


def scripted_conversations(path: Path) -> Iterator[str]:
    """Tell which conversations do not end with what the person needs."""
    rows = [*conversations.played(path, _drafts())]
    for row in rows:
        if row.missed or row.is_harmful:
            codes = " ".join("/".join(sorted(turn.codes)) or "-" for turn in row.turns)
            harm = "harm; " if row.is_harmful else ""
            yield f"{row.name}: {row.about}\n  {codes}; {harm}missed: {[*row.missed]}"
    good = sum(not row.missed for row in rows)
    harmful = sum(row.is_harmful for row in rows)
    yield f"{good} of {len(rows)} end with what the person needs, {harmful} with harm."


def understood_messages(path: Path) -> Iterator[str]:
    """Tell how many messages are understood."""
    yield from understanding.tables(understanding.measure(path, _drafts()))


_OF_FILE = {"conversations": scripted_conversations, "understanding": understood_messages}
_PARTS = {
    "speed": speed,
    "start": start,
    "processes": processes,
    "growth": growing,
    "segments": segments,
}


def _described(part: str) -> str:
    """Return a sentence: date, commit, machine and command."""
    command = ("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD")
    commit = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    return (
        f"{dt.date.today()}, commit {commit}: {os.cpu_count()} cores, load average before the first"
        f" round {os.getloadavg()[0]:.2f}; {ROUNDS} rounds of {SECONDS} seconds:"
        f" `python -m bench {part}`."
    )


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
    parser.add_argument("part", nargs="?", choices=["all", *_PARTS, *_OF_FILE], default="all")
    parser.add_argument("place", nargs="?", type=Path, help="file or folder that is measured with")
    parser.add_argument("--write", action="store_true", help="write into docs/performance.md")
    options = parser.parse_args()
    if options.part in _OF_FILE:
        if options.place is None:
            parser.error(f"{options.part} requires a file, or a folder of messages")
        print(*_OF_FILE[options.part](options.place), sep="\n\n")
        return
    if not shutil.which("wrk"):
        sys.exit("bench: wrk is not installed. Install Debian's package wrk.")
    for name in _PARTS if options.part == "all" else [options.part]:
        text = "\n\n".join([_described(name), *_PARTS[name]()])
        print(f"## {name}\n\n{text}\n", flush=True)
        if options.write:
            _write(name, text)


if __name__ == "__main__":
    main()
