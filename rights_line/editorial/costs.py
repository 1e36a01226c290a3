"""Every screen as it is sent, and its cost: SMS segments and USSD pages."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from rights_line.content import ContentSources
from rights_line.content.assembly.library_builder import build
from rights_line.content.languages import ENGLISH
from rights_line.core import CLOSE, LANGUAGES
from rights_line.core.library import MULTILINGUAL, Edition, Library
from rights_line.core.screen import Head, Screen
from rights_line.core.sms import count_sms
from rights_line.library.schema import Choices

CostRow = dict[str, Any]

_SUMMED = ("segments", "headed_segments", "ussd_pages")
_UNITS = {"GSM-7": "septets", "UCS-2": "UTF-16 units"}


def sent_screens(
    sources: ContentSources, tags: Collection[str], now: datetime
) -> Iterator[tuple[str, str]]:
    """Yield a heading and the SMS for every screen, as it would be sent at a time.

    The text is in English if the language lacks a translation. Without `tags` these are all
    languages, and the screens that have no language.
    """
    built = build(sources, Choices("drafts", tuple(tags)))
    shared = built.shared
    if not tags:
        yield f"== {MULTILINGUAL}  start (draft)", shared.start
        yield f"== {MULTILINGUAL} {LANGUAGES} languages (draft)", shared.listing
    for tag, edition in built.editions.items():
        approval = sources.approvals[tag]
        core = "approved" if approval.is_offered else "draft"
        for code, screen in edition.screens.items():
            is_sent = approval.language(code) == screen.language
            state = core if is_sent else "draft"
            text = screen.texts_at(edition.form, now, built.holidays).sms
            yield f"== {tag} {code} {screen.topic} ({state})", text
        yield f"== {tag} {CLOSE} goodbye ({core})", shared.goodbye


def screen_costs(library: Library) -> list[CostRow]:
    """Return a row for each translated screen of each language.

    Every helpline counts as open: a closed-notice would make the screen longer. `units` are septets
    in GSM-7 and UTF-16 units in UCS-2; `headed_segments` are those of the reply to words, which
    begins with the line of helplines; `ussd_pages` are pages of 160 octets.
    """
    return [
        _row(edition, screen)
        for edition in library.editions.values()
        for screen in edition.screens.values()
        if screen.language == edition.language.tag
    ]


def totals(rows: Sequence[CostRow]) -> list[CostRow]:
    """Return the sums of each language, and its segments as a ratio to English.

    The ratio compares the same screens: those that the language has translated.
    """
    languages = dict.fromkeys(row["language"] for row in rows)
    sums = {tag: [row for row in rows if row["language"] == tag] for tag in languages}
    english = {row["code"]: row["segments"] for row in sums[ENGLISH]}
    return [
        {
            "language": tag,
            "screens": len(own),
            **{key: sum(row[key] for row in own) for key in _SUMMED},
            "ratio": sum(row["segments"] for row in own) / sum(english[row["code"]] for row in own),
        }
        for tag, own in sums.items()
    ]


def tables(rows: Sequence[CostRow]) -> Iterator[str]:
    """Yield `screen_costs`, then `totals`, as the lines of two tables."""
    yield "language       screen topic            encoding units SMS headed USSD"
    for row in rows:
        yield (
            f"{row['language']:8} {row['code']:>12} {row['topic']:16} {row['encoding']:8}"
            f" {row['units']:5} {row['segments']:3}"
            f" {row['headed_segments']:6} {row['ussd_pages']:4}"
        )
    yield ""
    yield f"{'language':8} {'screens':>8} {'SMS':>5} {'headed':>6} {'USSD':>5} {'SMS/English':>12}"
    for row in totals(rows):
        yield (
            f"{row['language']:8} {row['screens']:8} {row['segments']:5}"
            f" {row['headed_segments']:6} {row['ussd_pages']:5} {row['ratio']:12.2f}"
        )


def annotated(text: str) -> str:
    """Return a text as it would be sent by SMS, with its encoding, units and segments below it."""
    if not text:
        return "(no reply)\n"
    cost = count_sms(text)
    units = f"{cost.units} {_UNITS[cost.encoding]}"
    return f"{text}\n[{cost.encoding}, {units}, segments: {cost.segments}]\n"


def _row(edition: Edition, screen: Screen) -> CostRow:
    texts = screen.texts(edition.form)
    cost = count_sms(texts.sms)
    return {
        "language": edition.language.tag,
        "code": screen.code,
        "topic": screen.topic,
        "encoding": cost.encoding,
        "units": cost.units,
        "segments": cost.segments,
        "headed_segments": count_sms(texts.headed(Head.HELPLINES).sms).segments,
        "ussd_pages": len(texts.ussd),
    }
