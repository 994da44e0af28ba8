"""Fashion-MNIST (Zalando Research, MIT licence): 60,000 training and 10,000 test images of 28x28 pixels."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.datasets.fetch import DataError, FetchError, Progress, fetch, new_client, prepare_folder, put
from bot.datasets.idx import IdxError, read_idx

SOURCES: Final[tuple[str, ...]] = (
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
)
"""Base addresses, the preferred one first: the mirror that ``keras.datasets`` reads, and the official repository."""

FOLDER: Final = "fashion-mnist"
SIDE: Final = 28
CLASSES: Final = 10


@dataclass(frozen=True, slots=True)
class Archive:
    """One official file."""

    name: str
    size: int
    md5: str

    def matches(self, content: bytes) -> bool:
        """Whether these are the official bytes."""
        return len(content) == self.size and hashlib.md5(content, usedforsecurity=False).hexdigest() == self.md5


TRAIN: Final = (
    Archive("train-images-idx3-ubyte.gz", 26421880, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
    Archive("train-labels-idx1-ubyte.gz", 29515, "25c81989df183df01b3e8a0aad5dffbe"),
)
TEST: Final = (
    Archive("t10k-images-idx3-ubyte.gz", 4422102, "bef4ecab320f06d8554ea6380940ec79"),
    Archive("t10k-labels-idx1-ubyte.gz", 5148, "bb300cfdad3c16e7a12a480ee83cd310"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Images and their labels.

    Attributes:
        images: uint8 [n, 28, 28], 0..255, garment bright on black, read-only.
        labels: uint8 [n], 0..9, read-only.
    """

    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)


def as_pixels(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Images as the classifier takes them: from uint8 [..., 28, 28] to float32, 0..1."""
    return np.asarray(images, np.float32) / np.float32(255)


def load_test(data_dir: Path, *, progress: Progress | None = None, sources: Sequence[str] = SOURCES) -> Split:
    """The 10,000 test images, fetched first (4.4 MB) when they are missing.

    Raises:
        DataError: they are missing and cannot be had.
    """
    return _split(_contents(data_dir, TEST, progress, sources))


def read_test(data_dir: Path) -> Split | None:
    """The 10,000 test images if they are in ``data_dir``, whole; nothing is fetched.

    Raises:
        DataError: they are there and cannot be read.
    """
    contents = [_read(data_dir / FOLDER / archive.name, archive) for archive in TEST]
    whole = [content for content in contents if content is not None]
    return _split(whole) if len(whole) == len(contents) else None


def load_train(data_dir: Path, *, progress: Progress | None = None, sources: Sequence[str] = SOURCES) -> Split:
    """The 60,000 training images, fetched first (26 MB) when they are missing.

    Raises:
        DataError: they are missing and cannot be had.
    """
    return _split(_contents(data_dir, TRAIN, progress, sources))


def ensure_test(data_dir: Path, *, progress: Progress | None = None, sources: Sequence[str] = SOURCES) -> None:
    """Sees to it that the test pair is in ``data_dir``; a folder that has it is only read.

    Raises:
        DataError: it is missing and cannot be had.
    """
    _contents(data_dir, TEST, progress, sources)


def ensure_train(data_dir: Path, *, progress: Progress | None = None, sources: Sequence[str] = SOURCES) -> None:
    """Sees to it that the training pair is in ``data_dir``; a folder that has it is only read.

    Raises:
        DataError: it is missing and cannot be had.
    """
    _contents(data_dir, TRAIN, progress, sources)


def _contents(
    data_dir: Path, archives: Sequence[Archive], progress: Progress | None, sources: Sequence[str]
) -> list[bytes]:
    """The files' bytes; what is missing or damaged is fetched, all of it before anything is put in place."""
    folder = data_dir / FOLDER
    kept = [_read(folder / archive.name, archive) for archive in archives]
    missing = [archive for archive, content in zip(archives, kept, strict=True) if content is None]
    if not missing:
        return [content for content in kept if content is not None]
    try:
        prepare_folder(folder)
        fetched = _fetch(missing, folder, progress, sources)
        for archive in missing:
            put(folder / archive.name, fetched[archive])
    except OSError as error:
        raise DataError(
            f"cannot write {folder}: {error.strerror or error}; {_by_hand(missing, folder)}",
            [archive.name for archive in missing],
        ) from error
    return [fetched[archive] if content is None else content for archive, content in zip(archives, kept, strict=True)]


def _read(path: Path, archive: Archive) -> bytes | None:
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error
    return content if archive.matches(content) else None


def _fetch(
    archives: Sequence[Archive], folder: Path, progress: Progress | None, sources: Sequence[str]
) -> dict[Archive, bytes]:
    fetched = {}
    with new_client() as client:
        for archive in archives:

            def report(done: int, archive: Archive = archive) -> None:
                if progress is not None:
                    progress(archive.name, done, archive.size)

            urls = [source + archive.name for source in sources]
            try:
                fetched[archive] = fetch(
                    client, urls, max_bytes=archive.size, is_right=archive.matches, progress=report
                )
            except FetchError as error:
                name = archive.name
                there = (folder / name).exists()
                problem = f"{name} is damaged and cannot be fetched anew" if there else f"cannot fetch {name}"
                raise DataError(
                    f"{problem} ({error}); {_by_hand(archives, folder)}", [each.name for each in archives]
                ) from error
    return fetched


def _by_hand(archives: Sequence[Archive], folder: Path) -> str:
    names = " and ".join(archive.name for archive in archives)
    return f"put {names} into {folder} (from {SOURCES[0]} or {SOURCES[1]}), or point DATA_DIR at a folder with them"


def _split(contents: Sequence[bytes]) -> Split:
    try:
        images, labels = read_idx(contents[0], 3), read_idx(contents[1], 1)
    except IdxError as error:
        raise DataError(f"Fashion-MNIST is damaged: {error}") from error
    if images.shape != (len(labels), SIDE, SIDE) or (len(labels) and int(labels.max()) >= CLASSES):
        raise DataError(f"Fashion-MNIST is damaged: images {images.shape}, {len(labels)} labels")
    return Split(images, labels)
