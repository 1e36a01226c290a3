"""A copy of this repository whose releases a machine can clone and pull."""

import re
import subprocess
from pathlib import Path

from tests.support.servers import ROOT

WHO = ("-c", "user.name=test", "-c", "user.email=test@example.org")


class Releases:
    """A working copy, and the bare repository that it publishes to.

    Args:
        folder: an empty folder for the working copy.
        repository: where to publish.
    """

    def __init__(self, folder: Path, repository: Path) -> None:
        self.folder = folder
        subprocess.run(["git", "init", "--quiet", "--bare", repository], check=True)
        subprocess.run(
            ["git", "clone", "--quiet", repository, folder], check=True, capture_output=True
        )
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True).stdout
        kept = b"\0".join(name for name in names.split(b"\0") if (ROOT / name.decode()).is_file())
        copy = ["cp", "--parents", "--target-directory", str(folder)]
        subprocess.run(["xargs", "-0", *copy], cwd=ROOT, input=kept, check=True)

    def edit(self, name: str, pattern: str, by: str) -> None:
        """Replace the one text that a pattern matches."""
        path = self.folder / name
        text, count = re.subn(pattern, by, path.read_text("utf-8"), count=1, flags=re.S | re.M)
        assert count == 1, (name, pattern)
        path.write_text(text, "utf-8")

    def publish(self, version: str) -> None:
        """Publish the working copy as a version."""
        self.edit("pyproject.toml", '^version = ".*?"', f'version = "{version}"')
        for command in (
            ("add", "--all"),
            (*WHO, "commit", "--quiet", "-m", version),
            ("push", "--quiet"),
        ):
            subprocess.run(["git", *command], cwd=self.folder, check=True, capture_output=True)
