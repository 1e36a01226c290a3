"""Commands about words: explain how texts are understood, list and add words."""

import json
import sys

from rights_line import clock
from rights_line.cli.arguments import are_known_languages
from rights_line.cli.command import Options
from rights_line.cli.editorial import check
from rights_line.content.loader import ContentSources, build_library
from rights_line.core.library import Library
from rights_line.editorial.explain import explain
from rights_line.editorial.sheets import word_table
from rights_line.errors import Problem


def explain_texts(options: Options) -> int:
    """Print how each text is understood; stop at the first malformed line."""
    library = build_library(ContentSources(options.root), "drafts")
    if options.tag and not are_known_languages([options.tag], library.languages):
        return 1
    if options.text is not None:
        print(_json(explain(options.text, options.tag, library, clock.now())))
        return 0
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        found = _explain_line(line, library)
        if found is None:
            # The line is not printed: it may contain a message of a sender.
            print(f'Line {number} must be JSON such as {{"text": "Hello"}}.', file=sys.stderr)
            return 1
        print(found, flush=True)
    return 0


def _explain_line(line: str, library: Library) -> str | None:
    """Return the explanation of a line of JSON; None if it is malformed."""
    try:
        row = json.loads(line)
        text, tag = row["text"], row.get("tag")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if not isinstance(text, str) or not isinstance(tag, str | None):
        return None
    return _json(explain(text, tag, library, clock.now()))


def _json(found: dict[str, object]) -> str:
    return json.dumps(found, ensure_ascii=False)


def show_words(options: Options) -> int:
    """Write the table of a language to standard output."""
    sources = ContentSources(options.root)
    if not are_known_languages([options.tag], sources.languages):
        return 1
    word_table.write_table(sources, options.tag, sys.stdout)
    return 0


def add_words(options: Options) -> int:
    """Add the words of a file to a language, and print those that were left out."""
    sources = ContentSources(options.root)
    if not are_known_languages([options.tag], sources.languages):
        return 1
    problems: list[Problem] = []
    words = word_table.read_words(options.file, problems)
    if problems:
        print(*problems, sep="\n", file=sys.stderr)
        return 1
    try:
        added, left_out = word_table.add_words(sources, options.root, options.tag, words)
    except OSError as error:
        print(f"Nothing was changed: {error.strerror}.", file=sys.stderr)
        return 1
    for problem in left_out:
        print(f"left out: {problem}", file=sys.stderr)
    print(f"{options.tag}: {added} phrases added, {len(left_out)} left out.")
    return check(Options(json=False, release=False, root=options.root))
