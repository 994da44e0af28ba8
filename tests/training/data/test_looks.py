"""What is kept of photos gives the answers that the bot gives to the same photos."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.datasets import photo_list, shop_photo_list
from bot.registry.layout import SHIPPED_MODELS
from bot.registry.networks import open_networks
from bot.vision.classifier import Classifier
from bot.vision.labels import BAG, COAT, DRESS, NO_CLOTHING, OTHER_CLOTHING, TROUSER
from bot.vision.networks import PhotoNetworks
from bot.vision.prediction import Verdict
from bot.vision.recognizer import Recognizer
from tests.vision.conftest import InProcess
from tests.vision.tiny_models import tiny_model
from training.data.looks import Looks, look_at
from training.errors import TrainingError

CARD = {"model_weight": 0.6, "color_weight": 0.9, "outside_bias": 0.4, "sure": 0.6, "likely": 0.3}
MODEL = tiny_model()

BAGS_WITHOUT_OUTLINE = ("f10680", "f16743")
"""Of the first all that is outlined is refused, and the whole photo is a bag; of the other what stands out is."""


@dataclass
class Store:
    """Knows one model, which is live."""

    classifier: Classifier = field(default_factory=lambda: Classifier(MODEL, interpreters=1))
    networks: PhotoNetworks = field(default_factory=open_networks)
    version: str = "tiny"
    thresholds: Mapping[str, float] = field(default_factory=lambda: CARD)

    def live(self) -> "Store":
        return self


def test_answers_are_what_the_bot_says_of_the_same_photos(
    photos_dir: Path, shop_photos_dir: Path, tmp_path: Path
) -> None:
    blank = tmp_path / "blank.png"
    Image.fromarray(np.full((90, 70, 3), 180, np.uint8)).save(blank)
    labels = ("coat", "dress", "shorts", "hat", "trouser", "sneaker")
    listed = [next(p for p in photo_list() if p.split == "train" and p.label == label) for label in labels]
    bags = [photo.path(shop_photos_dir) for photo in shop_photo_list() if photo.image in BAGS_WITHOUT_OUTLINE]
    paths = [*(photo.path(photos_dir) for photo in listed), *bags, blank]
    told: list[tuple[int, int]] = []

    seen = look_at(paths, open_networks(SHIPPED_MODELS), lambda *done: told.append(done))
    answers = seen.answers(Store().classifier.probabilities(seen.pixels), CARD)

    assert told[-1] == (len(paths), len(paths))
    assert not seen.found[-1]
    assert [each.said for each in answers[-3:-1]] == [BAG, BAG]
    with Recognizer(InProcess(), Store()) as recognizer:
        for path, answer in zip(paths, answers, strict=True):
            expected = recognizer.recognize(path.read_bytes()).prediction
            assert answer.verdict is expected.verdict
            assert (answer.likely, answer.other_clothing) == (expected.likely, expected.other_clothing)
            assert answer.probabilities == pytest.approx(expected.probabilities, abs=1e-5)
            assert answer.outside == pytest.approx(expected.outside, abs=1e-5)


def color(**shares: float) -> np.ndarray:
    names = {
        "bag": BAG,
        "coat": COAT,
        "dress": DRESS,
        "trouser": TROUSER,
        "other": OTHER_CLOTHING,
        "nothing": NO_CLOTHING,
    }
    row = np.full(12, 1e-4, np.float32)
    for name, share in shares.items():
        row[names[name]] = share
    return row / row.sum()


def looks(*photos: list[tuple[np.ndarray, float]], found: list[bool]) -> Looks:
    rows = [(each, area, number) for number, photo in enumerate(photos) for each, area in photo]
    return Looks(
        pixels=np.zeros((len(rows), 28, 28), np.float32),
        colors=np.stack([each for each, _, _ in rows]),
        areas=np.array([area for _, area, _ in rows]),
        salience=np.array([area for _, area, _ in rows]),
        photo=np.array([number for _, _, number in rows]),
        found=np.array(found),
        alone=np.array([row for row, (_, _, number) in enumerate(rows) if not found[number]], np.int64),
    )


def test_of_several_garments_the_judged_one_answers() -> None:
    seen = looks(
        [(color(nothing=1), 0.5), (color(coat=1), 0.2)],
        [(color(dress=1), 0.05), (color(trouser=1), 0.4)],
        [(color(other=1), 0.4), (color(trouser=1), 0.2)],
        [(color(nothing=1), 0.5), (color(nothing=1), 0.3)],
        [(color(other=1), 1.0)],
        found=[True, True, True, True, False],
    )
    np.testing.assert_array_equal(seen.first, [0, 2, 4, 6, 8])

    answers = seen.answers(np.full((9, 10), 0.1), {"sure": 0.9})

    assert [each.said for each in answers] == [COAT, TROUSER, TROUSER, NO_CLOTHING, NO_CLOTHING]
    assert answers[0].verdict is Verdict.SURE
    assert not answers[4].other_clothing  # where nothing is found, nothing is called clothing


def test_two_halves_are_answered_as_the_dress_that_they_are() -> None:
    halves = [(color(coat=0.5, trouser=0.5), 0.2), (color(other=1), 0.2)]
    seen = looks([*halves, (color(dress=1), 0.4)], [(color(coat=1), 0.5)], found=[True, True])
    together = replace(seen, pairs=np.array([[0, 0, 1]]))

    answers = together.answers(np.full((4, 10), 0.1), {"sure": 0.9})

    assert [each.said for each in answers] == [DRESS, COAT]


def test_where_all_is_refused_what_is_looked_at_alone_may_be_a_bag() -> None:
    refused, bag = (color(other=1), 0.4), (color(bag=1), 1.0)
    seen = looks([refused, bag], [refused, (color(coat=1), 1.0)], [(color(coat=1), 0.4), bag], found=[True] * 3)
    seen = replace(seen, alone=np.array([1, 3, 5]))

    answers = seen.answers(np.full((6, 10), 0.1), {"sure": 0.9})

    assert [each.said for each in answers] == [BAG, OTHER_CLOTHING, COAT]


def test_a_broken_photo_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.jpg"
    path.write_bytes(b"\xff\xd8\xff no photo")
    with pytest.raises(TrainingError, match=r"broken\.jpg cannot be used"):
        look_at([path], open_networks(SHIPPED_MODELS))
