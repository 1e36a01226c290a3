"""Read recordings of spoken texts: check them, convert them, and bind each to its text."""

import re
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rights_line.content import ContentSources
from rights_line.content.assembly.speech import RecordedText, recordable_texts
from rights_line.errors import ConfigurationError, Problem
from rights_line.library.file import replace_files

FORMATS = (".wav", ".m4a")
# What a phone line carries: one channel, 8 kHz, 16 bits. Silence at both ends is cut, and the
# loudest moment of each file is equally loud.
_PHONE_FORMAT = ("-r", "8000", "-c", "1", "-b", "16")
_TRIM = ("silence", "1", "0.05", "0.5%", "reverse")
_EFFECTS = ("highpass", "100", *_TRIM, *_TRIM, "norm", "-3", "pad", "0.2", "0.2")
_QUIETEST = -40  # dB below full scale, of the loudest 50 ms: less is noise
_MOST_CLIPPED = 20  # samples at full scale
_UNITS = {"": 1, "k": 1e3, "M": 1e6}  # of SoX
# A recording may take that many times as long as its text is estimated to, and a few seconds.
_FASTEST, _SLOWEST, _SPARE_SECONDS = 0.4, 2.5, 2


@dataclass(frozen=True)
class Recording:
    """A recording that callers can hear."""

    text: RecordedText
    seconds: float
    data: bytes  # a WAV file


class _Unusable(Exception):
    """A file that cannot be used; its arguments are the summary and the fix of a problem."""


def read_recordings(folder: Path, sources: ContentSources) -> list[Recording]:
    """Return the recordings in a folder, and in one for each language in it.

    Raises:
        ConfigurationError: with a problem for each file that cannot be used.
    """
    files = sorted(path for path in folder.resolve().rglob("*") if path.suffix.lower() in FORMATS)
    problems, found = list[Problem](), dict[str, Recording]()
    if not files:
        fix = "Name each file as `rights-line recordings TAG` prints it"
        problems.append(Problem(str(folder), "must hold files .wav or .m4a, got none", fix))
    texts = {tag: _texts_by_name(tag, sources) for tag in {path.parent.name for path in files}}
    with TemporaryDirectory() as work:
        for path in files:
            try:
                text = _text_of(path, texts[path.parent.name])
                if text.file_name in found:
                    raise _Unusable("is the second recording of its text", "Keep the better one")
                found[text.file_name] = _read_recording(path, text, Path(work))
            except _Unusable as error:
                problems.append(Problem(str(path), *error.args))
    if problems:
        raise ConfigurationError(problems)
    return [*found.values()]


def save_recordings(recordings: Iterable[Recording], sources: ContentSources, audio: Path) -> None:
    """Write the recordings below `audio`, and their fingerprints into locales/, all or nothing."""
    files: dict[Path, bytes] = {}
    rows: dict[str, dict[str, str]] = {}
    for recording in recordings:
        text = recording.text
        path = audio / text.file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        files[path] = recording.data
        bound = rows.setdefault(text.tag, dict(sources.languages[text.tag].recordings))
        bound[text.name] = text.fingerprint
    for tag, bound in rows.items():
        lines = (f'"{name}": "{fingerprint}"\n' for name, fingerprint in sorted(bound.items()))
        files[sources.languages[tag].recordings.path] = "".join(lines).encode()
    replace_files(files)


def _texts_by_name(tag: str, sources: ContentSources) -> Mapping[str, RecordedText]:
    """Return the name of each text of a language without its fingerprint -> the text."""
    source = sources.languages.get(tag)
    texts = recordable_texts(source, sources.tree) if source else ()
    return {_name_and_mark(Path(text.short_name))[0]: text for text in texts}


def _name_and_mark(path: Path) -> tuple[str, str]:
    name, _, mark = path.name.removesuffix(path.suffix).rpartition("-")
    return name, mark.lower()


def _text_of(path: Path, texts: Mapping[str, RecordedText]) -> RecordedText:
    name, mark = _name_and_mark(path)
    tag = path.parent.name
    if not texts:
        summary = f"the folder must have the name of a language, got {tag}"
        raise _Unusable(summary, "Put the files into a folder such as so/")
    if name not in texts:
        summary = f"must have the name of a text, got {path.name}"
        raise _Unusable(summary, f"Use a name that `rights-line recordings {tag}` prints")
    if not (re.fullmatch("[0-9a-f]{4,12}", mark) and texts[name].fingerprint.startswith(mark)):
        current = texts[name].short_name
        summary = f"is of another text than that of today, whose name is {current}"
        raise _Unusable(summary, f"Record the text that `rights-line recordings {tag}` prints")
    return texts[name]


def _read_recording(path: Path, text: RecordedText, work: Path) -> Recording:
    converted = work / "converted.wav"
    try:
        _check_levels(_sound_levels(_as_wav(path, work)))
        _run("sox", work / "read.wav", *_PHONE_FORMAT, converted, *_EFFECTS)
        seconds = float(_run("soxi", "-D", converted))
    except (OSError, subprocess.CalledProcessError) as error:
        missing = error.filename if isinstance(error, FileNotFoundError) else ""
        if missing in ("sox", "soxi", "ffmpeg"):
            program = "sox" if missing == "soxi" else missing
            raise _Unusable(f"cannot be read without {program}", f"apt install {program}") from None
        raise _Unusable("is no sound that can be read", "Save it as WAV, and try again") from None
    _check_length(text, seconds)
    return Recording(text, seconds, converted.read_bytes())


def _as_wav(path: Path, work: Path) -> Path:
    """Return the file as WAV; SoX reads no M4A."""
    wav = work / "read.wav"
    if path.suffix.lower() == ".wav":
        wav.write_bytes(path.read_bytes())
    else:
        # A file that says it is of another format may name further files to read.
        _run("ffmpeg", "-v", "error", "-y", "-f", "mov", "-i", path, "-vn", "-f", "wav", wav)
    return wav


def _sound_levels(path: Path) -> Mapping[str, float]:
    """Return what SoX measures, such as `Length s`; of several channels, all together."""
    report = _run("sox", path, "-n", "stats")
    rows = re.findall(r"^(\w[\w ]*?) +(-?[\d.]+|-inf)([kM]?)(?: |$)", report, re.MULTILINE)
    return {name: float(value) * _UNITS[unit] for name, value, unit in rows}


def _check_levels(levels: Mapping[str, float]) -> None:
    loudest = levels["RMS Pk dB"]
    if loudest < _QUIETEST:
        summary = f"must be louder than {_QUIETEST} dB, got {loudest:.0f} dB"
        raise _Unusable(summary, "Speak closer to the microphone")
    if levels["Pk lev dB"] > -0.1 and levels["Pk count"] > _MOST_CLIPPED:
        summary = f"is distorted: {levels['Pk count']:.0f} samples are at full scale"
        raise _Unusable(summary, "Speak further from the microphone")


def _check_length(text: RecordedText, seconds: float) -> None:
    least = max(_FASTEST * text.seconds - _SPARE_SECONDS, 0.5)
    most = _SLOWEST * text.seconds + _SPARE_SECONDS
    if not least <= seconds <= most:
        summary = f"must take {least:.0f} to {most:.0f} seconds without silence, got {seconds:.0f}"
        raise _Unusable(summary, "Read the whole text, and nothing else")


def _run(program: str, *arguments: str | Path) -> str:
    command = [program, *map(str, arguments)]
    done = subprocess.run(  # noqa: S603 (fixed programs, without a shell)
        command, capture_output=True, check=True, encoding="utf-8", errors="replace"
    )
    return done.stdout + done.stderr
