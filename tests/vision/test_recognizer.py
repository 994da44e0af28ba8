"""The whole line with the shipped networks: what real photos are answered with, and what each answer holds."""

import csv
import gzip
from pathlib import Path

import cv2
import numpy as np
import pytest

from bot.vision.garment import overlap
from bot.vision.labels import CLASS_COUNT, NO_CLOTHING
from bot.vision.outline import outlined
from bot.vision.prediction import Verdict
from bot.vision.recognizer import Recognition, Recognizer
from tests.conftest import needs

PHOTOS = 8
"""Photos tried of each kind."""

MOST_WRONG = 1
"""Of them, so many may be wrong: the networks are good, not perfect."""


@pytest.fixture(scope="module")
def pictures(fashion_mnist_dir: Path) -> np.ndarray:
    with gzip.open(fashion_mnist_dir / "fashion-mnist" / "t10k-images-idx3-ubyte.gz") as file:
        return np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28)


def photos(folder: Path, **wanted: str) -> list[Path]:
    """Photos kept back from training whose row says what is wanted."""
    with (folder / "photos.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] != "train"]
    kept = [row["image"] for row in rows if all(value in row[column].split("|") for column, value in wanted.items())]
    paths = [path for name in kept if (path := folder / "images" / f"{name.removesuffix('.jpg')}.jpg").is_file()]
    needs(len(paths) >= PHOTOS, f"fetch the photos: python -m bot.datasets --photos {folder.name}")
    return paths[:PHOTOS]


def assert_consistent(recognition: Recognition) -> None:
    for each in (recognition.judged, *recognition.garments):
        told = each.prediction
        assert sum(told.probabilities) + told.outside == pytest.approx(1, abs=1e-4)
        assert not (told.likely and told.verdict is not Verdict.UNSURE)
        assert each.garment.mask.shape == recognition.photo.pixels.shape[:2]
    assert all(each.prediction.said != NO_CLOTHING for each in recognition.garments)
    if recognition.garments:
        assert recognition.judged is recognition.garments[recognition.chosen]


def test_in_a_street_photo_there_are_at_least_two_garments(recognizer: Recognizer, street_photos_dir: Path) -> None:
    few = []
    for path in photos(street_photos_dir / "street-photos", has_labels="1"):
        recognition = recognizer.recognize(path.read_bytes())
        assert_consistent(recognition)
        assert not recognition.from_data_set
        groups = [each.garment.group for each in recognition.garments]
        assert len(set(groups)) == len(groups)
        if len(groups) < 2:
            few.append(path.name)
    assert len(few) <= MOST_WRONG, few


def test_among_groceries_there_is_no_garment_of_the_ten(recognizer: Recognizer, no_clothing_dir: Path) -> None:
    wrong = []
    for path in photos(no_clothing_dir / "no-clothing", shows="grocery"):
        recognition = recognizer.recognize(path.read_bytes())
        assert_consistent(recognition)
        if recognition.garments:
            wrong.append(path.name)
            continue
        assert recognition.prediction.said == NO_CLOTHING
        assert recognition.garment.area == 1
        assert recognition.garment.quality == 0
    assert len(wrong) <= MOST_WRONG, wrong


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 10])
def test_a_picture_of_the_data_set_is_answered_by_the_model_alone(
    recognizer: Recognizer, pictures: np.ndarray, times: int
) -> None:
    for picture in pictures[:5]:
        shown = cv2.resize(picture, None, fx=times, fy=times, interpolation=cv2.INTER_NEAREST)
        recognition = recognizer.recognize(cv2.imencode(".png", shown)[1].tobytes())

        assert_consistent(recognition)
        assert recognition.from_data_set
        assert recognition.outline is None
        (judged,) = recognition.garments
        assert judged.color is None
        assert judged.prediction.outside == 0
        alone = recognizer.live.classifier.probabilities(recognition.pixels)
        assert judged.prediction.probabilities == pytest.approx(tuple(alone.tolist()))
        direct = recognizer.classify_pixels((picture / np.float32(255)).astype(np.float32))
        assert direct.label == judged.prediction.label
        (heat,) = recognizer.explain(recognition)
        assert heat.before == pytest.approx(judged.prediction.confidence, abs=1e-5)


def test_another_garment_may_be_chosen(recognizer: Recognizer, street_photos_dir: Path) -> None:
    for path in photos(street_photos_dir / "street-photos", has_labels="1"):
        data = path.read_bytes()
        first = recognizer.recognize(data)
        if len(first.garments) >= 2:
            break
    second, far, before = (recognizer.recognize(data, chosen=chosen) for chosen in (1, 99, -5))

    assert (first.chosen, second.chosen, far.chosen, before.chosen) == (0, 1, len(first.garments) - 1, 0)
    kept = outlined(second.photo, second.outline)
    assert kept is not None
    assert overlap(kept.box, second.garment.box) > 0.9
    assert second.garment.group is first.garments[1].garment.group
    assert second.garment.group is not first.garment.group
    assert second.prediction.probabilities == pytest.approx(first.garments[1].prediction.probabilities, abs=1e-6)


def test_a_wall_has_no_garment_wherever_it_is_pointed_at(recognizer: Recognizer) -> None:
    wall = np.full((300, 400, 3), (205, 200, 190), np.uint8)

    recognition = recognizer.recognize(cv2.imencode(".png", wall)[1].tobytes(), chosen=3)

    assert_consistent(recognition)
    assert recognition.garments == ()
    assert recognition.outline is None
    assert recognition.chosen == 0
    assert recognition.judged.color is not None
    assert len(recognition.prediction.probabilities) == CLASS_COUNT
    assert recognition.prediction.said == NO_CLOTHING
    assert recognition.milliseconds > 0
    assert recognition.model_version
