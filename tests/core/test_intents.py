"""What a text means: design section 4, in its order."""

import pytest

from rights_line.core.intents import (
    OPT_OUT,
    OTHER_RESERVED,
    AskLanguage,
    Forget,
    Helpline,
    Home,
    Intent,
    ListLanguages,
    OptOut,
    Show,
    Unclear,
    understand,
)
from rights_line.core.library import Library


@pytest.mark.parametrize(
    ("written", "tag", "meant"),
    [
        # provider's words
        ("STOP", "pl", OptOut()),
        (" Stopp. ", None, OptOut()),
        ("please stop it", None, Unclear()),
        ("HELP", None, Home()),
        ("info", "nb", Home()),
        # codes
        ("0", "pl", Show("pl", "0")),
        ("0", None, Home()),
        ("00", "pl", Forget()),
        ("00", None, Forget()),
        ("99", "pl", ListLanguages()),
        ("4", "pl", Show("pl", "4")),
        ("4.", "pl", Show("pl", "4")),
        ("nr 4", "pl", Show("pl", "4")),
        ("٤", "ar", Show("ar", "4")),
        ("41", "en", Show("en", "41")),
        ("4", None, Home()),
        ("4", "xx", Home()),
        ("41", "?", Home()),
        ("77", "pl", Unclear()),
        ("911", "en", Show("en", "1")),
        # the list of languages was just shown
        ("9", "?", Show("pl", "0")),
        ("4", "?", Show("ar", "0")),
        ("3", "?", Home()),
        # a language's word or name, alone or with a code
        ("POLSKI", None, Show("pl", "0")),
        ("polski", "nb", Show("pl", "0")),
        ("polsk", None, Show("pl", "0")),
        ("Polish", "?", Show("pl", "0")),
        ("po polsku", None, Show("pl", "0")),
        ("العربية", None, Show("ar", "0")),
        ("3arabi", None, Show("ar", "0")),
        ("POLSKI 4", None, Show("pl", "4")),
        ("polski4", "nb", Show("pl", "4")),
        ("POLSKI 41", None, Show("pl", "41")),
        ("4 polski", None, Show("pl", "4")),
        ("ARABI ٤", None, Show("ar", "4")),
        ("POLSKI 0", None, Show("pl", "0")),
        ("POLSKI 00", "pl", Forget()),
        ("POLSKI 99", None, ListLanguages()),
        ("POLSKI 77", None, Show("pl", "0")),
        # helplines' own numbers
        ("112", "pl", Helpline("112")),
        ("112", None, Helpline("112")),
        ("112", "?", Helpline("112")),
        ("22331160", None, Helpline("22331160")),
        ("22 33 11 60", "nb", Helpline("22331160")),
        ("+47 22 33 11 60", "nb", Helpline("22331160")),
        ("004722331160", "nb", Helpline("22331160")),
        ("116 111", "nb", Helpline("116111")),
        # emergency words win wherever they stand
        ("danger", None, Show("en", "1")),
        ("I am in danger at work", "pl", Show("en", "1")),
        ("moja praca ratunku", None, Show("pl", "1")),
        # keywords: whole, then the first in the text
        ("lege", None, Show("nb", "6")),
        ("they took my passport", "nb", Show("en", "5")),
        ("nie dostałem wypłaty", None, Show("pl", "4")),
        ("nie dostalem wyplaty", None, Show("pl", "4")),
        ("under 18", None, Show("en", "8")),
        ("شرطة", None, Show("ar", "7")),
        ("shorta", None, Show("ar", "7")),
        ("język", "nb", ListLanguages()),
        ("koniec", "pl", Forget()),
        # words of everybody
        ("hello", None, Home()),
        ("hello", "pl", Home()),
        ("menu", "pl", Home()),
        ("", "pl", Home()),
        ("😀", None, Home()),
        # nothing of these
        ("qwertyuiop", None, Unclear()),
        ("qwertyuiop", "pl", Unclear()),
        ("²", "pl", Home()),
        ("4²", "pl", Show("pl", "4")),
    ],
)
def test_understand(library: Library, written: str, tag: str | None, meant: Intent) -> None:
    """A text means this to a person with this tag."""
    assert meant == understand(written, tag, library)


@pytest.mark.parametrize("word", sorted(OPT_OUT | OTHER_RESERVED))
@pytest.mark.parametrize("tag", [None, "?", "pl"])
def test_reserved_words_are_understood(library: Library, word: str, tag: str | None) -> None:
    """A word that a provider acts on forgets or leads home, in any state, in any case."""
    expected = OptOut() if word in OPT_OUT else Home()
    assert expected == understand(word.upper(), tag, library)


def test_a_word_of_two_languages_asks_which(library: Library) -> None:
    """Nobody is put into the wrong language by a word that two languages share."""
    shared = next(word for word, meanings in library.keywords.items() if len(meanings) > 1)
    languages = tuple(meaning.language for meaning in library.keywords[shared])

    assert AskLanguage(languages) == understand(shared, None, library)
    assert Show(languages[0], library.keywords[shared][0].code) == understand(
        shared, languages[0], library
    )
