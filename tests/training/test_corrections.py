"""How corrections are looked at: the right garment of the photo, and what they changed."""

from dataclasses import dataclass

import numpy as np
import pytest

from bot.corrections.photos import encode_for_keeping
from bot.corrections.types import AcceptedPhoto, Box, CorrectionId
from bot.vision.classifier import Classifier
from bot.vision.photo import Photo
from tests.vision.tiny_models import always
from training.corrections import (
    Candidate,
    Corrections,
    as_the_bot_sees,
    corrected_pictures,
    readable,
    what_they_changed,
)
from training.photos import moved, moved_box, overlap, random_movement


@dataclass(frozen=True)
class FakeGarment:
    mask: np.ndarray
    box: Box
    quality: float = 1.0
    opinion: np.ndarray | None = None
    bag: float = 0.0


class FakeFinder:
    """Finds the left and the right half of every photo, and has the same opinion on both."""

    def __init__(self, opinion: np.ndarray | None = None) -> None:
        self._opinion = opinion

    def find(self, photo: Photo) -> tuple[FakeGarment, ...]:
        height, width = photo.pixels.shape[:2]
        halves = ((0, width // 2), (width // 2, width))
        garments = []
        for left, right in halves:
            mask = np.zeros((height, width), np.float32)
            mask[:, left:right] = 1
            garments.append(FakeGarment(mask, (left, 0, right, height), opinion=self._opinion))
        return tuple(garments)


def accepted(label: int = 3, box: Box | None = None, group: str = "a") -> AcceptedPhoto:
    pixels = np.full((40, 80, 3), 30, np.uint8)
    pixels[5:35, 50:70] = 220
    return AcceptedPhoto(CorrectionId(1), encode_for_keeping(Photo(pixels)), label, group, box)


LEFT, RIGHT = (0, 0, 30, 40), (45, 0, 80, 40)


def test_looks_at_the_garment_that_was_corrected() -> None:
    corrected = [accepted(), accepted(box=RIGHT), accepted(box=LEFT)]
    first, right, left = (seen.pixels for seen in as_the_bot_sees(corrected, FakeFinder()))
    assert first.shape == (28, 28)
    np.testing.assert_array_equal(first, left)
    assert not np.array_equal(right, left)


def test_learns_from_the_garment_that_was_corrected() -> None:
    first, right, left = corrected_pictures(
        [accepted(), accepted(box=RIGHT), accepted(box=LEFT)], FakeFinder(), variants=1, seed=0
    )
    assert first.shape == (1, 28, 28)
    np.testing.assert_array_equal(first, left)
    assert not np.array_equal(right, left)
    (seen,) = as_the_bot_sees([accepted(box=RIGHT)], FakeFinder())
    np.testing.assert_allclose(right[0] / 255, seen.pixels, atol=1 / 255)


class BrightFinder:
    """Finds two garments: what is bright, and the dark rest."""

    def find(self, photo: Photo) -> tuple[FakeGarment, ...]:
        bright = photo.pixels[..., 0] > 128
        garments = []
        for part in (~bright, bright):
            rows, columns = np.nonzero(part)
            box = (int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
            garments.append(FakeGarment(part.astype(np.float32), box))
        return tuple(garments)


@pytest.mark.parametrize("seed", range(8))
def test_the_box_moves_with_the_garment(seed: int) -> None:
    pixels = np.full((120, 90, 3), 30, np.uint8)
    pixels[40:70, 30:60] = 220
    photo = Photo(pixels)
    movement = random_movement(photo, np.random.default_rng(seed))
    _, bright = BrightFinder().find(Photo(moved(photo, movement)))
    assert overlap(bright.box, moved_box((30, 40, 60, 70), movement)) > 0.85


def test_every_variant_shows_the_garment_that_was_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[bool] = []

    def record(photo: Photo, garment: FakeGarment) -> np.ndarray:
        chosen.append(bool(photo.pixels[..., 0][garment.mask > 0.5].mean() > 100))
        return np.zeros((28, 28), np.float32)

    monkeypatch.setattr("training.photos.to_pixels", record)
    monkeypatch.setattr("training.photos.recoloured", lambda pixels, rng: pixels)
    corrected_pictures([accepted(box=(50, 5, 70, 35))], BrightFinder(), variants=10, seed=0)
    assert chosen == [True] * 10


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [((0, 0, 10, 10), (0, 0, 10, 10), 1.0), ((0, 0, 10, 10), (5, 0, 15, 10), 1 / 3), ((0, 0, 1, 1), (1, 0, 2, 1), 0.0)],
)
def test_overlap(one: Box, other: Box, share: float) -> None:
    assert overlap(one, other) == pytest.approx(share)


def candidate(label: int, **thresholds: float) -> Candidate:
    return Candidate(Classifier(always(label), interpreters=1), thresholds)


def test_says_how_many_were_used_and_what_they_changed() -> None:
    used = Corrections((accepted(3), accepted(4)), (accepted(3, group="b"),))
    old, new = candidate(0), candidate(3)
    assert what_they_changed(used, FakeFinder(), old, new) == (
        "Corrections: 2 learnt from (right before and now: 0 and 1),"
        " 1 kept apart to measure (right before and now: 0 and 1)."
    )
    assert "0 kept apart" in what_they_changed(Corrections((accepted(),)), FakeFinder(), None, new)


def test_counts_what_people_would_be_told() -> None:
    opinion = np.full(10, 0.001, np.float32)
    opinion[3] = 0.991
    used = Corrections((accepted(3),))
    old, new = candidate(0, opinion_weight=0.0), candidate(0, opinion_weight=5.0)
    assert "(right before and now: 0 and 1)" in what_they_changed(used, FakeFinder(opinion), old, new)


def test_a_damaged_photo_is_left_out() -> None:
    broken = AcceptedPhoto(CorrectionId(2), b"\xff\xd8\xff no photo", 3, "a", None)
    assert list(readable([broken, accepted()])) == [accepted()]
