"""The line that joins the steps: bytes, photo, garment, 28x28 pixels, ten probabilities, an answer."""

import time
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from bot.vision.classifier import SIDE, Runtime
from bot.vision.decoder import Decoder
from bot.vision.explain import MASKS, MASKS_IN_COLOUR, Answers, HeatMap, PixelAnswers, frame_of, occlusion
from bot.vision.eyes import open_finder
from bot.vision.garment import Garment, GarmentFinder
from bot.vision.model_store import LiveModel, ModelStore
from bot.vision.photo import Photo
from bot.vision.pixels import to_pixels
from bot.vision.prediction import Prediction
from bot.vision.second_opinion import Adviser, HiddenViews
from bot.vision.verdicts import Thresholds, considered, judge, judge_picture

SERVING_TIMEOUT_S: Final = 4.0
"""What decoding may take while serving: on a busy machine a person would rather wait than be refused."""

BLACK: Final = 12
"""What JPEG makes of black, and of gray: channels of data-set pictures differ by no more than this."""


@dataclass(frozen=True, slots=True, eq=False)
class Recognition:
    """What was found in a photo.

    Attributes:
        photo: the decoded photo.
        garments: what could be judged in it, best first, at least one.
        chosen: which of them was judged.
        pixels: float32 [28, 28], 0..1, what the model saw.
        prediction: the answer.
        model_version: of the model that gave it.
        milliseconds: what it took, decoding included.
    """

    photo: Photo
    garments: tuple[Garment, ...]
    chosen: int
    pixels: NDArray[np.float32]
    prediction: Prediction
    model_version: str
    milliseconds: float

    @property
    def garment(self) -> Garment:
        """The garment that was judged."""
        return self.garments[self.chosen]


class DecodesPhotos(Protocol):
    """What gives a photo for bytes; :class:`~bot.vision.decoder.Decoder` is one."""

    def decode(self, data: bytes) -> Photo:
        """Decode, or raise PhotoError."""

    def close(self) -> None:
        """Free what it holds."""


class Recognizer:
    """Names the garments in photos; thread safe, every call blocks."""

    def __init__(self, decoder: DecodesPhotos, finder: GarmentFinder, store: ModelStore) -> None:
        """Join the parts; the decoder is closed with this."""
        self._decoder = decoder
        self._finder = finder
        self._store = store

    @property
    def live(self) -> LiveModel:
        """The model that answers.

        Raises:
            NoModelError: there is none.
        """
        return self._store.live()

    def recognize(self, data: bytes, *, chosen: int = 0) -> Recognition:
        """Name a garment in a photo.

        Args:
            data: the image file.
            chosen: which of the garments in it to judge; the last one where there are fewer.

        Raises:
            PhotoError: the file gives no photo.
            NoModelError: there is no model.
            ModelError: the interpreter fails.
        """
        started = time.perf_counter()
        live = self._store.live()
        photo = self._decoder.decode(data)
        garments: tuple[Garment, ...]
        if is_data_set_picture(photo):
            garments, chosen = (_whole(photo),), 0
            pixels = photo.pixels[..., 0].astype(np.float32) / np.float32(255)
            prediction = judge_picture(live.classifier.probabilities(pixels), thresholds(live))
        else:
            garments = self._finder.find(photo)
            chosen = max(0, min(chosen, len(garments) - 1))
            pixels = to_pixels(photo, garments[chosen])
            prediction = judge(live.classifier.probabilities(pixels), garments[chosen], thresholds(live))
        return Recognition(
            photo=photo,
            garments=garments,
            chosen=chosen,
            pixels=pixels,
            prediction=prediction,
            model_version=live.version,
            milliseconds=1000 * (time.perf_counter() - started),
        )

    def classify_pixels(self, pixels: NDArray[np.float32]) -> Prediction:
        """Name the garment in a data-set picture.

        Args:
            pixels: float32 [28, 28], 0..1, garment bright on black.

        Raises:
            NoModelError: there is no model.
            ModelError: the interpreter fails.
        """
        live = self._store.live()
        return judge_picture(live.classifier.probabilities(pixels), thresholds(live))

    def explain(self, recognition: Recognition) -> HeatMap:
        """Show which parts of the garment spoke for the answer, by the model that is live now.

        What is hidden from the model is hidden from the second opinion, too, and both are joined as in the answer.

        Args:
            recognition: what was found in the photo.

        Raises:
            NoModelError: there is no model.
            ModelError: the interpreter fails.
        """
        live = self._store.live()
        answers = joint_answers(live, recognition, self._finder.adviser)
        masks = MASKS if recognition.garment.opinion is None else MASKS_IN_COLOUR
        return occlusion(answers, recognition.pixels, recognition.garment, recognition.prediction.label, masks)

    def check(self) -> None:
        """Load whatever is not loaded yet.

        Raises:
            NoModelError: something that every photo needs is missing.
            ModelError: the interpreter fails.
        """
        self._store.live()
        self._finder.find(Photo(np.full((SIDE, SIDE, 3), 255, np.uint8)))

    def close(self) -> None:
        """End the decoder; photos under way are finished first."""
        self._decoder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def open_recognizer(
    models_dir: Path,
    *,
    runtime: Runtime = Runtime.AUTO,
    workers: int = 1,
    store: ModelStore | None = None,
    decode_timeout_s: float = SERVING_TIMEOUT_S,
) -> Recognizer:
    """Make a recognizer for a models folder.

    Nothing is missed yet: a missing model is told by what needs it, as NoModelError, and taken when it comes.

    Args:
        models_dir: holds ``classifier.tflite`` and the eyes; where it lacks one of those, the shipped one serves.
        runtime: the interpreter to use.
        workers: photos recognized at the same time.
        store: the models folder's store, where there is one already.
        decode_timeout_s: what decoding one photo may take, in seconds.
    """
    store = store or ModelStore(models_dir, runtime=runtime, interpreters=workers)
    finder = open_finder(models_dir, runtime=runtime, interpreters=workers)
    return Recognizer(Decoder(workers=workers, timeout_s=decode_timeout_s), finder, store)


