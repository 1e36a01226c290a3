"""Each catalog is in its own language, in its own letters."""

import re
import unicodedata

import py3langid
import pytest

from rights_line.content.languages import LanguageSource
from rights_line.content.loader import ROOT, ContentSources

SOURCES = ContentSources(ROOT)
FULL = [tag for tag, tongue in SOURCES.languages.items() if tongue.texts == "full"]
SPOKEN = [tag for tag, tongue in SOURCES.languages.items() if tongue.has_texts]

# Letters that look right and are another language's.
FOREIGN = {
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
# Detectors know Bokmål and Nynorsk, and the neighbours that short texts are taken for.
ALSO = {"nb": {"no", "nb", "nn", "da"}, "zh-Hans": {"zh"}, "fil": {"tl"}}


def texts_of(tongue: LanguageSource) -> list[str]:
    """Return what a language says, without placeholders."""
    texts = (tongue.translate(text.context, text.message) for text in SOURCES.texts)
    return [re.sub(r"\{\w+\}", " ", text) for text in texts if text]


def language_of(text: str) -> str:
    """Return what a detector that works offline takes a text for."""
    return str(py3langid.classify(text)[0])


@pytest.mark.parametrize("tag", FULL)
def test_a_catalog_is_in_its_language(tag: str) -> None:
    """The whole, and nine in ten of its longer texts, are taken for the language."""
    texts = [text for text in texts_of(SOURCES.languages[tag]) if len(text) > 80]
    expected = ALSO.get(tag, {tag})
    assert language_of(" ".join(texts)) in expected
    found = [language_of(text) in expected for text in texts]
    assert sum(found) >= 0.9 * len(found)


@pytest.mark.parametrize("tag", [tag for tag in SPOKEN if tag in FOREIGN])
def test_no_letter_is_anothers(tag: str) -> None:
    """No look-alike from a neighbour's alphabet."""
    letters = set("".join(texts_of(SOURCES.languages[tag])).lower())
    assert letters & set(FOREIGN[tag].lower()) == set()


@pytest.mark.parametrize("tag", SPOKEN)
def test_no_word_mixes_scripts(tag: str) -> None:
    """A Latin a in a Cyrillic word looks right and is not found, not folded, not read aloud."""
    for text in texts_of(SOURCES.languages[tag]):
        for word in re.findall(r"\w+", text):
            scripts = {
                unicodedata.name(letter, "?").split()[0] for letter in word if letter.isalpha()
            }
            assert len(scripts & SCRIPTS) <= 1, word


@pytest.mark.parametrize("tag", SPOKEN)
def test_texts_are_composed(tag: str) -> None:
    """NFC: what is decomposed costs twice and is garbled by gateways."""
    for text in texts_of(SOURCES.languages[tag]):
        assert text == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("tag", SPOKEN)
def test_a_draft_says_so(tag: str) -> None:
    """Each language has notes for its reviewer, and says that it is a draft."""
    if tag != "en":
        notes = (ROOT / "locales" / tag / "NOTES.md").read_text(encoding="utf-8")
        assert "draft" in notes.split("\n##")[0]
        catalog = (ROOT / "locales" / tag / "LC_MESSAGES" / "messages.po").read_text("utf-8")
        assert "Last-Translator: machine draft, not read by a native speaker" in catalog


def test_a_wrong_language_is_seen() -> None:
    """The detector tells Bulgarian from Russian, and Polish from Lithuanian."""
    for one, other in (("bg", "ru"), ("pl", "lt")):
        text = " ".join(text for text in texts_of(SOURCES.languages[one]) if len(text) > 80)
        assert language_of(text) != other
