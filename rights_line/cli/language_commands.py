"""The sections "Languages and words" and "Recordings for calls"."""

import sys
from pathlib import Path

import click

from rights_line import clock
from rights_line.cli import Invocation, all_or_nothing, command, pass_invocation
from rights_line.cli.shared import FILE, check_languages, print_text_problems, tag_argument
from rights_line.content import ContentSources
from rights_line.content.assembly.speech import CORE, recordable_texts
from rights_line.content.yaml_file import display_path
from rights_line.editorial import lint, new_language, word_sheet
from rights_line.editorial.recordings import read_recordings, save_recordings

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
    says full or short.
    """
    sources = ContentSources(given.root)
    with all_or_nothing():
        paths = new_language.start(sources, tag, word)
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
        added, left_out = word_sheet.add(sources, tag, phrases)
    for problem in left_out:
        print(f"left out: {problem}", file=sys.stderr)
    print(f"{tag}: {added} phrases added, {len(left_out)} left out.")
    return print_text_problems(lint.all(given.root, clock.today()))


@command("rights-line recordings so > so.txt", "rights-line recordings so --all")
@tag_argument
@click.option("--all", "is_all", is_flag=True, help="all texts (default: the core)")
@pass_invocation
def recordings_command(given: Invocation, tag: str, is_all: bool) -> int:
    """List the texts of a language to speak, with the name and length of each recording.

    The core is heard first: the menu, danger, somebody to talk to, a safe place, the doctor, under
    18, what a wrong key leads to, and how to go on. docs/recordings.md is for the speaker.
    """
    sources = ContentSources(given.root)
    check_languages([tag], sources.languages)
    source = sources.languages[tag]
    texts = [text for text in recordable_texts(source, sources.tree) if is_all or text.name in CORE]
    texts.sort(key=lambda text: CORE.index(text.name) if text.name in CORE else len(CORE))
    for text in texts:
        is_recorded = source.recordings.get(text.name) == text.fingerprint
        state = ", recorded" if is_recorded else ""
        print(f"== {text.short_name}.wav, {text.seconds} s{state}\n{text.text}\n")
    minutes = sum(text.seconds for text in texts) / 60
    print(f"{tag}: {len(texts)} texts, about {minutes:.0f} minutes.")
    return 0


@command(
    "rights-line import-recordings so", "rights-line import-recordings so --out /var/www/audio"
)
@click.argument("folder", type=FILE, help="folder with the recordings, named as the language")
@click.option(
    "--out",
    type=FILE,
    default=Path("audio"),
    metavar="DIR",
    help="folder to write the converted recordings to (default: audio)",
)
@pass_invocation
def import_recordings_command(given: Invocation, folder: Path, out: Path) -> int:
    """Check recordings (WAV or M4A), convert them for the phone, and bind each to its text.

    A recording whose text changes later is not played: callers hear the voice, or the numbers. With
    a problem nothing is written. Needs SoX; for M4A also FFmpeg.
    """
    sources = ContentSources(given.root)
    with all_or_nothing("Nothing was written"):
        recordings = read_recordings(folder, sources)
        save_recordings(recordings, sources, out)
    for recording in recordings:
        print(f"{out / recording.text.file_name}: {recording.seconds:.0f} s")
    print(f"Publish, and put {out}/ where RIGHTS_LINE_AUDIO_URL points to.")
    return 0
