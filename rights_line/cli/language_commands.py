"""The section "Languages and words": new-language, words, add-words."""

import sys
from pathlib import Path

import click

from rights_line import clock
from rights_line.cli.group import Invocation, all_or_nothing, command, pass_invocation
from rights_line.cli.shared import FILE, check_languages, print_text_problems, tag_argument
from rights_line.content.files.yaml_mapping import display_path
from rights_line.content.loader import ContentSources
from rights_line.editorial import new_language, word_sheet
from rights_line.editorial.lint import lint_texts

_NEXT = """\
Next: correct the row in locales/languages.yaml, collect words,
translate locales/{tag}/LC_MESSAGES/messages.po, and have it read:
  rights-line words {tag} > words.csv
  rights-line add-words {tag} words.csv
  rights-line review {tag} --out {tag}.html
When all is translated, set `texts: full` in the row, and run `rights-line check`."""


@command("rights-line new-language hu", "rights-line new-language cs --word CESTINA")
@click.argument("tag", metavar="TAG", help="language tag (BCP 47), such as cs")
@click.option(
    "--word",
    default="",
    metavar="WORD",
    help="word that selects it, in capitals A to Z (default: from its own name)",
)
@pass_invocation
def new_language_command(given: Invocation, tag: str, word: str) -> int:
    """Start the translation of a language: row, folder, empty catalog, table of words.

    The row gets what Unicode CLDR knows, and `texts: started`: it can be exported, reviewed and
    approved at once, and the line serves it like a language that it only understands until the row
    says full or short. A language that is understood already keeps its words.
    """
    sources = ContentSources(given.root)
    with all_or_nothing():
        paths = new_language.start(sources, given.root, tag, word)
    print(*map(display_path, paths), _NEXT.format(tag=tag), sep="\n")
    return 0


@command("rights-line words pl > words.csv")
@tag_argument
@pass_invocation
def words_command(given: Invocation, tag: str) -> int:
    """Write what people may write as a CSV sheet: each concept, and the phrases for it.

    Phrases are separated by semicolons. A concept without a phrase is marked with ?.
    """
    sources = ContentSources(given.root)
    check_languages([tag], sources.languages)
    word_sheet.write(sources, tag, sys.stdout)
    return 0


@command("rights-line add-words pl words.csv")
@tag_argument
@click.argument("file", type=FILE, metavar="FILE", help="filled sheet (.csv)")
@pass_invocation
def add_words_command(given: Invocation, tag: str, file: Path) -> int:
    """Add the phrases of a filled sheet to the words of a language.

    Reads a sheet of `rights-line words`. A phrase that is reserved, or means something else in any
    language, is left out and printed. `rights-line check` runs next.
    """
    sources = ContentSources(given.root)
    check_languages([tag], sources.languages)
    with all_or_nothing():
        phrases = word_sheet.read(file)
        added, left_out = word_sheet.add(sources, given.root, tag, phrases)
    for problem in left_out:
        print(f"left out: {problem}", file=sys.stderr)
    print(f"{tag}: {added} phrases added, {len(left_out)} left out.")
    return print_text_problems(lint_texts.all(given.root, clock.today()))
