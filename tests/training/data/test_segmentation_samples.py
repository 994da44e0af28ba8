"""What the segmenter learns from: never a photo that is held out, and outlines of products before white."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from bot.datasets import shop_photo_list, street_photo_list
from bot.datasets.no_clothing import no_clothing_list
from bot.datasets.shop_photos import FASHION_PRODUCTS
from bot.vision.garment import SIDE, Group
from tests.training.data.handful import Darkness, Handful, darkness, handful
from training.data import segmentation_samples
from training.data.gather import calibration_photos
from training.data.pixel_groups import BACKGROUND, NO_CLOTHING, allowed
from training.data.segmentation_samples import (
    Samples,
    before_white,
    gather_samples,
    pseudo_labels,
    read_small,
    soft_mask,
)
from training.data.splits import held_no_clothing, held_shop, held_street


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Handful:
    return handful(tmp_path, monkeypatch)


@pytest.fixture
def samples(photos: Handful) -> Samples:
    return gather_samples(photos.data_dir, darkness, Darkness(), lambda line: None)


def test_a_held_out_photo_is_never_in_the_samples(photos: Handful, monkeypatch: pytest.MonkeyPatch) -> None:
    read: set[Path] = set()

    def record(path: Path, side: int) -> np.ndarray:
        read.add(path)
        return read_small(path, side)

    monkeypatch.setattr(segmentation_samples, "read_small", record)
    gather_samples(photos.data_dir, darkness, Darkness(), lambda line: None)

    assert read == photos.learnt
    assert not read & photos.held


def test_what_calibrates_is_what_is_held_out(photos: Handful) -> None:
    calibration = calibration_photos(photos.data_dir)
    assert set(calibration.paths) <= photos.held
    assert len(calibration.paths) == len(calibration.outcomes) == len(calibration.alone)
    assert all(calibration.outcomes)
    street = ["street" in str(path) for path in calibration.paths]
    assert list(calibration.alone) == [not each for each in street]


def test_each_set_says_what_it_knows(samples: Samples) -> None:
    assert [len(each) for each in (samples.street, samples.flat, samples.nothing)] == [6, 6, 3]
    assert {sample.label for sample in samples.alone} == {"bag", "footwear", "hat"}
    assert {sample.label for sample in samples.worn} == {"shirt", "t-shirt"}
    for sample in (*samples.street, *samples.flat, *samples.worn, *samples.alone, *samples.nothing):
        assert sample.pixels.shape == (*sample.allowed.shape, 3)
        assert (sample.pixels.dtype, sample.allowed.dtype) == (np.uint8, np.uint16)
        assert sample.allowed.min() > 0
    kinds = {
        "dress": {NO_CLOTHING, NO_CLOTHING | allowed(Group.DRESS), allowed(Group.DRESS)},
        "bag": {BACKGROUND, allowed(Group.BAG)},
        "footwear": {BACKGROUND, allowed(Group.SHOE)},
        "nothing": {NO_CLOTHING},
    }
    for sample in (*samples.street, *samples.flat, *samples.worn, *samples.alone, *samples.nothing):
        if sample.label in kinds:
            assert set(np.unique(sample.allowed).tolist()) <= kinds[sample.label], sample.label
            assert len(np.unique(sample.allowed)) >= min(2, len(kinds[sample.label]))


def test_people_are_known_by_labels_or_by_tags(samples: Samples) -> None:
    labelled = {allowed(each) for each in (Group.BACKGROUND, Group.PERSON, Group.UPPER, Group.LOWER, Group.BAG)}
    known = [set(np.unique(sample.allowed).tolist()) for sample in samples.street]
    assert [each == labelled for each in known] == [True] * 3 + [False] * 3
    assert all({BACKGROUND, allowed(Group.UPPER), allowed(Group.LOWER)} <= each for each in known[3:])


def test_outlines_are_where_things_are(samples: Samples) -> None:
    (bag, *_) = [sample for sample in samples.alone if sample.label == "bag"]
    own = bag.allowed == allowed(Group.BAG)
    assert own[70, 45]
    assert own[21, 45]  # the handle
    assert not own[38, 45]  # what it encloses
    assert not own[5, 5]
    (shirt, *_) = [sample for sample in samples.worn if sample.label == "shirt"]
    assert shirt.allowed[56, 45] == allowed(Group.UPPER)
    assert shirt.allowed[90, 45] == allowed(Group.LOWER)
    assert shirt.allowed[90, 15] & BACKGROUND  # on the edge
    assert not shirt.allowed[90, 45] & BACKGROUND
    assert samples.flat[0].allowed[60, 45] == allowed(Group.DRESS)
    assert samples.flat[0].allowed[5, 5] == NO_CLOTHING


def test_a_garment_that_the_teacher_does_not_find_is_left_out(photos: Handful) -> None:
    assert not gather_samples(
        photos.data_dir, lambda pixels: np.zeros((9, 9), np.float32), Darkness(), lambda line: None
    ).flat


def bag(print_side: int = 6) -> np.ndarray:
    pixels = np.full((200, 200, 3), 255, np.uint8)
    cv2.rectangle(pixels, (40, 100), (160, 180), (90, 40, 30), -1)
    cv2.ellipse(pixels, (100, 100), (40, 60), 0, 180, 360, (90, 40, 30), 8)
    pixels[140 : 140 + print_side, 90 : 90 + print_side] = 255
    return pixels


def test_what_a_handle_encloses_is_ground_only_where_it_may_be() -> None:
    hollow, solid = before_white(bag(), enclosed=True), before_white(bag(), enclosed=False)
    assert not hollow[80, 100]
    assert solid[80, 100]
    assert hollow[42, 100]  # the handle
    assert hollow[142, 92]  # a small white print is of the bag
    assert solid[142, 92]
    assert not before_white(bag(print_side=20), enclosed=True)[150, 100]
    assert not (hollow[0] | solid[0]).any()


def test_off_white_inside_is_of_the_product() -> None:
    """A cream lining is no hole, though a ground would be as bright."""
    pixels = bag()
    pixels[60:98, 80:120] = 246
    assert before_white(pixels, enclosed=True)[80, 100]


def test_specks_are_ground() -> None:
    pixels = np.full((50, 50, 3), 255, np.uint8)
    pixels[10, 10] = 0
    assert not before_white(pixels, enclosed=False).any()


def test_whoever_is_held_out_is_held_out_whole() -> None:
    """An article in all its colours, a grocery in all its photos; about the share that is asked."""
    shop = [photo for photo in shop_photo_list() if photo.split == "train"]
    by_article: dict[tuple[str, ...], set[bool]] = {}
    for photo in shop:
        key = (photo.source, photo.article, photo.image[:2] if photo.source == FASHION_PRODUCTS else "")
        by_article.setdefault(key, set()).add(held_shop(photo))
    assert all(len(each) == 1 for each in by_article.values())
    none = [photo for photo in no_clothing_list() if photo.split == "train"]
    by_product: dict[str, set[bool]] = {}
    for photo in none:
        if photo.shows == "grocery":
            by_product.setdefault(photo.source_path.rpartition("/")[0], set()).add(held_no_clothing(photo))
    assert all(len(each) == 1 for each in by_product.values())
    street = [photo for photo in street_photo_list() if photo.split == "train" and photo.has_labels]
    assert any(held_shop(photo) for photo in shop)
    for photos, held in ((none, held_no_clothing), (street, held_street)):
        assert np.mean([held(photo) for photo in photos]) == pytest.approx(1 / 8, abs=0.04)


@pytest.mark.parametrize(
    ("groups", "sure", "taught"),
    [
        (allowed(Group.UPPER, Group.LOWER), 0.7, allowed(Group.UPPER)),
        (allowed(Group.LOWER, Group.BACKGROUND), 0.7, allowed(Group.LOWER)),
        (allowed(Group.UPPER, Group.LOWER), 0.9, allowed(Group.UPPER, Group.LOWER)),
        (allowed(Group.DRESS, Group.BAG), 0.7, allowed(Group.DRESS, Group.BAG)),
    ],
)
def test_an_earlier_segmenter_may_only_name_what_may_be_there(groups: int, sure: float, taught: int) -> None:
    class Unsure:
        def segment(self, pixels: np.ndarray) -> np.ndarray:
            shares = np.zeros((*pixels.shape[:2], len(Group)), np.float32)
            shares[..., Group.UPPER], shares[..., Group.LOWER] = 0.8, 0.2
            return shares

    labels = pseudo_labels(np.zeros((30, 20, 3), np.uint8), Unsure(), groups, sure)

    assert labels.shape == (30, 20)
    assert set(np.unique(labels).tolist()) == {taught}


def test_the_teacher_of_people_sees_them_mirrored_too() -> None:
    """What it says of the left half only, it says half surely of both halves together."""

    class Left:
        def segment(self, pixels: np.ndarray) -> np.ndarray:
            shares = np.zeros((SIDE, SIDE, len(Group)), np.float32)
            shares[..., Group.BACKGROUND] = 1
            shares[:, : SIDE // 2] = np.eye(len(Group))[Group.UPPER]
            return shares

    both = allowed(Group.UPPER, Group.BACKGROUND)
    assert set(np.unique(pseudo_labels(np.zeros((SIDE, SIDE, 3), np.uint8), Left(), both, 0.7)).tolist()) == {both}


def test_a_served_segmenter_can_stand_for_the_teacher() -> None:
    pixels = np.full((60, 40, 3), 250, np.uint8)
    pixels[15:45, 10:30] = 30
    mask = soft_mask(pixels, Darkness())
    assert mask.shape == (SIDE, SIDE)
    assert mask[SIDE // 2, SIDE // 2] == 1
    assert mask[5, 5] == 0
