"""Train head and layers, and keep what is best on the messages of the dev writers."""

import copy
import random
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scripts.model.curriculum import Curriculum
from scripts.model.encoder import Network
from scripts.model.figures import Score, results, score
from scripts.model.training import encode, fine_tune


def learn(
    network: Network, lessons: Curriculum, plan: Mapping[str, Any], dice: random.Random
) -> None:
    """Learn all but the messages of the dev writers, which choose the epoch to keep.

    What is kept is a mean of that network and the one before the first epoch: it forgets less
    (https://arxiv.org/abs/2109.01903), and costs nothing when it is read.
    """
    begin = copy.deepcopy(network.state_dict())
    best = _evaluate(network, lessons), begin
    texts = [lessons.epoch(dice) for _ in range(plan["most"])]
    for loss in fine_tune(network, lessons.lessons, texts, plan["rate"], dice):
        _tell(f"An epoch: loss {loss:.3f}")
        found = _evaluate(network, lessons)
        if found.right > best[0].right:
            best = found, copy.deepcopy(network.state_dict())
    mean = {name: begin[name].lerp(best[1][name], plan["learnt"]) for name in begin}
    network.load_state_dict(mean)
    _evaluate(network, lessons)


def _evaluate(network: Network, lessons: Curriculum) -> Score:
    """Return how good the network is on the messages of the dev writers."""
    rows = encode(lessons.dev_ids, network).softmax(1).tolist()
    found = score(results(lessons.dev, lessons.labels, rows, lessons.meanings))
    _tell(f"Dev writers: {found}")
    return found


def _tell(text: str) -> None:
    print(f"{datetime.now():%H:%M} {text}", flush=True)
