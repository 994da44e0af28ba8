"""The line that joins the steps: bytes, photo, garments, 28x28 pixels, one distribution each, an answer."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from bot.vision.classifier import Classifier
from bot.vision.color_classifier import ColorClassifier, HiddenViews, view_of
from bot.vision.data_set_picture import data_set_pixels
from bot.vision.explain import MASKS, MASKS_IN_COLOUR, Answers, HeatMap, PixelAnswers, frame_of, occlusion
from bot.vision.fragments import is_fragment
from bot.vision.fusion import Weights, fuse, fuse_all
from bot.vision.garment import Box, Garment, Segmenter, find, overlap, whole_photo
from bot.vision.halves import answered, halves, whole
from bot.vision.heads import without_heads
from bot.vision.labels import BAG, CLASS_COUNT
from bot.vision.outline import outlined, packed
from bot.vision.photo import Photo
from bot.vision.pixels import to_pixels
from bot.vision.plain_ground import standing_out
from bot.vision.prediction import Prediction
from bot.vision.verdicts import Thresholds, judge, judge_nothing, judge_picture, ranked

SAME_GARMENT: Final = 0.7
"""From this overlap of their boxes on, what is found in a kept photo is the garment that was judged.

A coarsened head changes what the segmenter finds below it: asked again, the same set moves .1 of a garment's
distribution where boxes overlap so much, and .3 where they overlap by .5 to .7.
"""

LEAST_OVERLAP: Final = 0.5
"""Below this overlap of their boxes, what is found is another garment, of which nothing can be learnt."""


class VisionNetworks(Segmenter, ColorClassifier, Protocol):
    """The networks that look at photos; :class:`bot.vision.networks.PhotoNetworks` is one."""


@dataclass(frozen=True, slots=True, eq=False)
class NamedGarment:
    """A garment and what it was called.

    Attributes:
        garment: where it is in the photo.
        pixels: float32 [28, 28], 0..1, what the model saw.
        color: float32 [12], what the network in colour said; None for a picture of the data set.
        prediction: the answer.
    """

    garment: Garment
    pixels: NDArray[np.float32]
    color: NDArray[np.float32] | None
    prediction: Prediction


@dataclass(frozen=True, slots=True, eq=False)
class Recognition:
    """What was found in a photo.

    Attributes:
        photo: the decoded photo.
        garments: what was found, the likeliest subject first; none where there is no clothing.
        chosen: which of them is judged.
        judged: that one; the whole photo where nothing was found.
        from_data_set: whether this is a picture of the data set, which the model answers alone.
        model_version: of the models that answered.
        milliseconds: what it took, decoding included.
    """

    photo: Photo
    garments: tuple[NamedGarment, ...]
    chosen: int
    judged: NamedGarment
    from_data_set: bool
    model_version: str
    milliseconds: float

    @property
    def garment(self) -> Garment:
        """Where the judged garment is."""
        return self.judged.garment

    @property
    def pixels(self) -> NDArray[np.float32]:
        """What the model saw of it, float32 [28, 28], 0..1."""
        return self.judged.pixels

    @property
    def prediction(self) -> Prediction:
        """What it was called."""
        return self.judged.prediction

    @property
    def outline(self) -> bytes | None:
        """The judged garment's, for keeping; None where nothing was found, and of a picture of the data set."""
        return None if self.from_data_set or not self.garments else packed(self.garment.mask)


