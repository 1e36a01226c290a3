"""Collect words that tell a language, into locales/<tag>/common_words.txt: `make common-words`.

The vote on the language of a text counts them beside the words of words.yaml and the translations.
They are the words of at least two messages of messages/ in the language, and those that the file
holds already.
"""

from collections import Counter, defaultdict

from bench.understanding import messages
from rights_line.content.languages import COMMON_WORDS
from rights_line.core.understanding.words import normalise
from rights_line.library import ROOT

MIN_MESSAGES = 2
MIXED = "mixed"  # the register of messages in two languages


def main() -> None:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in messages(ROOT / "messages"):
        if row.register != MIXED:
            counts[row.language].update({*normalise(row.text).split()})
    for tag, words in sorted(counts.items()):
        path = ROOT / "locales" / tag / COMMON_WORDS
        known = {*path.read_text("utf-8").split()} if path.exists() else set()
        found = {word for word, count in words.items() if count >= MIN_MESSAGES}
        kept = sorted(word for word in known | found if word.isalpha() or not word.isascii())
        path.write_text("\n".join(kept) + "\n", "utf-8")


if __name__ == "__main__":
    main()
