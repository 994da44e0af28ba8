"""What the model card says of the data: how much of it there is, and where it is from."""

from __future__ import annotations

from typing import Any, Final

from bot.datasets import photo_list
from bot.datasets.no_clothing import GROCERIES, RUBBISH, no_clothing_list
from bot.datasets.no_clothing import REPOSITORIES as NO_CLOTHING
from bot.datasets.photos import MAX_SIDE, REVISION
from bot.datasets.shop_photos import FASHION_PRODUCTS, MAGENTO, shop_photo_list
from bot.datasets.shop_photos import REPOSITORIES as SHOP_PHOTOS
from bot.datasets.street_photos import REPOSITORY as STREET_PHOTOS
from bot.datasets.street_photos import street_photo_list
from training.data.fashion_mnist import held_out_positions
from training.data.set_labels import LABEL_CLASSES
from training.data.splits import calibrates
from training.evaluation.metrics import accepted_classes

TRAINING_IMAGES: Final = 60_000
"""Of Fashion-MNIST."""

SPLITS: Final = ("train", "validation")


def data_figures() -> dict[str, Any]:
    """Read the committed lists."""
    listed, held_out = photo_list(), len(held_out_positions())
    train, validation = ([photo for photo in listed if photo.split == split] for split in SPLITS)
    ten = [photo for photo in validation if photo.label in LABEL_CLASSES]
    scored = [photo for photo in ten if accepted_classes(photo)]
    kept = [photo for photo in train if calibrates(photo)]
    names = dict.fromkeys([*LABEL_CLASSES, *(photo.label for photo in listed)])
    return {
        "side": MAX_SIDE,
        "learnt_images": TRAINING_IMAGES - held_out,
        "held_out_images": held_out,
        "train_photos": len(train),
        "train_senders": len({photo.sender_id for photo in train}),
        "validation_photos": len(validation),
        "validation_senders": len({photo.sender_id for photo in validation}),
        "calibration_photos": len(kept),
        "calibration_senders": len({photo.sender_id for photo in kept}),
        "ten_photos": len(ten),
        "scored_photos": len(scored),
        "scored_senders": len({photo.sender_id for photo in scored}),
        "doubted": sum(not LABEL_CLASSES[photo.label] & photo.accepted for photo in scored),
        "labels": [
            (name, *(sum(photo.label == name for photo in split) for split in (train, validation))) for name in names
        ],
        "sets": {
            "street": _counted([photo.split for photo in street_photo_list() if photo.has_labels]),
            "shop": _counted([photo.split for photo in shop_photo_list()]),
            "nothing": _counted([photo.split for photo in no_clothing_list()]),
        },
        "revision": REVISION,
        "pages": {
            "street": STREET_PHOTOS.page,
            "products": SHOP_PHOTOS[FASHION_PRODUCTS].page,
            "magento": SHOP_PHOTOS[MAGENTO].page,
            "groceries": NO_CLOTHING[GROCERIES].page,
            "rubbish": NO_CLOTHING[RUBBISH].page,
        },
    }


def _counted(splits: list[str]) -> dict[str, int]:
    return {split: splits.count(split) for split in SPLITS}
