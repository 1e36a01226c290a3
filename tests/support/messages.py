"""The messages that measure how well the line understands."""

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "data" / "messages" / "test"


def messages(language: str) -> list[str]:
    """Return the messages of a language, emergencies and everyday ones."""
    paths = sorted(FOLDER.glob("*.tsv"))
    rows = [line.split("\t") for path in paths for line in path.read_text("utf-8").splitlines()]
    return [text for tag, _, _, text, *_ in rows if tag == language]
