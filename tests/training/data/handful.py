"""A handful of photos of every set, drawn, under names of the lists; and lists that are no longer than them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image

from bot.datasets import photo_list, shop_photo_list, street_names, street_photo_list
from bot.datasets.no_clothing import no_clothing_list
from bot.vision.garment import SIDE
from training.data.splits import calibrates, held_no_clothing, held_shop, held_street

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    import pytest

    from bot.datasets.street_photos import StreetPhoto

EACH = 3
"""Photos of each set that are learnt from, and as many that are held out."""

SHOP_LABELS = ("bag", "footwear", "hat", "shirt", "t-shirt")


@dataclass(frozen=True)
class Handful:
    """Paths of all photos: those that may be learnt from, and those that may not."""

    data_dir: Path
    learnt: frozenset[Path]
    held: frozenset[Path]


def handful(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Handful:
    """Draw the photos and shorten the lists, wherever they are read."""
    shop = [photo for label in SHOP_LABELS for photo in parted(shop_photo_list(), held_shop, label)]
    lists = {
        "photo_list": [photo for label in ("dress", "trouser") for photo in parted(photo_list(), calibrates, label)],
        "shop_photo_list": shop,
        "street_photo_list": [
            *parted([photo for photo in street_photo_list() if photo.has_labels], held_street),
            *parted([photo for photo in street_photo_list() if wears_shirt_and_jeans(photo)], held_street),
        ],
        "no_clothing_list": parted(no_clothing_list(), held_no_clothing),
    }
    draws = {"photo_list": flat, "shop_photo_list": product, "street_photo_list": person, "no_clothing_list": fruit}
    held_out = {
        "photo_list": calibrates,
        "shop_photo_list": held_shop,
        "street_photo_list": held_street,
        "no_clothing_list": held_no_clothing,
    }
    learnt, held = set(), set()
    for name, photos in lists.items():
        for module in ("splits", "gather"):
            monkeypatch.setattr(f"training.data.{module}.{name}", lambda photos=photos: tuple(photos), raising=False)
        for number, photo in enumerate(photos):
            path = photo.path(data_dir)
            path.parent.mkdir(parents=True, exist_ok=True)
            pixels, labels = draws[name](np.random.default_rng(number))
            Image.fromarray(pixels).save(path, quality=95)
            if name == "street_photo_list" and photo.has_labels:
                photo.labels_path(data_dir).parent.mkdir(exist_ok=True)
                Image.fromarray(labels).save(photo.labels_path(data_dir))
            (held if held_out[name](photo) or photo.split != "train" else learnt).add(path)
    return Handful(data_dir, frozenset(learnt), frozenset(held))


def wears_shirt_and_jeans(photo: StreetPhoto) -> bool:
    """Whether only tags are known of a photo, and these are among them."""
    return not photo.has_labels and {"shirt", "jeans"} <= set(photo.tags)


def parted(photos: Iterable, held: Callable[..., bool], label: str | None = None) -> list:
    """Some photos of a list to learn from, as many that are held out, and one to measure on."""
    of_label = [photo for photo in photos if label is None or photo.label == label]
    train = [photo for photo in of_label if photo.split == "train"]
    return [
        *[photo for photo in train if not held(photo)][:EACH],
        *[photo for photo in train if held(photo)][:EACH],
        *[photo for photo in of_label if photo.split != "train"][:1],
    ]


def flat(rng: np.random.Generator) -> tuple[np.ndarray, None]:
    """A garment on a floor: dark in the middle of something brighter."""
    pixels = np.full((120, 90, 3), rng.integers(150, 200, 3), np.uint8)
    pixels[20:100, 25:65] = rng.integers(20, 80, 3)
    return pixels, None


def product(rng: np.random.Generator) -> tuple[np.ndarray, None]:
    """A product before white, with a handle."""
    pixels = np.full((120, 90, 3), 255, np.uint8)
    colour = rng.integers(20, 160, 3).tolist()
    cv2.rectangle(pixels, (15, 50), (75, 105), colour, -1)
    cv2.ellipse(pixels, (45, 50), (22, 32), 0, 180, 360, colour, 6)
    return pixels, None


def person(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A head, a shirt, jeans, a bag; and its pixel labels."""
    pixels = np.full((160, 100, 3), rng.integers(170, 230, 3), np.uint8)
    labels = np.zeros((160, 100), np.uint8)
    for kind, (top, bottom, left, right) in {
        "skin": (10, 35, 40, 60), "shirt": (35, 85, 30, 70), "jeans": (85, 145, 35, 65), "bag": (60, 110, 70, 92),
    }.items():  # fmt: skip
        pixels[top:bottom, left:right] = rng.integers(0, 160, 3)
        labels[top:bottom, left:right] = street_names().index(kind)
    return pixels, labels


def fruit(rng: np.random.Generator) -> tuple[np.ndarray, None]:
    """Something round."""
    pixels = np.full((100, 100, 3), rng.integers(100, 220, 3), np.uint8)
    cv2.circle(pixels, (50, 50), 30, rng.integers(60, 255, 3).tolist(), -1)
    return pixels, None


class Darkness:
    """A segmenter that takes what is dark for a top, and in the lower half for trousers."""

    def segment(self, pixels: np.ndarray) -> np.ndarray:
        dark = pixels.max(2) < 161
        groups = np.zeros((*dark.shape, 9), np.float32)
        groups[..., 0] = ~dark
        groups[: len(dark) // 2, :, 1] = dark[: len(dark) // 2]
        groups[len(dark) // 2 :, :, 4] = dark[len(dark) // 2 :]
        return groups


def darkness(pixels: np.ndarray) -> np.ndarray:
    """A teacher that outlines what is dark: float32 of a square, 0..1."""
    return cv2.resize((pixels.max(2) < 120).astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
