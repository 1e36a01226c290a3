"""The command that starts the translation of a language."""

import sys

from rights_line.cli.command import Options
from rights_line.content.files.yaml_mapping import display_path
from rights_line.content.loader import ContentSources
from rights_line.editorial.languages.language_start import start_language
from rights_line.errors import ConfigurationError

_NEXT = """\
Next: correct the row in locales/languages.yaml, collect words, and translate:
  rights-line words {tag} > words.csv
  rights-line add-words {tag} words.csv
  rights-line export {tag} > {tag}.csv
  rights-line import {tag} < {tag}.csv
  rights-line review {tag} --out {tag}.html
When all is translated, set `texts: full` in the row, and run `rights-line check`."""


def new_language(options: Options) -> int:
    """Write the files of a new language."""
    sources = ContentSources(options.root)
    try:
        paths = start_language(sources, options.root, options.tag, options.word)
    except ConfigurationError as error:
        print("Nothing was changed:", *error.problems, sep="\n  ", file=sys.stderr)
        return 1
    except OSError as error:
        reason = "the folder for temporary files cannot hold a copy of the texts"
        print(f"Nothing was changed: {error.strerror or reason}.", file=sys.stderr)
        return 1
    print(*map(display_path, paths), _NEXT.format(tag=options.tag), sep="\n")
    return 0
