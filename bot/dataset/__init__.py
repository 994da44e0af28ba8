"""The data sets: fetched from their public sources, verified, cached in ``DATA_DIR``, read.

Fashion-MNIST (:mod:`~bot.dataset.fashion_mnist`) serves ``/sample`` and training; the clothing photos
(:mod:`~bot.dataset.photos`) serve training alone. Everything here blocks: from a coroutine, call it with
:func:`asyncio.to_thread`.
"""

from bot.dataset.fashion_mnist import Split, ensure_test, ensure_train, load_test, load_train
from bot.dataset.fetch import DataError, Progress
from bot.dataset.photos import ListedPhoto, ensure_photos, photo_list

__all__ = [
    "DataError",
    "ListedPhoto",
    "Progress",
    "Split",
    "ensure_photos",
    "ensure_test",
    "ensure_train",
    "load_test",
    "load_train",
    "photo_list",
]
