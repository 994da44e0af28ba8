"""How corrections are looked at: the right garment of the photo, and what they changed."""

from dataclasses import dataclass

import numpy as np
import pytest

from bot.corrections.photos import encode_for_keeping
from bot.corrections.types import AcceptedPhoto, Box, CorrectionId
from bot.vision.classifier import Classifier
from bot.vision.photo import Photo
from tests.vision.tiny_models import always
from training.corrections import Corrections, as_the_bot_sees, overlap, readable, what_they_changed


@dataclass(frozen=True)
class FakeGarment:
    mask: np.ndarray
    box: Box


class FakeFinder:
    """Finds the left and the right half of every photo."""

    def find(self, photo: Photo) -> tuple[FakeGarment, ...]:
        height, width = photo.pixels.shape[:2]
        halves = ((0, width // 2), (width // 2, width))
        garments = []
        for left, right in halves:
            mask = np.zeros((height, width), np.float32)
            mask[:, left:right] = 1
            garments.append(FakeGarment(mask, (left, 0, right, height)))
        return tuple(garments)


def accepted(label: int = 3, box: Box | None = None, group: str = "a") -> AcceptedPhoto:
    pixels = np.full((40, 80, 3), 30, np.uint8)
    pixels[5:35, 50:70] = 220
    return AcceptedPhoto(CorrectionId(1), encode_for_keeping(Photo(pixels)), label, group, box)


def test_looks_at_the_garment_that_was_corrected() -> None:
    first, right, left = as_the_bot_sees(
        [accepted(), accepted(box=(45, 0, 80, 40)), accepted(box=(0, 0, 30, 40))], FakeFinder()
    )
    assert first.shape == (28, 28)
    np.testing.assert_array_equal(first, left)
    assert not np.array_equal(right, left)


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [((0, 0, 10, 10), (0, 0, 10, 10), 1.0), ((0, 0, 10, 10), (5, 0, 15, 10), 1 / 3), ((0, 0, 1, 1), (1, 0, 2, 1), 0.0)],
)
def test_overlap(one: Box, other: Box, share: float) -> None:
    assert overlap(one, other) == pytest.approx(share)


def test_says_how_many_were_used_and_what_they_changed() -> None:
    used = Corrections((accepted(3), accepted(4)), (accepted(3, group="b"),))
    old, new = (Classifier(always(label), interpreters=1) for label in (0, 3))
    assert what_they_changed(used, FakeFinder(), old, new) == (
        "Corrections: 2 learnt from (right before and now: 0 and 1),"
        " 1 kept apart to measure (right before and now: 0 and 1)."
    )
    assert "0 kept apart" in what_they_changed(Corrections((accepted(),)), FakeFinder(), None, new)


def test_a_damaged_photo_is_left_out() -> None:
    broken = AcceptedPhoto(CorrectionId(2), b"\xff\xd8\xff no photo", 3, "a", None)
    assert list(readable([broken, accepted()])) == [accepted()]