def joint_answers(live: LiveModel, recognition: Recognition, adviser: Adviser | None) -> Answers:
    """What answers for the garment of a recognition while parts of it are hidden, as the bot would."""
    return _JointAnswers(live, recognition, adviser)


class _JointAnswers:
    """The model and the second opinion, joined and softened as in answers."""

    def __init__(self, live: LiveModel, recognition: Recognition, adviser: Adviser | None) -> None:
        self._pixels = PixelAnswers(live.classifier, recognition.pixels)
        self._garment = recognition.garment
        self._limits = thresholds(live)
        self._adviser = adviser
        self._views = HiddenViews(recognition.photo, self._garment, frame_of(self._garment))

    def hiding(self, parts: NDArray[np.bool_]) -> NDArray[np.float32]:
        answers = self._pixels.hiding(parts)
        told = [considered(answer, self._seen(part), self._limits) for answer, part in zip(answers, parts, strict=True)]
        return np.array(told, np.float32)

    def _seen(self, part: NDArray[np.bool_]) -> Garment:
        garment = self._garment
        if self._adviser is None or garment.opinion is None:
            return garment
        opinion, bag = self._adviser.again(self._views.hiding(part), garment.opinion, garment.bag)
        return replace(garment, opinion=opinion, bag=bag)


def thresholds(live: LiveModel) -> Thresholds:
    """The thresholds of its own card; the defaults where the card is of another file."""
    return Thresholds.from_card(live.card.thresholds if live.card is not None and live.card_matches else {})


def is_data_set_picture(photo: Photo) -> bool:
    """Whether this is a picture as in Fashion-MNIST already: 28x28, gray, on black."""
    if photo.pixels.shape[:2] != (SIDE, SIDE):
        return False
    spread = np.ptp(photo.pixels, axis=2)
    corners = photo.pixels[:: SIDE - 1, :: SIDE - 1]
    return bool(spread.max() <= BLACK and np.median(corners) <= BLACK)


def _whole(photo: Photo) -> Garment:
    """The garment of a data-set picture: what is not black."""
    mask = (photo.pixels[..., 0] > BLACK).astype(np.float32)
    return Garment(mask=mask, box=(0, 0, SIDE, SIDE), quality=1.0)
