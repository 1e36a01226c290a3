"""Lines with more languages, topics or live tags than others: the speed must be the same.

The lines of a group differ in one number.
"""

import random
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from redis import Redis

from bench.servers import RULES, Kind, line
from rights_line.library import ROOT
from rights_line.sessions import PREFIX

LANGUAGES = ("nb", "en", "pl", "uk")  # those of the smallest line; bench.requests needs two of them
TOPICS = (20, 200, 2_000)
TAGS = (10, 1_000_000)

_ROW = re.compile(r"^([\w-]+):\n(?: .*\n)+", re.MULTILINE)  # of locales/languages.yaml
# Languages whose senders have words for the generated topics, and the number of words for each.
_WORDED, _WORDS = ("en", "pl"), 3
_TOPIC = """\
code: "{code}"
title: More
audience: [adult]
text: "More to know: call ROSA, {{rosa}}, free, day and night. Under 18: {{children}}."
facts: []
source: [{{service: docs/performance.md}}]
"""
_BLOCK = 10_000  # Redis answers nobody else while it stores so many
_LIVE = """
for number = ARGV[2], ARGV[2] + ARGV[3] - 1 do
    redis.call('SET', ARGV[1] .. string.format('%032x', number), 'pl', 'EX', 36000)
end
"""


def by_languages(folder: Path) -> list[Kind]:
    """Return a line with few languages, and one with all."""
    few = _copy(folder)
    path = few / "locales" / "languages.yaml"
    rows = path.read_text("utf-8")
    kept = _ROW.sub(lambda row: row[0] if row[1] in LANGUAGES else "", rows)
    path.write_text(kept, "utf-8")
    counts = [len(_ROW.findall(text)) for text in (kept, rows)]
    roots = zip(counts, (few, ROOT), strict=True)
    return [line(f"{count} languages", root) for count, root in roots]


def by_topics(folder: Path) -> list[Kind]:
    """Return lines with generated topics."""
    return [line(f"{count:,} topics", _with_topics(folder / str(count), count)) for count in TOPICS]


def by_tags() -> list[Kind]:
    """Return lines whose Redis databases `fill` fills."""
    return [line(f"{count:,} tags", ROOT) for count in TAGS]


def without_model(folder: Path) -> Kind:
    """Return the line as shipped, but for the sentence model."""
    for path in _copy(folder).glob("content/sentence_model.*"):
        path.unlink()
    return line(RULES, folder)


def fill(databases: Sequence[Redis]) -> None:
    """Store the live tags of other senders, one number of them in each database."""
    for database, count in zip(databases, TAGS, strict=True):
        for first in range(0, count, _BLOCK):
            database.eval(_LIVE, 0, PREFIX, str(first), str(min(_BLOCK, count - first)))


def _copy(folder: Path) -> Path:
    for name in ("content", "locales"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def _with_topics(folder: Path, count: int) -> Path:
    topics = _copy(folder) / "content" / "topics"
    source = random.Random(count)
    for number in range(count - len(list(topics.iterdir()))):
        (topics / f"extra_{number}.yaml").write_text(_TOPIC.format(code=300_000 + number))
        for tag in _WORDED:
            words = ("".join(source.choices("abcdefghijklmnoprstuvz", k=9)) for _ in range(_WORDS))
            with (folder / "locales" / tag / "words.yaml").open("a", encoding="utf-8") as file:
                file.write(f"extra_{number}: [{', '.join(words)}]\n")
    return folder
