"""The language, the alphabet and the normalization of each catalog."""

import re
import unicodedata

import py3langid
import pytest

from rights_line.content import ContentSources
from rights_line.core.sms import replace_sms_letters
from tests.support.worlds import FULL, WITH_TEXTS

# Look-alikes that belong to the alphabet of another language.
FOREIGN_LETTERS = {
    "ro": "şţŞŢ",  # with cedilla: the comma below is Romanian
    "bg": "ыэёіїєґ",
    "uk": "ыэёъ",
    "ru": "іїєґ",
    "ar": "پچژگکیە",
    "fa": "كيەټډړ",
    "prs": "كيەټډړ",
    "ur": "كيە",
    "pl": "áéíúěřůñ",
    "lt": "łńśźżăș",
    "nb": "äöß",
    "es": "ãõçâêô",
}
SCRIPTS = {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "ETHIOPIC", "DEVANAGARI", "THAI", "CJK"}
# The detector has other tags for some languages, and takes short Norwegian texts for Danish.
ALSO_DETECTED_AS = {
    "nb": {"no", "nb", "nn", "da"},
    "zh-Hans": {"zh"},
    "fil": {"tl"},
    "prs": {"fa"},
    "pcm": {"pcm", "en"},
    "ti": {"am"},  # the detector does not know Tigrinya
}


def texts_of(sources: ContentSources, tag: str) -> list[str]:
    """Return the translations into a language, without placeholders."""
    language = sources.languages[tag]
    texts = (language.translate(text.context, text.message) for text in sources.texts)
    return [re.sub(r"\{\w+\}", " ", text) for text in texts if text]


def scripts(word: str) -> set[str]:
    names = (unicodedata.name(letter, "?") for letter in word if letter.isalpha())
    return SCRIPTS & {name.split()[0] for name in names}


def language_of(text: str) -> str:
    return str(py3langid.classify(text)[0])


@pytest.mark.parametrize("tag", FULL)
def test_catalog_is_detected_as_its_language(tag: str, sources: ContentSources) -> None:
    """The whole catalog, and at least 90% of its texts above 80 characters."""
    texts = [text for text in texts_of(sources, tag) if len(text) > 80]
    expected = ALSO_DETECTED_AS.get(tag, {tag})
    assert language_of(" ".join(texts)) in expected
    found = [language_of(text) in expected for text in texts]
    assert sum(found) >= 0.9 * len(found)


@pytest.mark.parametrize("tag", [tag for tag in WITH_TEXTS if tag in FOREIGN_LETTERS])
def test_catalog_has_no_letter_of_another_alphabet(tag: str, sources: ContentSources) -> None:
    letters = set("".join(texts_of(sources, tag)).lower())
    assert letters & set(FOREIGN_LETTERS[tag].lower()) == set()


@pytest.mark.parametrize("tag", WITH_TEXTS)
def test_words_have_letters_of_one_script(tag: str, sources: ContentSources) -> None:
    """A Latin "a" in a Cyrillic word breaks matching, folding and speech."""
    words = {word for text in texts_of(sources, tag) for word in re.findall(r"\w+", text)}
    assert {word: found for word in words if len(found := scripts(word)) > 1} == {}


@pytest.mark.parametrize("tag", WITH_TEXTS)
def test_words_not_to_be_folded_have_a_letter_that_is_folded(
    tag: str, sources: ContentSources
) -> None:
    """Any other word in the list would never be found."""
    source = sources.languages[tag]
    table = source.language.fold
    assert [word for word in source.not_folded if replace_sms_letters(word, table) == word] == []
