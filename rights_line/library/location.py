"""Find the library.json to serve, and build it in another process if it is out of date."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from rights_line import clock
from rights_line.errors import ConfigurationError, Problem
from rights_line.library import FOLDERS, PACKAGED, ROOT, TEXTS, file, model_file, texts_folder
from rights_line.library.model_file import LoadedModel
from rights_line.library.schema import Built, Choices
from rights_line.settings import Serve, Settings
from rights_line.settings.variable import OUR_PREFIX, variable_list

LIBRARY = "RIGHTS_LINE_LIBRARY"
_NAMES: Mapping[Serve, str] = {"approved": "library.json", "drafts": "library-drafts.json"}


class Served(NamedTuple):
    """The texts that are served: their file, its date and SHA-256, and what it holds."""

    path: Path
    date: date
    sha256: str
    built: Built
    model_path: Path
    warning: str = ""

    def load_model(self) -> LoadedModel:
        """Read the sentence model, which must be the one that the texts were built with."""
        return model_file.load_sentence(self.model_path, self.built.model)


def choices_of(settings: Settings) -> Choices:
    """Return the settings that decide what a library holds."""
    return Choices(settings.serve, settings.languages, settings.audio_url, settings.operator)


def built_file(folder: Path, serve: Serve) -> Path:
    """Return the file that is built from a folder with content/ and locales/."""
    return folder / "build" / _NAMES[serve]


def open(environ: Mapping[str, str], choices: Choices) -> Served:
    """Return the texts of RIGHTS_LINE_LIBRARY, or those of a folder, built if need be.

    Raises:
        ConfigurationError: with every problem of the file, or of the texts.
    """
    folder = texts_folder(environ).absolute()
    if name := environ.get(LIBRARY):
        path = Path(name)
        served = _served(path, file.read(path), folder)
        if problems := [*_other_choices(served.built.built_for, environ)]:
            raise ConfigurationError(problems)
        return served
    path = built_file(folder, choices.serve)
    if path.exists() and not _is_outdated(path, folder):
        with suppress(ConfigurationError):  # of another version
            served = _served(path, file.read(path), folder)
            if served.built.built_for == choices:
                return served
    data = _build(folder, choices, environ)
    try:
        file.write(path, data)
    except OSError:  # the line may not write there
        warning = f"{path} cannot be used, so each start builds the texts anew. Publish them."
        return _served(path, data, folder)._replace(warning=warning)
    return _served(path, data, folder)


def _served(path: Path, data: bytes, folder: Path) -> Served:
    built = file.decode(path, data)
    day = date.fromtimestamp(path.stat().st_mtime) if path.exists() else clock.today()
    beside = path.with_name(model_file.NAME)
    model = beside if beside.exists() else folder / "content" / model_file.NAME
    return Served(path, day, sha256(data).hexdigest(), built, model)


def _variables(choices: Choices) -> dict[str, str]:
    """Return the variables that say the same."""
    values = vars(choices) | {"languages": ",".join(choices.languages)}
    return {f"{OUR_PREFIX}{name.upper()}": value for name, value in values.items()}


def _other_choices(built_for: Choices, environ: Mapping[str, str]) -> Iterator[Problem]:
    """Yield a problem for each variable that is set to another value than the texts were built for.

    A variable that is not set leaves it to the file.
    """
    for name, found in _variables(built_for).items():
        given = variable_list(environ, name)
        if given and given != variable_list({name: found}, name):
            summary = f'must be as in {environ[LIBRARY]}, which was built with "{found}"'
            yield Problem(name, summary, "Build the file again: `rights-line build`")


def _is_outdated(path: Path, folder: Path) -> bool:
    """Return whether a text, or in a checkout the code, is newer than what was built from it."""
    if folder == PACKAGED:
        return False
    tops = [folder / name for name in FOLDERS]
    texts = [*tops, *(each for top in tops for each in top.rglob("*"))]  # a folder: a file is gone
    code = [] if PACKAGED.is_dir() else (ROOT / "rights_line").rglob("*.py")
    built = path.stat().st_mtime_ns
    return any(each.stat().st_mtime_ns > built for each in (*texts, *code))


def _build(folder: Path, choices: Choices, environ: Mapping[str, str]) -> bytes:
    """Build a library in another process, so that this one needs no memory for it afterwards."""
    others = {
        name: value
        for name, value in environ.items()
        if not name.startswith(OUR_PREFIX) and name != "REDIS_URL"
    }
    done = subprocess.run(
        [sys.executable, "-m", "rights_line.cli", "build", "--json", "-o", "-"],
        cwd=Path(__file__).parents[2],
        env={**others, **_variables(choices), TEXTS: str(folder)},
        capture_output=True,
        check=False,
    )
    if done.returncode == 0:
        return done.stdout
    try:
        problems = [Problem(**row) for row in json.loads(done.stdout)]
    except ValueError:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        problems = [Problem(TEXTS, f"the texts cannot be built ({last})", f"Set {LIBRARY}")]
    raise ConfigurationError(problems)
