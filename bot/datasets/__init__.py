"""The data sets: fetched from their public sources, verified, cached in ``DATA_DIR``, read.

Fashion-MNIST (:mod:`~bot.datasets.fashion_mnist`) serves ``/sample`` and training; the photos serve training alone:
single garments (:mod:`~bot.datasets.photos`), people in streets (:mod:`~bot.datasets.street_photos`), products
(:mod:`~bot.datasets.shop_photos`) and what is no clothing (:mod:`~bot.datasets.no_clothing`). Everything here blocks:
from a coroutine, call it with :func:`asyncio.to_thread`.
"""

from bot.datasets.fashion_mnist import Split, as_pixels, ensure_test, ensure_train, load_test, load_train, read_test
from bot.datasets.fetch import DataError, Progress
from bot.datasets.no_clothing import NoClothingPhoto, ensure_no_clothing, no_clothing_list
from bot.datasets.photos import ListedPhoto, ensure_photos, photo_list
from bot.datasets.shop_photos import ShopPhoto, ensure_shop_photos, shop_photo_list
from bot.datasets.street_photos import StreetPhoto, ensure_street_photos, street_names, street_photo_list
from bot.datasets.test_images import TEST_IMAGES, TestImages, shipped_test_images

__all__ = [
    "TEST_IMAGES",
    "DataError",
    "ListedPhoto",
    "NoClothingPhoto",
    "Progress",
    "ShopPhoto",
    "Split",
    "StreetPhoto",
    "TestImages",
    "as_pixels",
    "ensure_no_clothing",
    "ensure_photos",
    "ensure_shop_photos",
    "ensure_street_photos",
    "ensure_test",
    "ensure_train",
    "load_test",
    "load_train",
    "no_clothing_list",
    "photo_list",
    "read_test",
    "shipped_test_images",
    "shop_photo_list",
    "street_names",
    "street_photo_list",
]
