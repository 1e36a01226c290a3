"""Train head and layers, and keep the best epoch."""

import copy
import random
from datetime import datetime

from scripts.model.curriculum import Curriculum
from scripts.model.encoder import Network
from scripts.model.figures import Score, results, score
from scripts.model.training import encode, fine_tune


def learn(
    network: Network, lessons: Curriculum, epochs: int, rate: float, dice: random.Random
) -> None:
    """Learn all but the messages of the dev writers, which choose the epoch to keep."""
    best = _evaluate(network, lessons), copy.deepcopy(network.state_dict())
    texts = [lessons.epoch(dice) for _ in range(epochs)]
    for loss in fine_tune(network, lessons.lessons, texts, rate, dice):
        _tell(f"An epoch: loss {loss:.3f}")
        found = _evaluate(network, lessons)
        if found.right > best[0].right:
            best = found, copy.deepcopy(network.state_dict())
    network.load_state_dict(best[1])


def _evaluate(network: Network, lessons: Curriculum) -> Score:
    """Return how good the network is on the messages of the dev writers."""
    rows = encode(lessons.dev_ids, network).softmax(1).tolist()
    found = score(results(lessons.dev, lessons.labels, rows, lessons.meanings))
    _tell(f"Dev writers: {found}")
    return found


def _tell(text: str) -> None:
    print(f"{datetime.now():%H:%M} {text}", flush=True)
