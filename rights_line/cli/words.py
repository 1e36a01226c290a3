"""Commands about words: explain how texts are understood, list and add words."""

import argparse
import json
import sys

from rights_line.content.loader import ContentSources, build_library
from rights_line.core.library import Library
from rights_line.editorial.explain import explain


def explain_texts(options: argparse.Namespace) -> int:
    """Print how each text is understood; stop at the first malformed line."""
    library = build_library(ContentSources(options.root), "drafts")
    if options.text is not None:
        print(_json(explain(options.text, options.tag, library)))
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
    return _json(explain(text, tag, library))


def _json(found: dict[str, object]) -> str:
    return json.dumps(found, ensure_ascii=False)
