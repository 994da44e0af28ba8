"""Phone and camera photos that show no clothing: groceries in shops, and rubbish on a board.

M. Klasson's Grocery Store Dataset (MIT) and TrashNet by G. Thung and M. Yang (MIT; a few photos show bags of paper or
plastic). Training uses only the photos that the committed list names. Groceries are split by product.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from bot.datasets.copies import scaled_down
from bot.datasets.fetch import Progress
from bot.datasets.listed_files import SOURCES, PublicPhoto, Repository, ensure_files, list_rows, list_text

GROCERIES: Final = "GroceryStoreDataset"
RUBBISH: Final = "Trash-Classification-"
REPOSITORIES: Final[Mapping[str, Repository]] = {
    GROCERIES: Repository("marcusklasson/GroceryStoreDataset", "fc80ba90f803d79d0383df52c5a4ac5de99ff6fc"),
    RUBBISH: Repository("congduytran12/Trash-Classification-", "00212f2c18dcdb9045c74481eaae5baaf72537df"),
}
"""By the list's ``source``."""

FOLDER: Final = "no-clothing"
MAX_SIDE: Final = 320
"""Pixels."""

JPEG_QUALITY: Final = 84

_LIST: Final = "no_clothing.csv"
_COPY: Final = partial(scaled_down, max_side=MAX_SIDE, quality=JPEG_QUALITY)


@dataclass(frozen=True, slots=True)
class NoClothingPhoto(PublicPhoto):
    r"""One line of the list.

    Attributes:
        image: the photo's id, its file name without ``.jpg``.
        split: ``train`` or ``validation``.
        shows: ``grocery`` or ``rubbish on white board``.
        source: a key of :data:`REPOSITORIES`.
        source_path: the public file in that repository.
        git_blob_sha1: SHA-1 of ``blob <size>\0<bytes>`` of the public file.
    """

    folder: ClassVar[str] = FOLDER
    image: str
    split: str
    shows: str
    source: str
    source_path: str
    git_blob_sha1: str


def no_clothing_list() -> tuple[NoClothingPhoto, ...]:
    """The photos that training may use, in the order of the list."""
    return tuple(NoClothingPhoto(**row) for row in list_rows(_LIST))


def ensure_no_clothing(
    data_dir: Path,
    photos: Iterable[NoClothingPhoto] | None = None,
    *,
    progress: Progress | None = None,
    sources: Sequence[str] = SOURCES,
) -> None:
    """Sees to it that the photos are in ``data_dir``, as :func:`~bot.datasets.photos.ensure_photos` does."""
    folder = data_dir / FOLDER
    pages = " and ".join(repository.page for repository in REPOSITORIES.values())
    ensure_files(
        [
            photo.file(data_dir, REPOSITORIES[photo.source].address(photo.source_path), _COPY)
            for photo in (no_clothing_list() if photos is None else photos)
        ],
        folder,
        name="photos without clothing",
        lists={"photos.csv": list_text(_LIST)},
        by_hand=f"put each source_path of {folder / 'photos.csv'} into {folder / 'images'} as <image>.jpg, at most"
        f" {MAX_SIDE} pixels a side, from {pages}",
        progress=progress,
        sources=sources,
    )
