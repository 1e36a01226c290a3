"""The tag: the whole session. It is stored for an hour after the last message.

| tag | the sender |
| --- | --- |
| `pl` | gets replies in this language |
| `pl?` | the same, and the last text was not understood |
| `pl+` | the same, and the last reply was a list of topics |
| `bg-Latn` | gets replies in this language, in Latin letters (`bg-Latn?` as above) |
| `?` | was shown the languages |
| `?Arab` | the same after a session; languages of this script stand first |
| `?52` | the same after this code, which the chosen language leads to |
"""

from rights_line.core.library import Library
from rights_line.core.understanding.words import scripts
from rights_line.core.understanding.words.normalised_text import NormalisedText

AWAITING_LANGUAGE = "?"
_UNCLEAR, _OFFERED = "?", "+"  # at the end
_MARKS = _UNCLEAR + _OFFERED
_LATIN = "-Latn"  # after the language; no language of the line has it in its own tag
_MIN_WORDS = 2  # of a language in Latin letters, if Latin languages have them, too


def is_awaiting(tag: str | None) -> bool:
    """Return whether the sender was just shown the languages."""
    return (tag or "").startswith(AWAITING_LANGUAGE)


def awaiting(detail: str = "") -> str:
    """Return the tag of a sender who is shown the languages; `detail` is a script or a code."""
    return AWAITING_LANGUAGE + detail


def awaited_code(tag: str | None) -> str:
    """Return the code that the choice of a language leads to, or an empty string."""
    detail = (tag or "").removeprefix(AWAITING_LANGUAGE)
    return detail if is_awaiting(tag) and detail.isdecimal() else ""


def awaited_script(tag: str | None) -> str:
    """Return the script whose languages stood first, or an empty string."""
    detail = (tag or "").removeprefix(AWAITING_LANGUAGE)
    return detail if is_awaiting(tag) and detail.isalpha() else ""


def language(tag: str | None) -> str | None:
    """Return a tag without the marks of Latin letters and of the last text or reply."""
    if tag is None or is_awaiting(tag):
        return tag
    return tag.rstrip(_MARKS).removesuffix(_LATIN)


def is_latin(tag: str | None) -> bool:
    """Return whether the sender gets Latin letters instead of those of the language."""
    return not is_awaiting(tag) and (tag or "").rstrip(_MARKS).endswith(_LATIN)


def latin(tag: str) -> str:
    """Return the tag of a session in a language, in Latin letters."""
    mark = tag[len(tag.rstrip(_MARKS)) :]
    return f"{language(tag)}{_LATIN}{mark}"


def is_unclear(tag: str | None) -> bool:
    """Return whether the last text in this session was not understood."""
    return not is_awaiting(tag) and (tag or "").endswith(_UNCLEAR)


def unclear(tag: str) -> str:
    """Return the tag of a session in a language after a text that was not understood."""
    return tag + _UNCLEAR


def is_offered(tag: str | None) -> bool:
    """Return whether the last reply in this session was a list of topics."""
    return (tag or "").endswith(_OFFERED)


def offered(tag: str) -> str:
    """Return the tag of a session in a language after a list of topics."""
    return tag + _OFFERED


def marked(
    next_tag: str | None, text: NormalisedText, tag: str | None, library: Library
) -> str | None:
    """Return the next tag, which says whether the replies are in Latin letters.

    `tag` is that before the text. One letter of the language's own alphabet brings it back.
    """
    base = language(next_tag)
    if not next_tag or not base or base not in library.latin_editions:
        return next_tag
    own = scripts.pattern(library.languages[base].script)
    was_latin = is_latin(tag) and language(tag) == base
    if own.search(text.words):
        return next_tag
    stays_latin = was_latin or _is_written_in_latin(text.words, base, library)
    return latin(next_tag) if stays_latin else next_tag


def _is_written_in_latin(words: str, tag: str, library: Library) -> bool:
    """Return whether a text has two words of a language, or one that Latin languages do not have.

    So "NAV", "asyl", "tak" and "ok" say nothing about the letters, nor does the name of a language,
    which is printed on cards in Latin letters.
    """
    known = library.vocabulary
    words_of_language = 0
    for word in words.split():
        languages = {*known.language_model.languages_of_word(word)}
        if tag not in languages or word in known.language_words:
            continue
        if languages <= library.latin_editions.keys():
            return True
        words_of_language += library.default not in languages
    return words_of_language >= _MIN_WORDS
