"""Review without a terminal: write the page for a reviewer, and import its answers."""

import sys
from collections.abc import Iterable, Sequence

from rights_line.cli.arguments import are_known_languages
from rights_line.cli.command import Options
from rights_line.cli.output import write_output
from rights_line.content.files.languages import ENGLISH
from rights_line.content.loader import ContentSources
from rights_line.editorial.approve import today
from rights_line.editorial.review.review_file import review_file
from rights_line.editorial.review.review_import import Answered, Import, apply, diff, match, report
from rights_line.editorial.review.review_model import Model, review_model
from rights_line.editorial.review.review_result import read_result
from rights_line.editorial.status import summary
from rights_line.errors import Problem

_UNCHANGED = "Nothing was changed."


def write_page(options: Options) -> int:
    """Write the review page of a language."""
    sources = ContentSources(options.root, incomplete=options.tag)
    known = [tag for tag, language in sources.languages.items() if language.has_catalog]
    if not are_known_languages([options.tag], known):
        return 1
    model = review_model(sources, options.tag, options.root)
    if not write_output(options.out, review_file(model).encode()):
        return 1
    for role, numbers in model["ask"].items():
        core = [number for number in numbers if number < model["core"]]
        print(
            f"{options.out}: {len(numbers)} strings for a {role}, about {_minutes(model, numbers)} "
            f"minutes; first the core, {len(core)} strings, about {_minutes(model, core)} minutes."
        )
    return 0


def _minutes(model: Model, numbers: Iterable[int]) -> int:
    seconds: int = sum(model["strings"][number]["seconds"] for number in numbers)
    return round(seconds / 60)


def import_result(sources: ContentSources, options: Options, data: bytes) -> int:
    """Write the approvals, questions and accepted changes of a review page."""
    problems: list[Problem] = []
    result = read_result(data, options.tag, today(), problems)
    imported = match(sources, options.root, result, problems) if result else None
    if imported is None:
        return _refuse(problems)
    print(*report(imported), sep="\n")
    accepted = _accepted(imported, options)
    if accepted is None:
        return 1
    if problems := apply(sources, options.root, imported, accepted):
        return _refuse(problems)
    print(f"{len(imported.of('right'))} strings approved, {len(accepted)} changed.")
    print(f"{options.tag}: {summary(options.tag, ContentSources(options.root, options.tag))}.")
    return 0


def _accepted(imported: Import, options: Options) -> Sequence[Answered] | None:
    """Return the changes to apply, or None if the operator has not decided."""
    changes, is_english = imported.of("change"), options.tag == ENGLISH
    must_ask = changes and options.accept is None and not is_english
    if must_ask and sys.stdin.isatty():
        return [row for row in changes if _is_accepted(row)]
    if changes and is_english:
        print("English is changed by hand, in the files named here:")
    print(*map(diff, changes), sep="\n", end="\n" if changes else "")
    if must_ask:
        fix = "Use --accept to apply these changes, or --reject to keep them as open questions"
        print(f"{_UNCHANGED} {fix}.", file=sys.stderr)
        return None
    return changes if options.accept and not is_english else []


def _is_accepted(row: Answered) -> bool:
    return input(f"{diff(row)}\nAccept this change? [y/N] ").strip().lower() in ("y", "yes")


def _refuse(problems: Sequence[Problem]) -> int:
    print(*problems, _UNCHANGED, sep="\n", file=sys.stderr)
    return 1
