"""How corrections are looked at: the right garment of the photo, and what they changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.datasets.street_photos import street_photo_list
from bot.registry.layout import SEGMENTER_FILE, SHIPPED_MODELS
from bot.registry.networks import open_networks
from bot.storage.photos import encode_for_keeping
from bot.storage.storage import open_storage
from bot.storage.types import AcceptedPhoto, CorrectionId, NewCorrection, Status
from bot.vision.classifier import Classifier
from bot.vision.decoding import decode
from bot.vision.garment import SIDE, Garment, Group, find, overlap
from bot.vision.heads import without_heads
from bot.vision.labels import NO_CLOTHING, OTHER_CLOTHING, WRONG_OUTLINE
from bot.vision.outline import packed
from bot.vision.photo import Photo
from tests.conftest import needs
from tests.storage.conftest import prediction
from tests.vision.tiny_models import always
from training.data.corrections import (
    as_the_bot_sees,
    corrected_examples,
    corrected_pictures,
    outcomes_of,
    pixel_answers,
    readable,
    split_by_person,
    with_outlines,
)
from training.data.photos import moved, moved_garment, random_movement
from training.evaluation.corrected_garments import change_sentence, changed, corrected_answers
from training.evaluation.network_set import NetworkSet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bot.storage.types import Box


class Halves:
    """Finds a garment in the left and one in the right half of every photo, and says the same of both."""

    def __init__(self, color: np.ndarray | None = None) -> None:
        self._color = np.full(12, 1 / 12, np.float32) if color is None else color

    def segment(self, pixels: np.ndarray) -> np.ndarray:
        groups = np.zeros((SIDE, SIDE, len(Group)), np.float32)
        groups[:, : SIDE // 2, Group.UPPER] = 1
        groups[:, SIDE // 2 :, Group.LOWER] = 1
        return groups

    def classify(self, view: np.ndarray) -> np.ndarray:
        return self._color


def accepted(label: int = 3, box: Box | None = None, group: str = "a") -> AcceptedPhoto:
    pixels = np.full((40, 80, 3), 30, np.uint8)
    pixels[5:35, 50:70] = 220
    return AcceptedPhoto(CorrectionId(1), encode_for_keeping(Photo(pixels)), label, group, box)


LEFT, RIGHT = (0, 0, 30, 40), (45, 0, 80, 40)


def test_looks_at_the_garment_that_was_corrected() -> None:
    corrected = [accepted(), accepted(box=RIGHT), accepted(box=LEFT)]
    first, right, left = (seen.pixels for seen in as_the_bot_sees(with_outlines(corrected, Halves())))
    assert first.shape == (28, 28)
    np.testing.assert_array_equal(first, left)
    assert not np.array_equal(right, left)


def test_learns_from_the_garment_that_was_corrected() -> None:
    corrected = list(with_outlines([accepted(), accepted(box=RIGHT), accepted(box=LEFT)], Halves()))
    first, right, left = corrected_pictures(corrected, variants=1, seed=0)
    assert first.shape == (1, 28, 28)
    np.testing.assert_array_equal(first, left)
    assert not np.array_equal(right, left)
    (seen,) = as_the_bot_sees(with_outlines([accepted(box=RIGHT)], Halves()))
    np.testing.assert_allclose(right[0] / 255, seen.pixels, atol=1 / 255)


class Bright:
    """Finds two garments: what is bright, and the dark rest."""

    def segment(self, pixels: np.ndarray) -> np.ndarray:
        bright = pixels[..., 0] > 128
        groups = np.zeros((SIDE, SIDE, len(Group)), np.float32)
        groups[bright, Group.SHOE] = 1  # small, and yet found
        groups[~bright, Group.LOWER] = 1
        return groups


@pytest.mark.parametrize("seed", range(8))
def test_the_outline_moves_with_the_garment(seed: int) -> None:
    pixels = np.full((120, 90, 3), 30, np.uint8)
    pixels[40:70, 30:60] = 220
    photo = Photo(pixels)
    movement = random_movement(photo, np.random.default_rng(seed))
    (bright,) = [each for each in find(Photo(moved(photo, movement)), Bright()) if each.group is Group.SHOE]
    (before,) = [each for each in find(photo, Bright()) if each.group is Group.SHOE]
    assert overlap(bright.box, moved_garment(before, movement).box) > 0.85


def test_every_variant_shows_the_garment_that_was_corrected(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen: list[bool] = []

    def record(photo: Photo, garment: Garment) -> np.ndarray:
        chosen.append(bool(photo.pixels[..., 0][garment.mask > 0.5].mean() > 100))
        return np.zeros((28, 28), np.float32)

    monkeypatch.setattr("training.data.photos.to_pixels", record)
    monkeypatch.setattr("training.data.photos.recoloured", lambda pixels, rng: pixels)
    corrected_pictures(list(with_outlines([accepted(box=(50, 5, 70, 35))], Bright())), variants=10, seed=0)
    assert chosen == [True] * 10


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [((0, 0, 10, 10), (0, 0, 10, 10), 1.0), ((0, 0, 10, 10), (5, 0, 15, 10), 1 / 3), ((0, 0, 1, 1), (1, 0, 2, 1), 0.0)],
)
def test_overlap(one: Box, other: Box, share: float) -> None:
    assert overlap(one, other) == pytest.approx(share)


def network_set(label: int, color: np.ndarray | None = None, **thresholds: float) -> NetworkSet:
    return NetworkSet(Classifier(always(label), interpreters=1), Halves(color), thresholds)


def view_of(label: int, share: float = 0.989) -> np.ndarray:
    color = np.full(12, (1 - share) / 11, np.float32)
    color[label] = share
    return color


ALONE = {"model_weight": 1.0, "color_weight": 0.0, "outside_bias": -30.0}


def test_says_how_many_were_used_and_what_they_changed() -> None:
    seen = list(as_the_bot_sees(with_outlines([accepted(3), accepted(4)], Halves())))
    apart = list(as_the_bot_sees(with_outlines([accepted(3, group="b")], Halves())))
    old, new = network_set(0, **ALONE), network_set(3, **ALONE)
    changes = [changed(corrected_answers(each, old), corrected_answers(each, new)) for each in (seen, apart)]
    assert change_sentence(*changes) == (
        "Corrections: 2 learnt from (right before and now: 0 and 1),"
        " 1 kept apart to measure (right before and now: 0 and 1)."
    )
    assert "0 kept apart" in change_sentence(changed(None, corrected_answers(seen, new)), changed(None, []))


def test_counts_what_people_would_be_told() -> None:
    """Of both networks, not of the 28x28 model alone; and a refused garment is not named."""
    seen = list(as_the_bot_sees(with_outlines([accepted(3)], Halves())))
    heard = {"model_weight": 0.1, "color_weight": 1.0}
    assert [corrected_answers(seen, network_set(0, view_of(label), **heard))[0].right for label in (3, 6)] == [
        True,
        False,
    ]
    assert not corrected_answers(seen, network_set(3, view_of(NO_CLOTHING), **heard))[0].right


@pytest.mark.parametrize(
    ("said", "answered", "right"),
    [
        (OTHER_CLOTHING, OTHER_CLOTHING, True),
        (OTHER_CLOTHING, NO_CLOTHING, False),
        (NO_CLOTHING, NO_CLOTHING, True),
        (WRONG_OUTLINE, NO_CLOTHING, True),
        (WRONG_OUTLINE, OTHER_CLOTHING, True),
        (WRONG_OUTLINE, 4, False),
    ],
)
def test_corrections_of_every_kind_are_told_apart(said: int, answered: int, right: bool) -> None:
    seen = list(as_the_bot_sees(with_outlines([accepted(said)], Halves())))
    (told,) = corrected_answers(seen, network_set(0, view_of(answered), model_weight=0.1, color_weight=1.0))
    assert told.right is right
    assert (told.surprise < 0.1) is right


def test_corrections_of_every_kind_teach_both_networks() -> None:
    labels = [3, OTHER_CLOTHING, NO_CLOTHING, WRONG_OUTLINE]
    used = [accepted(label, box=RIGHT) for label in labels]
    examples = list(corrected_examples(with_outlines(used, Halves())))
    assert [set(np.flatnonzero(each.answer)) for each in examples] == [
        {3}, {OTHER_CLOTHING}, {NO_CLOTHING}, {OTHER_CLOTHING, NO_CLOTHING},
    ]  # fmt: skip
    assert all(each.box[0] >= 39 for each in examples), "the garment that was corrected"
    assert pixel_answers(used).sum(1).tolist() == [1, 10, 10, 10]
    parted = split_by_person(used)
    assert sorted(photo.label for photo in (*parted.learnt, *parted.measured)) == labels


@pytest.mark.parametrize("outline", [None, b"no outline"])
def test_what_is_not_found_again_is_left_out(outline: bytes | None) -> None:
    """The box of another garment overlaps neither half by half."""
    elsewhere = replace(accepted(box=(30, 0, 60, 40)), outline=outline)
    known = replace(accepted(box=RIGHT), outline=outline)
    assert [each.box for each in with_outlines([elsewhere, known], Halves())] == [RIGHT]


@pytest.mark.parametrize("label", [3, WRONG_OUTLINE])
def test_an_outline_says_which_garment_whatever_is_found(label: int) -> None:
    mask = np.zeros((40, 80), np.float32)
    mask[5:35, 50:70] = 1
    outline = packed(mask)
    (known,) = with_outlines([replace(accepted(label, box=(30, 0, 60, 40)), outline=outline)], Halves())
    assert known.outline == outline
    (example,) = corrected_examples([known])
    assert np.abs(np.array(example.box) - (50, 5, 70, 35)).max() <= 1
    assert set(np.flatnonzero(example.answer)) == outcomes_of(label)
    (seen,) = as_the_bot_sees([known])
    np.testing.assert_allclose(corrected_pictures([known], 1, 0)[0, 0] / 255, seen.pixels, atol=1 / 255)


def test_a_garment_that_a_turn_takes_out_of_view_is_not_turned(monkeypatch: pytest.MonkeyPatch) -> None:
    mask = np.zeros((40, 80), np.float32)
    mask[10:30, 2:12] = 1
    known = replace(accepted(), outline=packed(mask))
    away = np.array([[0.0, -1, 60], [1, 0, -20]])
    monkeypatch.setattr("training.data.photos.random_movement", lambda photo, rng: away)
    monkeypatch.setattr("training.data.photos.recoloured", lambda pixels, rng: pixels)
    first, second = corrected_pictures([known], variants=2, seed=0)[0]
    np.testing.assert_array_equal(first, second)


def test_people_s_garments_come_back_although_the_segmenter_finds_others(
    street_photos_dir: Path, tmp_path: Path
) -> None:
    """As kept: heads coarsened, as a JPEG, in the store."""
    needs((SHIPPED_MODELS / SEGMENTER_FILE).is_file(), "put models/segmenter.tflite back")
    networks = open_networks(SHIPPED_MODELS)
    people = [each for each in street_photo_list() if each.has_labels and each.split == "validation"][:5]
    storage, before = open_storage(None, "k" * 32, root=tmp_path), []
    storage.prepare()
    storage.corrections.grant_consent(1, "1")
    for person in people:
        photo = decode(person.path(street_photos_dir).read_bytes())
        kept = encode_for_keeping(without_heads(photo, networks))
        for place, garment in enumerate(find(photo, networks)):
            new = NewCorrection(kept, 3, prediction(), "v1", place, garment.box, packed(garment.mask))
            storage.corrections.decide(storage.corrections.record_correction(1, new), Status.ACCEPTED)
            before.append(garment.mask)
    read = list(storage.corrections.accepted_photos())
    storage.close()

    def shared(photos: Iterable[AcceptedPhoto]) -> list[float]:
        """Intersection over union of each garment with that of before; of those left out 0."""
        found = {each.id: each for each in with_outlines(photos, networks)}
        shares = []
        for each, mask in zip(read, before, strict=True):
            example = next(corrected_examples([found[each.id]])) if each.id in found else None
            now = np.zeros(mask.shape, bool) if example is None else example.mask > 127
            shares.append(float((now & (mask > 0.5)).sum() / (now | (mask > 0.5)).sum()))
        return shares

    assert min(shared(read)) > 0.9
    without = shared(replace(each, outline=None) for each in read)
    assert sum(share < 0.5 for share in without) >= len(read) // 4


def test_a_damaged_photo_is_left_out() -> None:
    broken = AcceptedPhoto(CorrectionId(2), b"\xff\xd8\xff no photo", 3, "a", None)
    assert list(readable([broken, accepted()])) == [accepted()]