class LiveSet(Protocol):
    """All networks of one version; :class:`bot.registry.store.LiveModel` is one."""

    @property
    def classifier(self) -> Classifier:
        """From 28x28 pixels to ten probabilities."""

    @property
    def networks(self) -> VisionNetworks:
        """Those that look at photos."""

    @property
    def version(self) -> str:
        """Its name."""

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Of its card, by name: thresholds of the verdicts, and weights of fusion; empty without a card of its own."""


class LiveSetSource(Protocol):
    """What says which set is live at the moment; :class:`bot.registry.store.ModelStore` is one."""

    def live(self) -> LiveSet:
        """The set that answers, or NoModelError."""


class DecodesPhotos(Protocol):
    """What gives a photo for bytes; :class:`~bot.vision.decoder.Decoder` is one."""

    def decode(self, data: bytes) -> Photo:
        """Decode, or raise PhotoError."""

    def close(self) -> None:
        """Free what it holds."""


class Recognizer:
    """Names the garments in photos, each by one set of networks; thread safe, every call blocks."""

    def __init__(self, decoder: DecodesPhotos, store: LiveSetSource) -> None:
        """Join the parts; the decoder is closed with this."""
        self._decoder = decoder
        self._store = store

    @property
    def live(self) -> LiveSet:
        """The set that answers.

        Raises:
            NoModelError: there is none.
        """
        return self._store.live()

    def recognize(self, data: bytes, *, chosen: int = 0) -> Recognition:
        """Name the garments in a photo.

        Args:
            data: the image file.
            chosen: which of them to judge; the last one where there are fewer.

        Raises:
            PhotoError: the file gives no photo.
            NoModelError: there is no model.
            ModelError: the interpreter fails.
        """
        started = time.perf_counter()
        live = self.live
        photo = self._decoder.decode(data)
        from_data_set = (pixels := data_set_pixels(photo)) is not None
        garments: tuple[NamedGarment, ...]
        if pixels is not None:
            prediction = judge_picture(live.classifier.probabilities(pixels), thresholds(live))
            garments = (NamedGarment(_picture(photo), pixels, None, prediction),)
        else:
            garments = name_garments(photo, live)
        chosen = max(0, min(chosen, len(garments) - 1))
        return Recognition(
            photo=photo,
            garments=garments,
            chosen=chosen,
            judged=garments[chosen] if garments else _nothing_in(photo, live),
            from_data_set=from_data_set,
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
        live = self.live
        return judge_picture(live.classifier.probabilities(pixels), thresholds(live))

    def without_heads(self, recognition: Recognition) -> Photo:
        """The photo as it may be kept: with the heads of people coarsened beyond recognition.

        Raises:
            NoModelError: there is no model.
            ModelError: the interpreter fails.
        """
        if recognition.from_data_set:  # nobody is in it, and every pixel counts
            return recognition.photo
        return without_heads(recognition.photo, self.live.networks)

    def explain(self, recognition: Recognition, *others: int) -> tuple[HeatMap, ...]:
        """Show which parts of the garment spoke for an answer, by the models that are live now.

        What is hidden from the model is hidden from the network in colour, too, and both are joined as in the answer.

        Args:
            recognition: what was found in the photo.
            others: classes to explain besides the answer's own, 0-9, or 10 for none of the ten.

        Returns:
            One map for the answer, and one for each of the others.

        Raises:
            NoModelError: there is no model.
            ModelError: the interpreter fails.
        """
        labels = min(recognition.prediction.said, CLASS_COUNT), *others
        live = self.live
        answers = joint_answers(live, recognition)
        masks = MASKS if recognition.judged.color is None else MASKS_IN_COLOUR
        return occlusion(answers, recognition.pixels, recognition.garment, labels, masks)

    def check(self) -> None:
        """Load whatever is not loaded yet.

        Raises:
            NoModelError: something that every photo needs is missing.
            ModelError: the interpreter fails.
        """
        blank = Photo(np.full((28, 28, 3), 255, np.uint8))
        live = self.live
        _nothing_in(blank, live)
        find(blank, live.networks)

    def close(self) -> None:
        """End the decoder; photos under way are finished first."""
        self._decoder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def name_garments(photo: Photo, live: LiveSet) -> tuple[NamedGarment, ...]:
    """Find the garments of a photo and name each.

    Args:
        photo: the decoded photo.
        live: the set that answers.

    Returns:
        The likeliest subject first; what is more likely no clothing, or a fragment beside it, is left out.

    Raises:
        NoModelError: a network is missing.
        ModelError: the interpreter fails.
    """
    named = _answered(photo, find(photo, live.networks), live)
    if all(each.prediction.is_refused for each in named):
        alone = (_named(photo, thing, live) for thing in (*standing_out(photo), whole_photo(photo)))
        bag = next((each for each in alone if each.prediction.said == BAG), None)
        named = named if bag is None else [bag]  # what else it may be was seen before
    order = ranked(
        [each.prediction for each in named],
        [each.garment.area for each in named],
        [each.garment.salience for each in named],
    )
    told = [named[place] for place in order]
    return (*told[:1], *(each for each in told[1:] if not is_fragment(each.garment, each.prediction)))


def probabilities_at(
    photo: Photo, box: Box | None, live: LiveSet, outline: bytes | None = None
) -> tuple[float, ...] | None:
    """What a set says of a garment that was judged once, also where people would not be told of it today.

    Args:
        photo: the decoded photo.
        box: where the garment is; the whole photo where nothing was found, None where it is not known.
        live: the set.
        outline: the garment's, if it was kept: then it is that one, whatever is found at the box.

    Returns:
        Of the ten classes; what lacks to 1 is the share of none of them. None where the set finds nothing there.

    Raises:
        ModelError: the interpreter fails.
    """
    if (pixels := data_set_pixels(photo)) is not None:
        return judge_picture(live.classifier.probabilities(pixels), thresholds(live)).probabilities
    garment = outlined(photo, outline)
    if garment is None and (box is None or box == whole_photo(photo).box):
        told = name_garments(photo, live) or (_nothing_in(photo, live),)
        return told[0].prediction.probabilities
    if garment is None and box is not None:
        garment = garment_at(photo, box, live.networks, SAME_GARMENT)
    return None if garment is None else _named(photo, garment, live).prediction.probabilities


def garment_at(photo: Photo, box: Box, segmenter: Segmenter, least: float = LEAST_OVERLAP) -> Garment | None:
    """What is found in a photo where a garment was judged once; a dress of halves and what stands out, too.

    Args:
        photo: the decoded photo.
        box: where the garment was.
        segmenter: finds garments.
        least: overlap of both boxes, 0..1, from which on it is the same garment.
    """
    found = find(photo, segmenter)
    together = [whole(found[upper], found[lower]) for upper, lower in halves(photo, found)]
    alike = [(overlap(each.box, box), each) for each in (*found, *together, *standing_out(photo))]
    share, garment = max(alike, key=lambda each: each[0], default=(0.0, None))
    return garment if share >= least else None


def _nothing_in(photo: Photo, live: LiveSet) -> NamedGarment:
    everything = whole_photo(photo)
    pixels, color = to_pixels(photo, everything), live.networks.classify(view_of(photo, everything))
    distribution = fuse(live.classifier.probabilities(pixels), color, weights(live))
    return NamedGarment(everything, pixels, color, judge_nothing(distribution))


def _answered(photo: Photo, found: Sequence[Garment], live: LiveSet) -> list[NamedGarment]:
    """Name each garment, or the dress of which two are halves."""
    pairs = halves(photo, found)
    together = [whole(found[upper], found[lower]) for upper, lower in pairs]
    named = [_named(photo, garment, live) for garment in (*found, *together)]
    return [named[place] for place in answered([each.prediction for each in named], pairs)]


def _named(photo: Photo, garment: Garment, live: LiveSet) -> NamedGarment:
    pixels, color = to_pixels(photo, garment), live.networks.classify(view_of(photo, garment))
    distribution = fuse(live.classifier.probabilities(pixels), color, weights(live))
    return NamedGarment(garment, pixels, color, judge(distribution, thresholds(live)))


def joint_answers(live: LiveSet, recognition: Recognition) -> Answers:
    """What answers for the judged garment while parts of it are hidden, as the bot would."""
    if recognition.judged.color is None:
        return PixelAnswers(live.classifier, recognition.pixels)
    return _JointAnswers(live, recognition)


class _JointAnswers:
    """Both networks, joined as in answers."""

    def __init__(self, live: LiveSet, recognition: Recognition) -> None:
        garment = recognition.garment
        self._pixels = PixelAnswers(live.classifier, recognition.pixels)
        self._weights = weights(live)
        self._networks = live.networks
        self._views = HiddenViews(recognition.photo, garment, frame_of(garment))

    def hiding(self, parts: NDArray[np.bool_]) -> NDArray[np.float32]:
        seen = np.stack([self._networks.classify(self._views.hiding(part)) for part in parts])
        distributions = fuse_all(self._pixels.hiding(parts), seen, self._weights)
        outside = distributions[:, CLASS_COUNT:].sum(1, keepdims=True)
        return np.hstack([distributions[:, :CLASS_COUNT], outside]).astype(np.float32)


def weights(live: LiveSet) -> Weights:
    """How networks are heard together, by their own card; the defaults where the card is of another file."""
    return Weights.from_card(live.thresholds)


def thresholds(live: LiveSet) -> Thresholds:
    """The thresholds of their own card; the defaults where the card is of another file."""
    return Thresholds.from_card(live.thresholds)


def _picture(photo: Photo) -> Garment:
    """The garment of a data-set picture: the whole of it."""
    height, width = photo.pixels.shape[:2]
    return Garment((photo.pixels.max(-1) > 12).astype(np.float32), (0, 0, width, height), area=1.0, quality=1.0)
