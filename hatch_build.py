"""Build the approved texts for the wheel: rights_line/library/location.py looks for them there."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TextsHook(BuildHookInterface[Any]):
    """Puts library.json beside the texts of a wheel; an editable one reads the checkout's."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the file with the code of this checkout."""
        if version == "editable":
            return
        path = Path(self.root, "build", "wheel", "library.json")
        command = [sys.executable, "-m", "rights_line.cli", "build", "-o", str(path)]
        subprocess.run(command, cwd=self.root, env={"RIGHTS_LINE_TEXTS": self.root}, check=True)
        build_data["force_include"][str(path)] = "rights_line/texts/build/library.json"
