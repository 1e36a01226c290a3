"""Tests of recordings: the list to speak, and what a folder of recordings must be."""

import re
import shutil
import subprocess
import wave
from collections.abc import Mapping
from pathlib import Path

import pytest

from rights_line.content import ContentSources
from rights_line.content.assembly import ScreenTree
from rights_line.content.assembly.speech import CORE, recordable_texts
from rights_line.core import CallState, Inbound, Medium
from rights_line.core.library import Library
from rights_line.core.voice import respond_voice
from tests.support.cli import run
from tests.support.clock import TUESDAY
from tests.support.folders import CATALOG, ROWS, change, every, swap
from tests.support.worlds import library_at

AUDIO = "https://audio.example.org"

needs_sox = pytest.mark.skipif(shutil.which("sox") is None, reason="SoX is not installed")
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="FFmpeg is not installed")


@pytest.fixture
def silent_folder(small_folder: Path) -> Path:
    """Return files in which Polish has no voice."""
    change(small_folder, ROWS, swap("^  voice: Polly.Ewa\n", ""))
    return small_folder


def listed(folder: Path) -> Mapping[str, int]:
    """Return the file names that the command lists -> their seconds."""
    printed = run("recordings", "pl", where=folder).stdout
    return {name: int(seconds) for name, seconds in re.findall(r"== (\S+), (\d+) s", printed)}


