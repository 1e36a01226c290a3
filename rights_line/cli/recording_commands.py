"""The section "Recordings for calls": recordings, import-recordings."""

from dataclasses import asdict
from pathlib import Path

import click

from rights_line.cli.group import (
    Invocation,
    Refused,
    all_or_nothing,
    command,
    pass_invocation,
)
from rights_line.cli.shared import FILE, check_languages, json_option, print_json, tag_argument
from rights_line.content.assembly.screen_tree import ScreenTree
from rights_line.content.assembly.speech import CORE, recordable_texts
from rights_line.content.loader import ContentSources
from rights_line.editorial.recordings import read_recordings, save_recordings
from rights_line.errors import Problem


@command("rights-line recordings so > so.txt", "rights-line recordings so --all")
@tag_argument
@click.option("--all", "is_all", is_flag=True, help="all texts (default: the core)")
@json_option
@pass_invocation
def recordings_command(given: Invocation, tag: str, is_all: bool, as_json: bool) -> int:
    """List the texts of a language to speak, with the name and length of each recording.

    The core is heard first: the menu, danger, somebody to talk to, a safe place, the doctor, under
    18, what a wrong key leads to, and how to go on. docs/recordings.md is for the speaker.
    """
    sources = ContentSources(given.root)
    check_languages([tag], sources.catalog_tags())
    source = sources.languages[tag]
    texts = [
        text
        for text in recordable_texts(source, ScreenTree(sources.content))
        if is_all or text.name in CORE
    ]
    texts.sort(key=lambda text: CORE.index(text.name) if text.name in CORE else len(CORE))
    if as_json:
        rows = [{"file": f"{one.short_name}.wav", "seconds": one.seconds} for one in texts]
        print_json([asdict(one) | row for one, row in zip(texts, rows, strict=True)])
        return 0
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
    problems: list[Problem] = []
    recordings = read_recordings(folder, sources, problems)
    if problems:
        raise Refused("\n".join([*map(str, problems), "Nothing was written."]))
    with all_or_nothing():
        save_recordings(recordings, sources, given.root, out)
    for recording in recordings:
        print(f"{out / recording.text.file_name}: {recording.seconds:.0f} s")
    print(f"Publish, and put {out}/ where RIGHTS_LINE_AUDIO_URL points to.")
    return 0
