"""Keep the pieces of the tokenizer that our texts need: an eighth of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rights_line.content import ContentSources
from rights_line.core.understanding.sentence_model import UNKNOWN, SentencePieces
from scripts.model.weights import BaseModel

MAX_TOKENS = 128
_MOST = 32_000  # pieces that are kept beside the letters; more make the file too large
_WORD_MARK = "\u2581"


def our_texts(sources: ContentSources) -> Iterator[str]:
    """Yield what is written in content/ and locales/, in every language."""
    yield from (text.message for text in sources.texts)
    yield from (text.message for text in sources.outreach_texts)
    for language in sources.languages.values():
        yield from language.catalog.translations.values()
        for words in language.written_words.values():
            yield from words


def tokenizer(base: BaseModel, kept: Sequence[int] | None = None) -> SentencePieces:
    """Return a tokenizer of some of the pieces; None: of all."""
    ids = range(len(base.pieces)) if kept is None else kept
    pieces, scores = [base.pieces[i] for i in ids], [base.scores[i] for i in ids]
    return SentencePieces(pieces, scores, base.characters, MAX_TOKENS)


def kept_pieces(base: BaseModel, texts: Iterable[str]) -> list[int]:
    """Return the ids of the pieces to keep: those that occur, and the letters."""
    whole = tokenizer(base)
    counts: Counter[int] = Counter()
    characters: set[str] = set()
    for text in texts:
        counts.update(set(whole.piece_ids(text)))
        characters.update(text)
    letters = {*characters, *(char.upper() for char in characters), *map(str.lower, characters)}
    frequent = {i for i, _ in counts.most_common(_MOST)}
    return [
        i
        for i, piece in enumerate(base.pieces)
        if i <= UNKNOWN or i in frequent or piece.removeprefix(_WORD_MARK) in letters
    ]
