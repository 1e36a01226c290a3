"""The section "Translation and review": review, import."""

import re
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from rights_line import clock
from rights_line.cli import Invocation, Refused, all_or_nothing, command, pass_invocation
from rights_line.cli.shared import FILE, check_languages, date_option, tag_argument, write_output
from rights_line.content import ContentSources
from rights_line.content.languages import ENGLISH
from rights_line.editorial import approvals
from rights_line.editorial.review import review_file, review_import, review_minutes, review_model
from rights_line.editorial.review.review_answers import Answered, Import, read_review_result


def _parse_reply_to_option(text: str) -> str:
    if not text or re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", text):
        return text
    raise click.BadParameter(f'must be an e-mail address, such as anna@example.org, got "{text}"')


@command(
    "rights-line review pl --out pl.html",
    "rights-line review en --out en.html",
    'rights-line review uk --from "Anna Berg" --reply-to anna@example.org --due 2026-12-14'
    " --out uk.html",
)
@tag_argument
@click.option("--out", type=FILE, required=True, metavar="FILE.html", help="file to write")
@click.option("--from", "asker", default="", metavar="NAME", help="person who asks for the review")
@click.option(
    "--reply-to",
    default="",
    type=_parse_reply_to_option,
    metavar="ADDRESS",
    help="e-mail address for the answers",
)
@date_option("--due", help="last day for the answers")
@pass_invocation
def review_command(
    given: Invocation, tag: str, out: Path, asker: str, reply_to: str, due: datetime | None
) -> int:
    """Write a language as one HTML file, for a reviewer with a phone and no network.

    The reviewer opens the file in a browser, answers Right, Change or Not sure for each text, and
    sends a file back, for `rights-line import`. It asks only for the strings that lack an approval,
    and can be printed. The page says who asks, where to send the answers and until when, if you
    give --from, --reply-to and --due.
    """
    sources = ContentSources(given.root)
    check_languages([tag], sources.languages)
    model = review_model(sources, tag)
    last = due.date() if due else None
    if last and last < clock.today():
        raise click.BadParameter("must be today or later", param_hint="--due")
    write_output(out, review_file(model, " ".join(asker.split()), reply_to, last).encode())
    for role, numbers in model["ask"].items():
        core = [number for number in numbers if number < model["core"]]
        whole, first = (review_minutes(model, rows) for rows in (numbers, core))
        print(
            f"{out}: {len(numbers)} strings for a {role}, about {whole} minutes; "
            f"first the core, {len(core)} strings, about {first} minutes."
        )
    return 0


@command("rights-line import pl-native_reader-AB.json")
@tag_argument
@click.argument(
    "file",
    required=False,
    type=FILE,
    metavar="[FILE]",
    help="file to read (default: standard input)",
)
@click.option(
    "--accept/--reject",
    default=None,
    help="apply every proposed change, or keep every one as an open question",
)
@pass_invocation
def import_command(given: Invocation, tag: str, file: Path | None, accept: bool | None) -> int:
    """Read what a reviewer sent back: the file of a review page.

    It records approvals and open questions, and is refused whole if a text has changed since the
    reader saw it. Its proposed changes are printed as a diff, and asked for one by one on a
    terminal; an accepted text must be approved like any other. With a problem nothing is changed.
    The file names its language: leave out TAG.
    """
    sources = ContentSources(given.root)
    if not file and "." in tag:  # no language tag has a full stop
        file, tag = Path(tag), ""
    with all_or_nothing():
        data = file.read_bytes() if file else sys.stdin.buffer.read()
        result = read_review_result(data, clock.today())
        if tag and tag != result.language:
            raise Refused(f"Nothing was changed: the file is for {result.language}, not for {tag}.")
        tag = result.language
        check_languages([tag], sources.languages)
        imported = review_import.match(sources, result)
        print(*imported.summary(), sep="\n")
        if imported.is_hasty and sys.stdin.isatty() and not _confirm("Import it?"):
            raise Refused("Nothing was changed.")
        accepted = _accepted(imported, accept)
        review_import.apply(sources, imported, accepted)
    print(f"{len(imported.answers('right'))} strings approved, {len(accepted)} changed.")
    print(f"{tag}: {approvals.summary(tag, ContentSources(given.root))}.")
    return 0


def _accepted(imported: Import, accept: bool | None) -> Sequence[Answered]:
    """Return the changes to apply; refuse if the operator has not decided."""
    changes, is_english = imported.answers("change"), imported.result.language == ENGLISH
    must_ask = changes and accept is None and not is_english
    if must_ask and sys.stdin.isatty():
        return [row for row in changes if _confirm(f"{row.diff}\nAccept this change?")]
    if changes and is_english:
        print("English is changed by hand, in the files named here:")
    for row in changes:
        print(row.diff)
    if must_ask:
        fix = "Use --accept to apply these changes, or --reject to keep them as open questions"
        raise Refused(f"Nothing was changed. {fix}.")
    return changes if accept and not is_english else []


def _confirm(question: str) -> bool:
    return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
