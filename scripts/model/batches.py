"""Lists of ids as padded tensors, batches of texts of similar length."""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from rights_line.core.understanding.sentences.sentence_model import PADDING

_SORTED_TOGETHER = 20  # batches


class Batch(NamedTuple):
    """Some texts: their indices, padded ids (batch × pieces), and lengths."""

    indices: list[int]
    ids: Tensor
    lengths: Tensor


def in_order(ids: Sequence[Sequence[int]], size: int) -> Iterator[Batch]:
    """Yield all texts, the shortest first."""
    yield from _batches(ids, sorted(range(len(ids)), key=lambda i: len(ids[i])), size)


def shuffled(
    ids: Sequence[Sequence[int]], indices: Sequence[int], size: int, dice: random.Random
) -> list[Batch]:
    """Return some texts in random order, those of similar length together."""
    order = list(indices)
    dice.shuffle(order)
    together = size * _SORTED_TOGETHER
    chunks = [order[i : i + together] for i in range(0, len(order), together)]
    by_length = [i for chunk in chunks for i in sorted(chunk, key=lambda i: len(ids[i]))]
    found = list(_batches(ids, by_length, size))
    dice.shuffle(found)
    return found


def _batches(ids: Sequence[Sequence[int]], order: Sequence[int], size: int) -> Iterator[Batch]:
    for start in range(0, len(order), size):
        indices = list(order[start : start + size])
        lengths = [len(ids[i]) for i in indices]
        padded = [
            [*ids[i], *[PADDING] * (max(lengths) - length)]
            for i, length in zip(indices, lengths, strict=True)
        ]
        yield Batch(indices, torch.tensor(padded), torch.tensor(lengths))
