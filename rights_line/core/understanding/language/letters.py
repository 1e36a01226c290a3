"""Whether a language of another alphabet is written in Latin letters (docs/design.md, D36)."""

from rights_line.core import tags
from rights_line.core.library import Library
from rights_line.core.understanding.text import scripts
from rights_line.core.understanding.text.normalised_text import NormalisedText

_MIN_WORDS = 2  # of a language, if Latin languages have them too


def marked(
    next_tag: str | None, text: NormalisedText, tag: str | None, library: Library
) -> str | None:
    """Return the next tag, which says whether the replies are in Latin letters.

    `tag` is that before the text. One letter of the language's own alphabet brings it back.
    """
    language = tags.language(next_tag)
    if not next_tag or not language or language not in library.latin_editions:
        return next_tag
    own = scripts.pattern(library.languages[language].script)
    was_latin = tags.is_latin(tag) and tags.language(tag) == language
    if own.search(text.words):
        return next_tag
    is_latin = was_latin or _is_written_in_latin(text.words, language, library)
    return tags.latin(next_tag) if is_latin else next_tag


def _is_written_in_latin(words: str, language: str, library: Library) -> bool:
    """Return whether a text has two words of a language, or one that Latin languages do not have.

    So "NAV", "asyl", "tak" and "ok" say nothing about the letters, nor does the name of a language,
    which is printed on cards in Latin letters.
    """
    known = library.vocabulary
    words_of_language = 0
    for word in words.split():
        languages = {*known.language_model.languages_of_word(word)}
        if language not in languages or word in known.language_words:
            continue
        if languages <= library.latin_editions.keys():
            return True
        words_of_language += library.default not in languages
    return words_of_language >= _MIN_WORDS
