"""Train head and layers, and keep what is best on the messages of the dev writers."""

import copy
import random
from collections.abc import Mapping
from datetime import datetime

from torch import Tensor

from scripts.model.curriculum import Curriculum
from scripts.model.encoder import Network
from scripts.model.figures import Score, results, score
from scripts.model.training import encode, fine_tune

_SHARES = (0.5, 0.7, 0.85)  # of what was learnt, in a mean with the network before

Kept = tuple[Score, Mapping[str, Tensor]]


def learn(
    network: Network, lessons: Curriculum, epochs: int, rate: float, dice: random.Random
) -> None:
    """Learn all but the messages of the dev writers, which choose what to keep.

    That is the network after an epoch, or a mean of it and the one before the first epoch: such
    a mean forgets less (https://arxiv.org/abs/2109.01903), and costs nothing when it is read.
    """
    begin = copy.deepcopy(network.state_dict())
    best = _evaluate(network, lessons), begin
    texts = [lessons.epoch(dice) for _ in range(epochs)]
    for loss in fine_tune(network, lessons.lessons, texts, rate, dice):
        _tell(f"An epoch: loss {loss:.3f}")
        best = _better(network, lessons, best)
    learnt = best[1]
    for share in _SHARES:
        network.load_state_dict({name: begin[name].lerp(learnt[name], share) for name in begin})
        _tell(f"Mixed: {share:.0%} learnt")
        best = _better(network, lessons, best)
    network.load_state_dict(best[1])


def _better(network: Network, lessons: Curriculum, best: Kept) -> Kept:
    """Return the better of a network as it is now and what was best before."""
    found = _evaluate(network, lessons)
    return (found, copy.deepcopy(network.state_dict())) if found.right > best[0].right else best


def _evaluate(network: Network, lessons: Curriculum) -> Score:
    """Return how good the network is on the messages of the dev writers."""
    rows = encode(lessons.dev_ids, network).softmax(1).tolist()
    found = score(results(lessons.dev, lessons.labels, rows, lessons.meanings))
    _tell(f"Dev writers: {found}")
    return found


def _tell(text: str) -> None:
    print(f"{datetime.now():%H:%M} {text}", flush=True)