def tone(path: Path, seconds: float, *effects: str) -> Path:
    """Write a sound as long as a text, with a second of silence at each end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    command = ["sox", "-R", "-n", "-r", "8000", "-c", "2", str(path), "synth", str(seconds)]
    shape = ["pinknoise", "vol", "0.5", "pad", "1", "1"]
    subprocess.run([*command, *shape, *effects], check=True, capture_output=True)
    return path


def spoken(folder: Path, out: Path) -> Path:
    """Write a recording of every listed text."""
    for name, seconds in listed(folder).items():
        tone(out / name, seconds)
    return out


def test_list_holds_the_core_with_names_and_times(small_folder: Path) -> None:
    """In the order in which a caller needs them; `--all` lists every text."""
    printed = run("recordings", "pl", where=small_folder).stdout
    names = [line.split()[1] for line in printed.splitlines() if line.startswith("== ")]

    assert [name[3:].partition("-")[0] for name in names] == [
        *("0", "1", "11", "2", "8", "helplines", "press", "connect")
    ]
    assert "1 1 2" in printed
    assert "napisz, co" not in printed
    everything = run("recordings", "pl", "--all", where=small_folder).stdout
    assert "== pl/4-" in everything
    assert run("recordings", "plx", where=small_folder).returncode == 1


def test_core_of_each_language_takes_at_most_fifteen_minutes(sources: ContentSources) -> None:
    tree = ScreenTree(sources.content)
    for source in sources.languages.values():
        texts = [text for text in recordable_texts(source, tree) if text.name in CORE]
        names = {text.name for text in texts}
        assert {"0", "1", "2", "8", "11", "12", "13", "helplines"} <= names
        assert sum(text.seconds for text in texts) < 15 * 60


@needs_sox
def test_imported_recordings_are_heard_from_the_first_menu_on(
    silent_folder: Path, tmp_path: Path
) -> None:
    """Each address is that of a file of one channel, 8 kHz and 16 bits."""
    folder = spoken(silent_folder, tmp_path / "spoken")
    done = run(
        "import-recordings", str(folder), "--out", str(tmp_path / "audio"), where=silent_folder
    )
    library = library_at(silent_folder, audio_url=AUDIO)

    assert done.returncode == 0, done.stderr
    heard = addresses("9", library) + addresses("1", library, CallState("pl", "0"))
    assert len(heard) == 4  # the menu, danger, and twice how to choose
    for address in {*heard, *addresses("55555", library, CallState("pl", "0"))}:
        assert "?" not in address
        with wave.open(str(tmp_path / "audio" / address.removeprefix(f"{AUDIO}/"))) as sound:
            form = sound.getnchannels(), sound.getframerate(), sound.getsampwidth()
        assert form == (1, 8000, 2)
    closing = respond_voice(pressed("0", CallState("pl", "1")), library, TUESDAY).closing
    assert closing[0].recording.startswith(f"{AUDIO}/pl/helplines-")
    assert run("check", where=silent_folder).returncode == 0


def pressed(keys: str, call: CallState) -> Inbound:
    return Inbound("", keys, medium=Medium.VOICE, call=call)


def addresses(keys: str, library: Library, call: CallState = CallState()) -> list[str]:  # noqa: B008 (a constant)
    """Return the addresses that a caller hears after some keys, and nothing else."""
    reply = respond_voice(pressed(keys, call), library, TUESDAY)
    assert all(part.recording for part in reply.spoken), reply.spoken
    return [part.recording for part in reply.spoken]


@needs_sox
def test_recording_falls_back_by_itself_after_its_text_changes(
    silent_folder: Path, tmp_path: Path
) -> None:
    """The numbers are heard instead, and `check` says which recording is due."""
    folder = spoken(silent_folder, tmp_path / "spoken")
    run("import-recordings", str(folder), "--out", str(tmp_path / "audio"), where=silent_folder)
    change(silent_folder, CATALOG, every("Poniżej 18", "Mniej niż 18"))
    library = library_at(silent_folder, audio_url=AUDIO)

    reply = respond_voice(pressed("0", CallState("pl", "1")), library, TUESDAY)
    assert [part.text for part in reply.spoken] == ["1 1 2. 2 2, 3 3, 1 1, 6 0. Si: polsk."] * 3
    assert (
        "the text 0 has changed since it was recorded" in run("check", where=silent_folder).stdout
    )
    again = run("import-recordings", str(folder), where=silent_folder)
    assert "is of another text than that of today" in again.stderr


@needs_sox
@needs_ffmpeg
def test_import_reads_m4a(small_folder: Path, tmp_path: Path) -> None:
    name = next(iter(listed(small_folder)))
    wav = tone(tmp_path / name, listed(small_folder)[name])
    command = ["ffmpeg", "-v", "error", "-i", str(wav), str(wav.with_suffix(".m4a"))]
    subprocess.run(command, check=True)
    wav.unlink()
    nowhere = ("import-recordings", str(wav.parent), "--out", "/dev/null/audio")
    assert "Nothing was written: Not a directory." in run(*nowhere, where=small_folder).stderr
    assert not (small_folder / "locales/pl/recordings.yaml").exists()

    out = tmp_path / "audio"
    done = run("import-recordings", str(wav.parent), "--out", str(out), where=small_folder)

    assert done.returncode == 0, done.stderr
    assert len([*out.rglob("*.wav")]) == 1


@needs_sox
@needs_ffmpeg
def test_import_names_every_problem_at_once_and_writes_nothing(
    small_folder: Path, tmp_path: Path
) -> None:
    """Each file has another."""
    names = iter(listed(small_folder))
    folder, out = tmp_path / "spoken", tmp_path / "audio"
    good, empty, cut, short, long, quiet, loud = (folder / next(names) for _ in range(7))
    problems = {
        good.with_name("77-aaaa.wav"): "must have the name of a text",
        good.with_name("0.wav"): "must have the name of a text",
        good.with_name("0-0000.wav"): "is of another text than that of today",
        good: "is the second recording of its text",
        empty: "is no sound that can be read",
        cut: "is no sound that can be read",
        cut.with_suffix(".m4a"): "is no sound" if shutil.which("ffmpeg") else "without ffmpeg",
        short: "seconds without silence, got 1.",
        long: "seconds without silence, got 99.",
        quiet: "must be louder than -40 dB, got -7",
        loud: "is distorted",
        folder / "xx" / good.name: "the folder must have the name of a language",
    }
    tone(good, listed(small_folder)["pl/" + good.name])
    tone(short, 1)
    tone(long, 98.6)
    tone(quiet, 20, "vol", "0.001")
    tone(loud, listed(small_folder)["pl/" + loud.name], "vol", "40")
    for path in (*problems, good.with_name(good.name.upper())):
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            path.write_bytes(good.read_bytes())
    empty.write_bytes(b"")
    cut.write_bytes(b"RIFF" + bytes(500))
    cut.with_suffix(".m4a").write_bytes(b"#EXTM3U\n/etc/passwd\n")

    done = run("import-recordings", str(folder), "--out", str(out), where=small_folder)

    first, *lines = done.stderr.splitlines()
    found = dict(line.strip().split(": ", 1) for line in lines)
    assert done.returncode == 1
    assert found.keys() == {str(path) for path in problems}
    for path, said in problems.items():
        assert said in found[str(path)]
    assert first == "Nothing was written:"
    assert not out.exists()
    assert not (small_folder / "locales/pl/recordings.yaml").exists()


def test_import_without_sox_names_it(
    small_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = next(iter(listed(small_folder)))
    (tmp_path / "pl").mkdir()
    (tmp_path / name).write_bytes(b"RIFF")
    monkeypatch.setenv("PATH", str(tmp_path))

    done = run("import-recordings", str(tmp_path), where=small_folder)

    assert "cannot be read without sox. apt install sox." in done.stderr
