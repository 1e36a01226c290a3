"""Letters that can be misread."""

from pathlib import Path

import pytest

from rights_line.content.loader import ContentSources
from rights_line.content.texts_folder import ROOT
from rights_line.editorial.lint.lint_texts import lint_texts
from tests.support.folders import change, every

CATALOG = "locales/hi/LC_MESSAGES/messages.po"


@pytest.mark.parametrize(
    ("before", "after", "is_refused"),
    [
        ("{guidance_unit} पर।", "{guidance_unit}।", True),
        ("{udi_hours}।", "{udi_hours} तक।", False),
    ],
)
def test_danda_straight_after_a_number_is_refused(
    folder: Path, before: str, after: str, is_refused: bool
) -> None:
    """A number read as one digit longer reaches nobody."""
    change(folder, CATALOG, every(before, after))
    found = [row.summary for row in lint_texts(ContentSources(folder)) if "danda" in row.summary]
    assert bool(found) is is_refused


def test_real_texts_have_no_danda_after_a_number() -> None:
    assert not [row for row in lint_texts(ContentSources(ROOT)) if "danda" in row.summary]
