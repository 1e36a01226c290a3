"""The figures of the sentence model in its card, and what they count as right."""

import pytest

from bench.understanding import NONE
from scripts.model.figures import confusions, reaches, results, score, table
from scripts.model.meanings import NO_SCREEN, Meanings
from scripts.model.samples import Sample

LABELS = ["beaten", "wages", "harmless", "contract"]


@pytest.fixture(scope="module")
def meanings() -> Meanings:
    return Meanings(["41"])


@pytest.mark.parametrize(
    ("screen", "label", "is_right"),
    [
        ("1", "beaten", True),
        ("73", "beaten", True),  # the row of the concept names it, too
        ("4", "beaten", False),
        ("4", "wages", True),
        (NO_SCREEN, "wages", False),
        ("4", "harmless", True),
        ("1", "harmless", False),
        ("6", NONE, False),
        (NO_SCREEN, "menu", True),
        ("0", "menu", True),
        ("thanks", "thanks", True),
        ("0", "deny", True),
        ("4", "deny", False),
        ("31", "women", True),
        ("0", "women", False),
        ("12", "harmless", False),
        ("22365660", "noas", True),
        ("0", "noas", False),
    ],
)
def test_screen_is_right_for_a_concept(
    meanings: Meanings, screen: str, label: str, is_right: bool
) -> None:
    assert meanings.is_right(screen, label) is is_right


def test_screen_of_another_good_meaning_is_right(meanings: Meanings) -> None:
    assert meanings.is_right("4", "beaten", ["wages"])


def test_topic_is_the_code_of_its_screen(meanings: Meanings) -> None:
    assert (meanings.label("work"), meanings.label("wages")) == ("4", "wages")


def test_unknown_concept_ends_the_training(meanings: Meanings) -> None:
    with pytest.raises(SystemExit, match="got 'wagse'"):
        meanings.label("wagse")


def sample(label: str) -> Sample:
    return Sample("text", label, 1.0, "nb", "plain", "writer")


def test_screen_has_the_sum_of_its_labels(meanings: Meanings) -> None:
    row = [0.4, 0.3, 0.0, 0.3]  # wages and contract lead to the same screen
    assert results([sample("wages")], LABELS, [row], meanings)[0].screen == "41"


def test_score_counts_emergencies_and_false_alarms(meanings: Meanings) -> None:
    danger, work = [1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]
    samples = [sample(label) for label in ("beaten", "beaten", "wages", "harmless", "wages")]
    found = results(samples, LABELS, [danger, work, work, danger, work], meanings)
    assert score(found) == (3 / 5, 1 / 2, 1 / 3)
    assert list(confusions(found)) == ["* `beaten` taken for 41: 1", "* `harmless` taken for 1: 1"]
    assert "| nb | 5 | 60 % | 50 % | 100 % | 0 % | 1 |" in table(
        found, "language", lambda one: one.sample.language
    )


@pytest.mark.parametrize(
    ("name", "value"), [("right", 0.91), ("emergencies", 0.91), ("false_alarms", 0.09)]
)
def test_bar_holds_each_figure(meanings: Meanings, name: str, value: float) -> None:
    danger, work = [1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]
    samples = [*[sample("beaten")] * 10, *[sample("wages")] * 10]
    rows = [*[danger] * 9, work, *[work] * 9, danger]
    reached = score(results(samples, LABELS, rows, meanings))
    bar = {"right": 0.9, "emergencies": 0.9, "false_alarms": 0.1}
    assert reaches(reached, bar)
    assert not reaches(reached, bar | {name: value})
