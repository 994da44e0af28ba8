"""Which photos of the train splits are learnt from, and which are kept to choose and to calibrate by.

Whoever is kept is kept whole: a sender with all photos, an article with all its colours, a grocery with all its photos.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from bot.datasets import ensure_photos, photo_list
from bot.datasets.no_clothing import ensure_no_clothing, no_clothing_list
from bot.datasets.shop_photos import FASHION_PRODUCTS, ensure_shop_photos, shop_photo_list
from bot.datasets.street_photos import ensure_street_photos, street_photo_list

if TYPE_CHECKING:
    from pathlib import Path

    from bot.datasets import ListedPhoto
    from bot.datasets.no_clothing import NoClothingPhoto
    from bot.datasets.shop_photos import ShopPhoto
    from bot.datasets.street_photos import StreetPhoto

SENDER_FOLDS: Final = 10
CALIBRATION_FOLDS: Final = frozenset({4, 7})
"""Senders whose photos are kept for calibration: folds with few shoes, since training photos of shoes are few."""

STREET_FOLDS: Final = 8
SHOP_FOLDS: Final = 10
NO_CLOTHING_FOLDS: Final = 8
"""Of each the first is kept."""


def flat_photos(data_dir: Path, *, kept: bool = False) -> list[ListedPhoto]:
    """Photos of single garments, brought where they are missing.

    Args:
        data_dir: has the photos, or gets them.
        kept: those that are kept, instead of those to learn from.

    Raises:
        DataError: they are missing and cannot be had.
    """
    listed = [photo for photo in photo_list() if photo.split == "train" and calibrates(photo) == kept]
    ensure_photos(data_dir, listed)
    return listed


def street_photos(data_dir: Path, *, kept: bool = False) -> list[StreetPhoto]:
    """Photos of people with pixel labels; otherwise as :func:`flat_photos`."""
    listed = [
        photo
        for photo in street_photo_list()
        if photo.split == "train" and photo.has_labels and held_street(photo) == kept
    ]
    ensure_street_photos(data_dir, listed)
    return listed


def tagged_street_photos(data_dir: Path) -> list[StreetPhoto]:
    """Photos of people of whom only the tags are known, what they wear; otherwise as :func:`flat_photos`."""
    listed = [
        photo
        for photo in street_photo_list()
        if photo.split == "train" and not photo.has_labels and not held_street(photo)
    ]
    ensure_street_photos(data_dir, listed)
    return listed


def shop_photos(data_dir: Path, *, kept: bool = False) -> list[ShopPhoto]:
    """Photos of products; otherwise as :func:`flat_photos`."""
    listed = [photo for photo in shop_photo_list() if photo.split == "train" and held_shop(photo) == kept]
    ensure_shop_photos(data_dir, listed)
    return listed


def no_clothing_photos(data_dir: Path, *, kept: bool = False) -> list[NoClothingPhoto]:
    """Photos without clothing; otherwise as :func:`flat_photos`."""
    listed = [photo for photo in no_clothing_list() if photo.split == "train" and held_no_clothing(photo) == kept]
    ensure_no_clothing(data_dir, listed)
    return listed


def calibrates(photo: ListedPhoto) -> bool:
    """Whether a photo's sender is kept for temperature and thresholds: 27 of 166 people, 240 photos."""
    return _fold(photo.sender_id, SENDER_FOLDS) in CALIBRATION_FOLDS


def held_street(photo: StreetPhoto) -> bool:
    """Whether a street photo of the train split is kept."""
    return _fold(photo.image, STREET_FOLDS) == 0


def held_shop(photo: ShopPhoto) -> bool:
    """Whether a shop photo of the train split is kept: an article with all its colours."""
    article = photo.article + (photo.image[:2] if photo.source == FASHION_PRODUCTS else "")
    return _fold(article, SHOP_FOLDS) == 0


def held_no_clothing(photo: NoClothingPhoto) -> bool:
    """Whether a photo of no clothing of the train split is kept: a product with all its photos."""
    product = photo.source_path.rpartition("/")[0] if photo.shows == "grocery" else photo.image
    return _fold(product, NO_CLOTHING_FOLDS) == 0


def _fold(name: str, folds: int) -> int:
    return int(hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest(), 16) % folds
