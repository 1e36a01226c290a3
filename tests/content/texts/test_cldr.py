"""Names of languages and weekdays: those of Unicode CLDR, as Babel has them.

They stand in locales/, because Babel would keep 30 MiB of other data in memory for them.
"""

from datetime import date

import pytest
from babel import Locale
from babel.dates import format_date

from rights_line.content import ContentSources
from rights_line.core.library import Library
from rights_line.core.understanding.words import normalise
from tests.support.worlds import UNDERSTOOD, WITH_TEXTS

WEEK = [date(2024, 1, day) for day in range(1, 8)]  # from a Monday on


# Nigerian Pidgin has the English names: those of CLDR are outside GSM-7, even without accents.
@pytest.mark.parametrize("tag", [tag for tag in WITH_TEXTS if tag != "pcm"])
def test_weekdays_are_those_of_the_locale(tag: str, sources: ContentSources) -> None:
    language = sources.languages[tag].language
    assert [*language.weekdays] == [format_date(day, "EEEE", language.locale) for day in WEEK]
    assert [*language.weekdays_short] == [format_date(day, "EEE", language.locale) for day in WEEK]


@pytest.mark.parametrize("tag", [tag for tag in UNDERSTOOD if tag not in ("prs", "pt-BR")])
def test_name_of_language_in_norwegian_english_and_itself_is_understood(
    tag: str, library: Library
) -> None:
    locale = Locale.parse(library.languages[tag].locale)
    names = [locale.get_language_name(other) or "" for other in ("nb", "en", locale)]
    unknown = [
        name
        for name in names
        if tag not in (library.vocabulary.language_words.get(normalise(name)) or ())
    ]
    assert unknown == []
