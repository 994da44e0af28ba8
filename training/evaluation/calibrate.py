"""Make confidence mean what it says, on pictures and photos that the networks have not learnt from.

What sharpens the model's logits is fitted on data-set pictures, which it answers alone, and folded into its file. How
much the model and the network in colour count on photos, and the share of "none of the ten", are fitted on photos; the
thresholds between sure, likely and not sure are read off them.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.datasets import as_pixels
from bot.vision.fusion import Weights, fuse_all
from bot.vision.labels import CLASS_COUNT
from training.data.looks import look_at
from training.networks.sharpening import fit_sharpening, softmax

if TYPE_CHECKING:
    from collections.abc import Sequence

    import keras
    from numpy.typing import NDArray

    from bot.datasets import Split
    from bot.vision.recognizer import VisionNetworks
    from training.data.gather import CalibrationPhotos
    from training.data.looks import Looks
    from training.networks.sharpening import Sharpening

MODEL_WEIGHTS: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
COLOR_WEIGHTS: Final = (0.5, 0.7, 0.85, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)
OUTSIDE_BIASES: Final = tuple(np.linspace(-2.5, 2.5, 41).tolist())

SURE_PRECISION: Final = 0.97
"""Share of sure answers that agree with the training labels, some of which are wrong themselves."""

LIKELY_PRECISION: Final = 0.8
"""The same of the answers that are likely: above their threshold and below that of sure ones."""

LEAST_SURE: Final = 0.5
"""No answer that is likelier wrong than right is called sure."""

MOST_REFUSED: Final = 0.02
"""Share of garments of the ten that may be called none of them."""

FEWEST: Final = 25
"""So many of the likeliest answers are never too few to call a share."""

_PART: Final = 100
"""Pictures that go through the network at a time."""


def calibrate(
    network: keras.Model,
    held_out: Split,
    photos: CalibrationPhotos,
    networks: VisionNetworks,
    known: Weights | None = None,
) -> tuple[Sharpening, dict[str, float]]:
    """Fit what sharpens the model, weights and thresholds.

    Args:
        network: pixels to logits.
        held_out: data-set pictures that it has not learnt from.
        photos: that no network has learnt from.
        networks: those that look at photos.
        known: as :func:`fit` takes it.

    Returns:
        What sharpens the logits, and the card's ``thresholds`` for a model sharpened so.

    Raises:
        TrainingError: a photo is damaged.
    """
    sharpening = fit_sharpening(_logits(network, as_pixels(held_out.images)), held_out.labels)
    seen = look_at(photos.paths, networks)
    model = softmax(sharpening.of(_logits(network, seen.pixels)))
    return sharpening, thresholds_of(model, seen, photos.outcomes, fit(model, seen, photos, known))


def _logits(network: keras.Model, pixels: NDArray[np.float32]) -> NDArray[np.floating]:
    """Of all looks at each picture the mean, [n, 10]; in parts, for what lies between the layers is large."""
    from training.networks.classifier import looks

    parts = [pixels[at : at + _PART] for at in range(0, len(pixels), _PART)]
    means = [np.mean([np.asarray(network(look, training=False)) for look in looks(part)], axis=0) for part in parts]
    return np.concatenate(means)


def fit(model: NDArray[np.floating], seen: Looks, photos: CalibrationPhotos, known: Weights | None = None) -> Weights:
    """Choose weights by the likelihood of what photos of one thing may show; each one's most prominent garment counts.

    Args:
        model: [m, 10], the model's probabilities of ``seen.pixels``.
        seen: what was found in the photos.
        photos: what each may be.
        known: how much each network counted before a refresh, which moves neither far: then only the share of "none of
            the ten" is fitted, since a few hundred photos would move the rest by chance (benchmarks/README.md).
    """
    used = seen.found & np.array(photos.alone, bool)
    rows, allowed = seen.first[used], allowed_outcomes(photos.outcomes)[used]
    model, colors = model[rows], seen.colors[rows]
    ten = allowed[:, :CLASS_COUNT].any(1)

    def of_the_ten(weights: Weights) -> float:
        told = fuse_all(model[ten], colors[ten], weights)[:, :CLASS_COUNT]
        likelihood = (told * allowed[ten, :CLASS_COUNT]).sum(1) / told.sum(1)
        return float(-np.log(np.maximum(likelihood, 1e-9)).mean())

    weights = known or min((Weights(own, color) for own in MODEL_WEIGHTS for color in COLOR_WEIGHTS), key=of_the_ten)
    inside = (~allowed[:, CLASS_COUNT:]).all(1)
    outside = (~allowed[:, :CLASS_COUNT]).all(1)

    def of_outside(biased: Weights) -> float:
        told = fuse_all(model, colors, biased)
        share = told[:, CLASS_COUNT:].sum(1)
        if (share >= told[:, :CLASS_COUNT].max(1))[inside].mean() > MOST_REFUSED:
            return float(np.inf)
        told_rightly = np.concatenate([1 - share[inside], share[outside]])
        return float(-np.log(np.maximum(told_rightly, 1e-9)).mean())

    candidates = [replace(weights, outside_bias=bias) for bias in OUTSIDE_BIASES]
    return min(candidates, key=of_outside) if outside.any() and inside.any() else weights


def thresholds_of(
    model: NDArray[np.floating], seen: Looks, outcomes: Sequence[frozenset[int]], weights: Weights
) -> dict[str, float]:
    """Read the thresholds off the answers as people get them: the card's ``thresholds``, weights included.

    Args:
        model: [m, 10], the model's probabilities of ``seen.pixels``.
        seen: what was found in the photos.
        outcomes: what each may be.
        weights: how much each network counts.
    """
    thresholds = {name: float(value) for name, value in asdict(weights).items()}
    predictions = seen.answers(model, thresholds)
    given = [
        (each.confidence, each.label in may_be)
        for each, may_be in zip(predictions, outcomes, strict=True)
        if not each.is_refused
    ]
    confidence = np.array([share for share, _ in given])
    right = np.array([is_right for _, is_right in given], bool)
    sure = max(least_confidence(confidence, right, SURE_PRECISION), LEAST_SURE)
    rest = confidence < sure
    likely = min(sure, least_confidence(confidence[rest], right[rest], LIKELY_PRECISION))
    return {**thresholds, "sure": sure, "likely": likely}


def allowed_outcomes(outcomes: Sequence[frozenset[int]]) -> NDArray[np.bool_]:
    """What each photo may show: bool [n, 12]."""
    allowed = np.zeros((len(outcomes), CLASS_COUNT + 2), bool)
    for row, each in zip(allowed, outcomes, strict=True):
        row[sorted(each)] = True
    return allowed


def least_confidence(confidence: NDArray[np.floating], right: NDArray[np.bool_], precision: float) -> float:
    """The lowest confidence from which on enough answers are right: 1 where there is none.

    Args:
        confidence: [n], 0..1.
        right: [n].
        precision: share of right answers among those with at least that confidence.
    """
    order = np.argsort(-confidence)
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero((shares >= precision) & (np.arange(1, len(order) + 1) >= min(FEWEST, len(order))))
    return float(confidence[order[enough[-1]]]) if len(enough) else 1.0
