"""Fit the head alone, then the head and the layers; the table of pieces stays as it is."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from rights_line.core.understanding.sentence_model import PADDING
from scripts.model.encoder import LAYERS, Network

_SORTED_TOGETHER = 20  # batches
_BATCH = 32
_HEAD_RATE = 1e-3
_LAYER_DECAY = 0.95  # a layer learns this much slower than the layer above it
_WARM_UP = 0.06  # share of the steps
_SMOOTHING = 0.05
_HEAD_PENALTY = 0.05
# Faster than float32 only where the processor has instructions for it.
_HAS_BFLOAT16 = "_bf16" in Path("/proc/cpuinfo").read_text("utf-8")

Ids = Sequence[Sequence[int]]


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


class Lessons:
    """Texts to learn: the ids of their pieces, the index of their label, and their weight."""

    def __init__(
        self, ids: list[list[int]], labels: Sequence[int], weights: Sequence[float]
    ) -> None:
        self.ids = ids
        self.labels = torch.tensor(labels)
        self.weights = torch.tensor(weights)

    def loss(self, scores: Tensor, indices: Sequence[int], smoothing: float = 0.0) -> Tensor:
        """Return the weighted sum of the losses of some texts."""
        rows = list(indices)
        each = functional.cross_entropy(
            scores, self.labels[rows], reduction="none", label_smoothing=smoothing
        )
        return (each * self.weights[rows]).sum()

    def weight(self, indices: Sequence[int]) -> Tensor:
        return self.weights[list(indices)].sum()


def fit_head(
    network: Network, lessons: Lessons, messages: Sequence[int], phrases: Sequence[int]
) -> None:
    """Fit the head to the vectors of some texts."""
    indices = [*messages, *phrases]
    vectors = encode([lessons.ids[i] for i in indices], network.encoder)
    network.mean.copy_(vectors[: len(messages)].mean(0))
    network.deviation.copy_(vectors[: len(messages)].std(0))
    rows = network.standardised(vectors)
    optimizer = torch.optim.LBFGS(
        network.head.parameters(), max_iter=150, history_size=10, line_search_fn="strong_wolfe"
    )

    def loss() -> Tensor:
        optimizer.zero_grad()
        penalty = _HEAD_PENALTY * (network.head.weight**2).sum()
        total = lessons.loss(network.head(rows), indices) + penalty
        total.backward()
        return total

    optimizer.step(loss)


def fine_tune(
    network: Network,
    lessons: Lessons,
    epochs: Sequence[Sequence[int]],
    rate: float,
    dice: random.Random,
) -> Iterator[float]:
    """Train the head and the layers, and yield the mean loss of each epoch after it.

    Args:
        network: the network to train.
        lessons: all texts.
        epochs: the indices of the texts of each epoch.
        rate: the highest rate, of the uppermost layer.
        dice: shuffles the texts.
    """
    network.encoder.words.requires_grad_(False)
    optimizer = torch.optim.AdamW(_groups(network, rate), fused=True)
    steps = sum(-(-len(indices) // _BATCH) for indices in epochs)
    warm = _WARM_UP * steps
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, 1) * max(steps - step, 0) / steps
    )
    for indices in epochs:
        network.train()
        batches = shuffled(lessons.ids, indices, _BATCH, dice)
        losses = [_step(network, lessons, batch, optimizer, schedule) for batch in batches]
        yield sum(losses) / len(losses)


def _step(network: Network, lessons: Lessons, batch: Batch, optimizer: Any, schedule: Any) -> float:
    """Learn one batch and return its loss."""
    with torch.autocast("cpu", torch.bfloat16, _HAS_BFLOAT16):
        vectors = network.encoder(batch.ids, batch.lengths)
    scores = network.head(network.standardised(vectors))
    loss = lessons.loss(scores, batch.indices, _SMOOTHING) / lessons.weight(batch.indices)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    schedule.step()
    return float(loss)


def encode(ids: Ids, module: nn.Module) -> Tensor:
    """Return what a module (the encoder, or the network) computes for each text."""
    module.eval()
    rows: dict[int, Tensor] = {}
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, _HAS_BFLOAT16):
        for batch in in_order(ids, 2 * _BATCH):
            found = module(batch.ids, batch.lengths).float()
            rows.update(zip(batch.indices, found, strict=True))
    return torch.stack([rows[i] for i in range(len(ids))])


def _groups(network: Network, rate: float) -> list[dict[str, Any]]:
    """Return the parameters with their rates: the lower a layer, the slower it learns."""
    encoder = network.encoder
    below = [encoder.positions, *encoder.norm.parameters()]
    return [
        {"params": network.head.parameters(), "lr": _HEAD_RATE, "weight_decay": 0.001},
        {"params": below, "lr": rate * _LAYER_DECAY**LAYERS, "weight_decay": 0.0},
        *(
            {"params": layer.parameters(), "lr": rate * _LAYER_DECAY**depth, "weight_decay": 0.01}
            for depth, layer in enumerate(reversed(encoder.layers))
        ),
    ]
