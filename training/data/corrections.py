"""The photos that people corrected: parted by person, so that nobody is learnt from and measured on.

They are decoded from the store's bytes and live in memory only; no run folder holds one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from bot.vision.color_classifier import view_of
from bot.vision.decoding import decode
from bot.vision.garment import whole_photo
from bot.vision.labels import CLASS_COUNT, NO_CLOTHING, OTHER_CLOTHING, SAID_NAMES, WRONG_OUTLINE
from bot.vision.outline import outlined, packed
from bot.vision.photo import PhotoError
from bot.vision.pixels import to_pixels
from bot.vision.recognizer import garment_at
from training.data.color_examples import of_garment
from training.data.photos import WORKERS, garment_variants, garments_in
from training.data.training_set import answer_rows

if TYPE_CHECKING:
    from bot.storage.types import AcceptedPhoto, Box
    from bot.vision.garment import Garment, Segmenter
    from bot.vision.photo import Photo
    from training.data.views import Example

MEASURED_SHARE: Final = 0.2
"""About this share of the people is measured on instead of learnt from."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """Accepted corrections.

    Attributes:
        learnt: of the people who are learnt from.
        measured: of the others: how a model does on them before and after tells what the corrections changed.
        left_out: how many more there are whose garment is not found any more.
    """

    learnt: tuple[AcceptedPhoto, ...] = ()
    measured: tuple[AcceptedPhoto, ...] = ()
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.learnt) + len(self.measured)


def split_by_person(photos: Iterable[AcceptedPhoto]) -> Corrections:
    """Parts corrections by who sent them; a person stays on one side for good, whoever else comes or goes."""
    learnt: list[AcceptedPhoto] = []
    measured: list[AcceptedPhoto] = []
    for photo in photos:
        (measured if _is_measured(photo.user_group) else learnt).append(photo)
    return Corrections(tuple(learnt), tuple(measured))


def outcomes_of(label: int) -> frozenset[int]:
    """What a corrected garment may be, as the network in colour gives it: one of its twelve outputs, or of two.

    Of what was outlined wrongly only this is known: it is none of the ten.
    """
    return frozenset({OTHER_CLOTHING, NO_CLOTHING}) if label == WRONG_OUTLINE else frozenset({label})


def _is_measured(user_group: str) -> bool:
    digest = hashlib.sha256(user_group.encode()).digest()
    return int.from_bytes(digest[:4], "big") < MEASURED_SHARE * 2**32


def readable(photos: Iterable[AcceptedPhoto]) -> Iterator[AcceptedPhoto]:
    """Leaves out what cannot be decoded, so that one damaged row does not stop a refresh."""
    for photo in photos:
        try:
            decode(photo.photo)
        except PhotoError:
            continue
        yield photo


def with_outlines(photos: Iterable[AcceptedPhoto], segmenter: Segmenter) -> Iterator[AcceptedPhoto]:
    """Gives those that were kept without an outline that of what is found there now; leaves out where nothing is."""
    for accepted in photos:
        photo = decode(accepted.photo)
        if outlined(photo, accepted.outline) is not None:
            yield accepted
        elif (garment := _found_again(photo, accepted.box, segmenter)) is not None:
            outline = packed(garment.mask)
            if outlined(photo, outline) is not None:
                yield replace(accepted, outline=outline)


def _found_again(photo: Photo, box: Box | None, segmenter: Segmenter) -> Garment | None:
    if box is None or box == whole_photo(photo).box:  # nothing was found then, or it is not known where
        return garments_in(photo, segmenter)[0]
    return garment_at(photo, box, segmenter)


def _garment_in(accepted: AcceptedPhoto) -> tuple[Photo, Garment]:
    photo = decode(accepted.photo)
    garment = outlined(photo, accepted.outline)
    if garment is None:
        raise ValueError("a correction without an outline: see with_outlines")
    return photo, garment


def corrected_pictures(photos: Sequence[AcceptedPhoto], variants: int, seed: int) -> NDArray[np.uint8]:
    """The corrected garments in many variants, as :func:`training.data.photos.picture_variants` makes them of the list.

    Args:
        photos: at least one; with outlines.
        variants: pictures a photo.
        seed: of the variation.

    Returns:
        uint8 [photos, variants, 28, 28].
    """

    def convert(index: int) -> list[NDArray[np.uint8]]:
        return garment_variants(*_garment_in(photos[index]), variants, np.random.default_rng([seed, index]))

    with ThreadPoolExecutor(WORKERS) as pool:
        return np.array(list(pool.map(convert, range(len(photos)))), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A corrected garment as the bot sees it.

    Attributes:
        pixels: float32 [28, 28], 0..1.
        view: uint8 [160, 160, 3] RGB.
        outcomes: what it is, as :func:`outcomes_of` says.
    """

    pixels: NDArray[np.float32]
    view: NDArray[np.uint8]
    outcomes: frozenset[int]


def as_the_bot_sees(photos: Iterable[AcceptedPhoto]) -> Iterator[Seen]:
    """The corrected garments, by their outlines, as networks are shown them."""
    for accepted in photos:
        photo, garment = _garment_in(accepted)
        yield Seen(to_pixels(photo, garment), view_of(photo, garment), outcomes_of(accepted.label))


def corrected_examples(photos: Iterable[AcceptedPhoto]) -> Iterator[Example]:
    """The corrected garments for the network in colour; those of :func:`as_the_bot_sees`."""
    for accepted in photos:
        photo, garment = _garment_in(accepted)
        yield of_garment(photo, garment, outcomes_of(accepted.label), SAID_NAMES[accepted.label])


def pixel_answers(photos: Iterable[AcceptedPhoto]) -> NDArray[np.float32]:
    """What the 28x28 model learns of corrections: float32 [n, 10]; of none of the ten, all as likely."""
    return answer_rows([[each.label] if each.label < CLASS_COUNT else range(CLASS_COUNT) for each in photos])
