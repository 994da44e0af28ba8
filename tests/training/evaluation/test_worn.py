"""What a set's card says of people in streets and of bags."""

from dataclasses import replace

import pytest

from training.evaluation.metrics import Interval
from training.evaluation.street import StreetScores
from training.evaluation.worn import BagScores, NoClothingScores, WornScores, worn_entries

NETWORKS = {"classifier.tflite": {"sha256": "aa", "bytes": 1}}
LIVE = {
    "networks": NETWORKS,
    "thresholds": {"sure": 0.9},
    "street": {"images": 100, "top": 0.68},
    "bags": {"images": 59, "named": 0.63},
}


def scores() -> WornScores:
    street = StreetScores(
        images=4, top=0.75, interval=Interval(0.5, 1.0), refused=0.25, right_when_sure=1.0, found=0.5,
        found_and_right=0.5, precision=0.5,
    )  # fmt: skip
    return WornScores(street, BagScores(59, 0.5, 0.25, Interval(0.4, 0.6)))


def test_what_was_measured_is_said_with_pairs_for_intervals() -> None:
    told = worn_entries(scores(), {"networks": {}}, LIVE)
    assert told["bags"] == {"images": 59, "named": 0.5, "refused": 0.25, "interval": [0.4, 0.6]}
    assert (told["street"]["images"], told["street"]["interval"]) == (4, [0.5, 1.0])


def test_what_is_no_clothing_is_told_too() -> None:
    told = worn_entries(replace(scores(), no_clothing=NoClothingScores(119, 0.9)), {"networks": {}}, LIVE)
    assert told["no_clothing"] == {"images": 119, "refused": 0.9}


def test_figures_of_the_same_networks_and_thresholds_are_carried_over() -> None:
    same = {"networks": NETWORKS, "thresholds": {"sure": 0.9}, "version": "new"}
    assert worn_entries(None, same, LIVE) == {"street": LIVE["street"], "bags": LIVE["bags"]}


@pytest.mark.parametrize(
    "changed",
    [{"networks": {"classifier.tflite": {"sha256": "bb", "bytes": 1}}}, {"thresholds": {"sure": 0.8}}],
)
def test_figures_of_another_set_are_left_out(changed: dict[str, object]) -> None:
    assert worn_entries(None, {"networks": NETWORKS, "thresholds": {"sure": 0.9}} | changed, LIVE) == {}


def test_nothing_is_carried_over_from_nothing() -> None:
    assert worn_entries(None, {"networks": NETWORKS}, {}) == {}
