"""Letters that can be misread."""

from dataclasses import replace

import pytest

from rights_line.content import ContentSources
from rights_line.content.catalogs import Catalog
from rights_line.editorial.lint import lint_screens


@pytest.mark.parametrize(
    ("translation", "is_refused"),
    [
        ("{guidance_unit} पर।", False),
        ("{guidance_unit}।", True),
        ("112।", True),
        ("{udi_hours}।", False),
        ("{udi_hours} तक।", False),
    ],
)
def test_danda_straight_after_a_number_is_refused(
    translation: str, is_refused: bool, sources: ContentSources
) -> None:
    """A number read as one digit longer reaches nobody."""
    text = sources.texts[0]
    language = replace(sources.languages["hi"], catalog=Catalog({text.key: translation}))
    found = [
        row for row in lint_screens.letter_problems(language, [text]) if "danda" in row.summary
    ]
    assert bool(found) is is_refused
