"""Single products before a white ground, most tops worn by a person: two public shops' pictures.

P. Aggarwal's Fashion Product Images (declared MIT where they are published) and Magento's sample shop (OSL 3.0 and AFL
3.0). Training uses only the photos that the committed list names. Look-alikes (copies, other colours of one article)
are on one side of its split.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar, Final

from bot.datasets.copies import PROPORTIONED, proportioned, scaled_down
from bot.datasets.fetch import Progress
from bot.datasets.listed_files import SOURCES, PublicPhoto, Repository, ensure_files, list_rows, list_text

FASHION_PRODUCTS: Final = "fashion-product-images"
MAGENTO: Final = "magento2-sample-data"
REPOSITORIES: Final[Mapping[str, Repository]] = {
    FASHION_PRODUCTS: Repository(
        "GaneshNeupane01/Fashion-Recommendation-System", "7cf263426a1a818fbcab19006b87c924b4dd0fa1"
    ),
    MAGENTO: Repository("magento/magento2-sample-data", "53807565ba9f23c9409268c02bb995cf39ef553d"),
}
"""By the list's ``source``."""

FOLDER: Final = "shop-photos"
MAX_SIDE: Final = 448
"""Pixels, of Magento's pictures."""

JPEG_QUALITY: Final = 84

_LIST: Final = "shop_photos.csv"
_COPIES: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    FASHION_PRODUCTS: proportioned,
    MAGENTO: partial(scaled_down, max_side=MAX_SIDE, quality=JPEG_QUALITY),
}


@dataclass(frozen=True, slots=True)
class ShopPhoto(PublicPhoto):
    r"""One line of the list.

    Attributes:
        image: the photo's id, its file name without ``.jpg``.
        split: ``train`` or ``validation``.
        label: the product's kind, or two kinds joined by ``|`` of which either may be right. The photo may show more:
            trousers below a shirt.
        article: of :data:`MAGENTO` the article, shown in several colours; of :data:`FASHION_PRODUCTS`, where each
            picture is an article of its own, only the shop's name of the kind.
        source: a key of :data:`REPOSITORIES`.
        source_path: the public file in that repository.
        git_blob_sha1: SHA-1 of ``blob <size>\0<bytes>`` of the public file.
    """

    folder: ClassVar[str] = FOLDER
    image: str
    split: str
    label: str
    article: str
    source: str
    source_path: str
    git_blob_sha1: str


def shop_photo_list() -> tuple[ShopPhoto, ...]:
    """The photos that training may use, in the order of the list."""
    return tuple(ShopPhoto(**row) for row in list_rows(_LIST))


def ensure_shop_photos(
    data_dir: Path,
    photos: Iterable[ShopPhoto] | None = None,
    *,
    progress: Progress | None = None,
    sources: Sequence[str] = SOURCES,
) -> None:
    """Sees to it that the photos are in ``data_dir``, as :func:`~bot.datasets.photos.ensure_photos` does."""
    folder = data_dir / FOLDER
    pages = {source: repository.page for source, repository in REPOSITORIES.items()}
    ensure_files(
        [
            photo.file(data_dir, REPOSITORIES[photo.source].address(photo.source_path), _COPIES[photo.source])
            for photo in (shop_photo_list() if photos is None else photos)
        ],
        folder,
        name="shop photos",
        lists={"photos.csv": list_text(_LIST)},
        by_hand=f"put each source_path of {folder / 'photos.csv'} into {folder / 'images'} as <image>.jpg, those of"
        f" {pages[FASHION_PRODUCTS]} at {PROPORTIONED[0]}x{PROPORTIONED[1]} pixels, those of {pages[MAGENTO]} at most"
        f" {MAX_SIDE} pixels a side",
        progress=progress,
        sources=sources,
    )
