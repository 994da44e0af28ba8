"""The training photos that a refresh of the network in colour looks at again, so that it forgets nothing.

The garments are found once. Their views are kept in a cache as JPEG, a few kilobytes each, under a name that changes
with the network that finds them, with the photos and with how they are drawn.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from bot.registry.files import replace_durably
from bot.vision.color_classifier import OUTPUTS, SIDE
from bot.vision.segmenter import TfliteSegmenter
from training.data.color_examples import (
    draw_weights,
    flat_examples,
    no_clothing_examples,
    shop_examples,
    street_photo_examples,
)
from training.data.splits import flat_photos, no_clothing_photos, shop_photos, street_photos
from training.data.views import plain_view, varied_view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from training.data.views import Example

    Progress = Callable[[int, int], None]

MAKING: Final = 1
"""Raised whenever views are drawn differently, so that no cached one outlives its making."""

EXAMPLES: Final = {"flat": 500, "street": 350, "shop": 300, "nothing": 250}
"""Garments of each source. Bags, hats and most shoes come from shops and streets, no clothing from the last."""

STREET_PHOTOS: Final = 120
"""Each shows some six garments, from which the street's are drawn."""

SEED: Final = 11
"""Of the draw, the same for every refresh, so that it is made once."""

_QUALITY: Final = 95
_PREFIX: Final = "replay-"


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """Views of training photos, two of each garment: as it is served, and varied.

    Attributes:
        files: each view as JPEG.
        answers: float32 [n, 12], 1 for each output that its label allows, else 0.
    """

    files: Sequence[bytes]
    answers: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.files)

    def views(self, start: int, end: int) -> NDArray[np.uint8]:
        """Some of them: uint8 [end - start, 160, 160, 3] RGB."""
        return np.stack([_decoded(each) for each in self.files[start:end]])


def cached_replay(
    data_dir: Path, segmenter: bytes, cache: Path, progress: Progress = lambda done, total: None
) -> Replay:
    """Draw, find and keep, or read what was kept.

    Args:
        data_dir: has the photos, or gets them.
        segmenter: the file of the network that finds garments.
        cache: folder; made when it is not there.
        progress: told how many photos of how many are done.

    Raises:
        DataError: photos are missing and cannot be had.
        TrainingError: a photo is damaged.
    """
    drawn = _Drawn.of(data_dir)
    path = cache / f"{_PREFIX}{drawn.fingerprint(segmenter)}.npz"
    if (kept := _read(path)) is not None:
        return kept
    served = TfliteSegmenter(segmenter, interpreters=1)
    replay = replay_of(drawn.examples(data_dir, served, progress), np.random.default_rng(SEED))
    cache.mkdir(parents=True, exist_ok=True)
    replace_durably(path, _bytes(replay))
    for old in cache.glob(f"{_PREFIX}*.npz"):
        if old != path:
            old.unlink(missing_ok=True)
    return replay


def replay_of(examples: Iterable[Example], rng: np.random.Generator) -> Replay:
    """Draw two views of each example: the one that is served, and a varied one."""
    files, answers = [], []
    for each in examples:
        files += [_encoded(plain_view(each)), _encoded(varied_view(each, rng))]
        answers += [each.answer, each.answer]
    return Replay(files, np.array(answers, np.float32).reshape(-1, OUTPUTS))


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """Which photos, by source."""

    photos: dict[str, list]

    @classmethod
    def of(cls, data_dir: Path) -> _Drawn:
        rng = np.random.default_rng(SEED)
        return cls(
            {
                "flat": _balanced(flat_photos(data_dir), lambda photo: photo.label, EXAMPLES["flat"], rng),
                "street": _balanced(street_photos(data_dir), lambda _: "", STREET_PHOTOS, rng),
                "shop": _balanced(shop_photos(data_dir), lambda photo: photo.label, EXAMPLES["shop"], rng),
                "nothing": _balanced(no_clothing_photos(data_dir), lambda photo: photo.shows, EXAMPLES["nothing"], rng),
            }
        )

    def fingerprint(self, segmenter: bytes) -> str:
        recipe = [MAKING, EXAMPLES, STREET_PHOTOS, SEED, _QUALITY, SIDE]
        names = {source: [repr(photo) for photo in photos] for source, photos in self.photos.items()}
        return hashlib.sha256(repr([recipe, names]).encode() + segmenter).hexdigest()[:16]

    def examples(self, data_dir: Path, segmenter: TfliteSegmenter, progress: Progress) -> Iterator[Example]:
        """As many of each source as :data:`EXAMPLES` says, where there are so many."""
        rng = np.random.default_rng(SEED)
        total, done = sum(map(len, self.photos.values())), 0

        def counted(source: str) -> Iterator:
            nonlocal done
            for photo in self.photos[source]:
                yield photo
                done += 1
                progress(done, total)

        found = {
            "flat": flat_examples(counted("flat"), data_dir, segmenter),
            "street": street_photo_examples(counted("street"), data_dir, segmenter),
            "shop": shop_examples(counted("shop"), data_dir, segmenter),
            "nothing": no_clothing_examples(counted("nothing"), data_dir, segmenter, rng),
        }
        for source, each in found.items():
            yield from _some(list(each), EXAMPLES[source], rng)  # no other source's photos are in memory by then


def _some(examples: Sequence[Example], count: int, rng: np.random.Generator) -> Iterator[Example]:
    """At most so many of a source, rare labels more often than they come."""
    size = min(len(examples), count)
    for at in rng.choice(len(examples), size, replace=False, p=draw_weights(examples)) if size else ():
        yield examples[at]


def _balanced(photos: Sequence, kind: Callable, count: int, rng: np.random.Generator) -> list:
    """Draw photos, rare kinds more often than they come: in proportion to the root of their number."""
    by_kind = defaultdict(list)
    for photo in photos:
        by_kind[kind(photo)].append(photo)
    roots = {name: len(each) ** 0.5 for name, each in by_kind.items()}
    drawn = []
    for name, each in sorted(by_kind.items()):
        wanted = min(len(each), int(np.ceil(count * roots[name] / sum(roots.values()))))
        drawn += [each[at] for at in sorted(rng.choice(len(each), wanted, replace=False).tolist())]
    return drawn


def _encoded(view: NDArray[np.uint8]) -> bytes:
    _, data = cv2.imencode(".jpg", view[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return data.tobytes()


def _decoded(data: bytes) -> NDArray[np.uint8]:
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return np.ascontiguousarray(np.asarray(pixels, np.uint8)[..., ::-1])


def _bytes(replay: Replay) -> bytes:
    buffer = io.BytesIO()
    ends = np.cumsum([len(each) for each in replay.files])
    np.savez(buffer, files=np.frombuffer(b"".join(replay.files), np.uint8), ends=ends, answers=replay.answers)
    return buffer.getvalue()


def _read(path: Path) -> Replay | None:
    """What was kept; None without it, and when it is damaged."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            stored, ends, answers = kept["files"].tobytes(), kept["ends"].tolist(), kept["answers"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return Replay([stored[start:end] for start, end in zip([0, *ends], ends, strict=False)], answers)
