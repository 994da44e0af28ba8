"""What a set says of a garment that another one judged: of that one, in whatever company it is found now."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.vision.classifier import Classifier
from bot.vision.color_classifier import OUTPUTS
from bot.vision.garment import SIDE, Group
from bot.vision.labels import BAG, COAT, NO_CLOTHING, TROUSER
from bot.vision.outline import packed
from bot.vision.photo import Photo
from bot.vision.recognizer import probabilities_at
from tests.vision.tiny_models import always

if TYPE_CHECKING:
    from bot.storage.types import Box
    from bot.vision.recognizer import LiveSet

LEFT, RIGHT = (0, 0, 40, 40), (40, 0, 80, 40)


class Networks:
    """Finds a garment in each half of every photo, and names what is bright and what is dark."""

    def __init__(self, groups: tuple[Group, Group], bright: int, dark: int) -> None:
        self._groups, self._bright, self._dark = groups, bright, dark

    def segment(self, pixels: np.ndarray) -> np.ndarray:
        groups = np.zeros((SIDE, SIDE, len(Group)), np.float32)
        groups[16 : SIDE - 16, : SIDE // 2, self._groups[0]] = 1
        groups[16 : SIDE - 16, SIDE // 2 :, self._groups[1]] = 1
        return groups

    def classify(self, view: np.ndarray) -> np.ndarray:
        answer = np.full(OUTPUTS, 0.001, np.float32)
        answer[self._bright if view.mean() > 128 else self._dark] = 1
        return answer / answer.sum()


def live(
    groups: tuple[Group, Group] = (Group.UPPER, Group.LOWER), *, bright: int = TROUSER, dark: int = COAT
) -> LiveSet:
    thresholds = {"model_weight": 0.0, "color_weight": 1.0}
    networks = Networks(groups, bright, dark)
    return SimpleNamespace(classifier=Classifier(always(0)), version="v", thresholds=thresholds, networks=networks)


def photo() -> Photo:
    """Dark to the left, bright and coloured to the right."""
    pixels = np.full((40, 80, 3), 40, np.uint8)
    pixels[:, 40:] = (250, 240, 210)
    return Photo(pixels)


@pytest.mark.parametrize(("box", "said"), [(LEFT, COAT), (RIGHT, TROUSER), ((42, 0, 80, 38), TROUSER)])
def test_it_is_asked_about_the_garment_at_the_box(box: Box, said: int) -> None:
    probabilities = probabilities_at(photo(), box, live())
    assert probabilities is not None
    assert int(np.argmax(probabilities)) == said
    assert probabilities[said] > 0.9


def test_what_is_left_out_now_is_asked_about_all_the_same() -> None:
    probabilities = probabilities_at(photo(), RIGHT, live(bright=NO_CLOTHING))
    assert probabilities is not None
    assert sum(probabilities) < 0.1, "not the coat beside it"


@pytest.mark.parametrize("box", [(30, 0, 50, 40), (0, 0, 8, 8)])
def test_where_nothing_is_found_any_more_it_says_nothing(box: Box) -> None:
    assert probabilities_at(photo(), box, live()) is None


def test_an_outline_says_which_garment_whatever_is_found() -> None:
    outline = np.zeros((40, 80), np.float32)
    outline[10:30, 45:75] = 1
    for box in (LEFT, (30, 0, 50, 40), (0, 0, 80, 40), None):
        probabilities = probabilities_at(photo(), box, live(), packed(outline))
        assert probabilities is not None
        assert probabilities[TROUSER] > 0.9
    assert probabilities_at(photo(), (30, 0, 50, 40), live(), b"no outline") is None


def test_a_dress_that_is_found_in_halves() -> None:
    of_one_cloth = Photo(np.full((40, 80, 3), (250, 240, 210), np.uint8))
    assert probabilities_at(of_one_cloth, (0, 1, 80, 40), live()) is not None
    assert probabilities_at(photo(), (0, 1, 80, 40), live()) is None, "two garments are no whole"


def test_a_bag_on_plain_ground_that_only_stood_out() -> None:
    pixels = np.full((80, 80, 3), 250, np.uint8)
    pixels[30:60, 20:60] = (200, 30, 30)
    ground = live((Group.BACKGROUND, Group.BACKGROUND), bright=BAG, dark=BAG)
    probabilities = probabilities_at(Photo(pixels), (20, 30, 60, 60), ground)
    assert probabilities is not None
    assert probabilities[BAG] > 0.9


@pytest.mark.parametrize("box", [None, (0, 0, 80, 40)])
def test_where_nothing_was_found_then_people_s_answer_of_today_counts(box: Box | None) -> None:
    told = probabilities_at(photo(), box, live(bright=NO_CLOTHING))
    assert told is not None
    assert told[COAT] > 0.9
    nothing = probabilities_at(photo(), box, live((Group.BACKGROUND, Group.BACKGROUND), bright=10, dark=10))
    assert nothing is not None
    assert sum(nothing) < 0.1


def test_a_picture_of_the_data_set_is_asked_of_the_model_alone() -> None:
    pixels = np.zeros((28, 28, 3), np.uint8)
    pixels[6:22, 6:22] = 200
    probabilities = probabilities_at(Photo(pixels), (0, 0, 28, 28), live())
    assert probabilities is not None
    assert probabilities[0] == pytest.approx(0.9, abs=0.01)
