"""How far two sets of networks answer alike on photos that training knows, such as before and after another conversion.

    python -m benchmarks.set_agreement models other-models --data-dir data

Both folders need a ``segmenter.tflite`` and a ``color_classifier.tflite``; the 28x28 model and the thresholds are those
of the first. Beside it stands what saving the same photos once more as JPEG changes for the first set: noise.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from bot.datasets import DataError, ensure_photos, photo_list
from bot.datasets.street_photos import ensure_street_photos, street_photo_list
from bot.registry.networks import open_networks
from bot.registry.store import ModelStore
from bot.vision.color_classifier import view_of
from bot.vision.decoding import decode
from bot.vision.garment import squashed
from bot.vision.interpreter import ModelError
from bot.vision.photo import Photo
from bot.vision.recognizer import LiveSet, NamedGarment, name_garments
from training.evaluation.network_set import NetworkSet

JPEG_QUALITY: Final = 95


@dataclass
class Agreement:
    """How often two sets agree, photo by photo and garment by garment.

    Attributes:
        first: whether the first answer is the same.
        verdict: whether it is given as surely, too.
        pixels: the share of pixels of the same group.
        shares: the largest change of a share of the network in colour, for each garment of the first set.
    """

    first: list[bool] = field(default_factory=list)
    verdict: list[bool] = field(default_factory=list)
    pixels: list[float] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{len(self.first)} photos: first answer the same {np.mean(self.first):.2%}, "
            f"verdict {np.mean(self.verdict):.2%}, pixels {np.mean(self.pixels):.2%}; {len(self.shares)} garments: "
            f"largest change of a share {np.mean(self.shares):.4f}, 95 % at most {np.quantile(self.shares, 0.95):.3f}"
        )


def photos_of(data_dir: Path, count: int) -> Iterator[Photo]:
    """So many flat photos of the training split, and half as many of people in streets, evenly spread.

    Raises:
        DataError: the data is missing and cannot be had.
    """
    flat = [photo for photo in photo_list() if photo.split == "train"]
    streets = [photo for photo in street_photo_list() if photo.split == "train"]
    flat = flat[:: max(1, len(flat) // count)][:count]
    streets = streets[:: max(1, 2 * len(streets) // count)][: count // 2]
    ensure_photos(data_dir, flat)
    ensure_street_photos(data_dir, streets)
    for path in (*(each.path(data_dir) for each in flat), *(each.path(data_dir) for each in streets)):
        yield decode(path.read_bytes())


def compare(into: Agreement, before: tuple[LiveSet, Photo], after: tuple[LiveSet, Photo]) -> None:
    """Add what two sets say, each of its copy of one photo."""
    named, again = (name_garments(photo, live) for live, photo in (before, after))
    into.first.append(_said(named) == _said(again))
    into.verdict.append(_said(named) == _said(again) and _verdict(named) == _verdict(again))
    groups, others = (live.networks.segment(squashed(photo.pixels)).argmax(-1) for live, photo in (before, after))
    into.pixels.append(float((groups == others).mean()))
    for each in named:
        shares, changed = (live.networks.classify(view_of(photo, each.garment)) for live, photo in (before, after))
        into.shares.append(float(np.abs(shares - changed).max()))


def _said(named: Sequence[NamedGarment]) -> int | None:
    return named[0].prediction.said if named else None


def _verdict(named: Sequence[NamedGarment]) -> str | None:
    return named[0].prediction.verdict if named else None


def _saved_again(photo: Photo) -> Photo:
    file = BytesIO()
    Image.fromarray(photo.pixels).save(file, "JPEG", quality=JPEG_QUALITY)
    return decode(file.getvalue())


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.set_agreement", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("before", type=Path, help="a models folder")
    parser.add_argument("after", type=Path, help="another one")
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--photos", type=int, default=100, help="flat ones; half as many of people in streets")
    options = parser.parse_args(arguments)
    try:
        live = ModelStore(options.before, interpreters=1).live()
        after = NetworkSet(live.classifier, open_networks(options.after), live.thresholds)
        changed, noise = Agreement(), Agreement()
        for photo in photos_of(options.data_dir, options.photos):
            compare(changed, (live, photo), (after, photo))
            compare(noise, (live, photo), (live, _saved_again(photo)))
    except (DataError, ModelError) as error:
        print(f"benchmarks.set_agreement: {error}", file=sys.stderr)
        return 2
    print(f"the other set: {changed}\nthe photo saved once more: {noise}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
