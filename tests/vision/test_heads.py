"""Nobody can be recognised in a photo that is kept, and their clothes still can."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.datasets.street_photos import street_names, street_photo_list
from bot.registry.layout import SEGMENTER_FILE, SHIPPED_MODELS
from bot.registry.networks import open_networks
from bot.storage.photos import encode_for_keeping
from bot.vision.decoding import decode
from bot.vision.garment import SIDE, Group
from bot.vision.heads import head_mask, without_heads
from bot.vision.photo import Photo
from tests.conftest import needs

PEOPLE = 12


class Drawn:
    """Finds what the test drew: each group at its rows and columns of the square."""

    def __init__(self, **places: tuple[int, int, int, int]) -> None:
        self.groups = np.zeros((SIDE, SIDE, len(Group)), np.float32)
        self.groups[..., Group.BACKGROUND] = 0.2
        for name, (top, bottom, left, right) in places.items():
            self.groups[top:bottom, left:right, Group[name.rstrip("2").upper()]] = 1

    def segment(self, pixels: np.ndarray) -> np.ndarray:
        return self.groups


def test_a_head_is_above_the_clothes_that_its_body_wears() -> None:
    heads = head_mask(Drawn(person=(10, 40, 70, 90), upper=(40, 90, 60, 100), person2=(90, 100, 60, 66)).groups)
    assert heads[10:40, 70:90].all()
    assert not heads[50:].any(), "hands stay, where a body shows whose they are"


def test_a_face_without_clothes_is_a_head() -> None:
    assert head_mask(Drawn(person=(20, 80, 40, 100)).groups)[20:80, 40:100].all()


def test_without_anybody_nothing_is_changed() -> None:
    photo = Photo(np.random.default_rng(0).integers(0, 255, (80, 60, 3)).astype(np.uint8))
    assert without_heads(photo, Drawn(upper=(30, 120, 30, 120))) is photo


def test_a_head_at_the_edge_of_the_photo() -> None:
    photo = Photo(np.random.default_rng(0).integers(0, 255, (80, 60, 3)).astype(np.uint8))
    found = Drawn(person=(0, 30, 0, 25), upper=(30, 120, 0, 60))
    changed = (without_heads(photo, found).pixels != photo.pixels).any(-1)
    assert changed[:14, :8].mean() > 0.9
    assert not changed[30:].any()


@pytest.fixture(scope="module")
def kept(street_photos_dir: Path) -> list[tuple[Photo, Photo, np.ndarray]]:
    """Photos of people as they came and as they come out of the store, and where each one's hair is."""
    needs((SHIPPED_MODELS / SEGMENTER_FILE).is_file(), "put models/segmenter.tflite back")
    networks = open_networks(SHIPPED_MODELS)
    people = [photo for photo in street_photo_list() if photo.has_labels and photo.split == "validation"][:PEOPLE]
    hair = street_names().index("hair")
    photos = []
    for each in people:
        sent = decode(each.path(street_photos_dir).read_bytes())
        stored = decode(encode_for_keeping(without_heads(sent, networks)))
        photos.append((sent, stored, each.load_labels(street_photos_dir) == hair))
    return photos


@pytest.mark.slow
def test_no_face_is_left_in_the_store(kept: list[tuple[Photo, Photo, np.ndarray]]) -> None:
    """By a detector of another making, which finds most of these faces before."""
    feature, data = (pytest.importorskip(f"skimage.{name}") for name in ("feature", "data"))
    detector = feature.Cascade(data.lbp_frontal_face_cascade_filename())

    def faces(photo: Photo, hair: np.ndarray) -> bool:
        """Whether one is found at the person's own head; it finds some in walls and wheels, too."""
        rows, columns = np.nonzero(hair)
        margin = 25
        head = photo.pixels[
            max(0, rows.min() - margin) : rows.max() + margin, max(0, columns.min() - margin) : columns.max() + margin
        ]
        largest = (min(head.shape[:2]),) * 2
        return bool(
            detector.detect_multi_scale(
                img=np.ascontiguousarray(head), scale_factor=1.1, step_ratio=1, min_size=(20, 20), max_size=largest
            )
        )

    before = [faces(sent, hair) for sent, _, hair in kept if hair.any()]
    after = [faces(stored, hair) for _, stored, hair in kept if hair.any()]
    assert sum(before) >= PEOPLE // 3
    assert not any(had and has for had, has in zip(before, after, strict=True)), "a smooth blob may look like one to it"


def test_hair_is_blurred_and_most_of_the_photo_is_not(kept: list[tuple[Photo, Photo, np.ndarray]]) -> None:
    for sent, stored, hair in kept:
        difference = np.abs(sent.pixels.astype(int) - stored.pixels).max(-1)
        assert np.median(difference) < 12, "JPEG alone"
        if hair.any():
            assert (difference[hair] > 0).mean() > 0.8
