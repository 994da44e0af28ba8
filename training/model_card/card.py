"""The model card: every figure measured on the file that it describes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from bot.registry.model_set import sha256
from training.evaluation.measure import Measurement
from training.evaluation.metrics import PhotoScores
from training.networks.sharpening import Sharpening
from training.plan import PhotoPlan, Plan
from training.runs.folders import versions
from training.runs.publish import new_version


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """What a recipe hands over.

    Attributes:
        model: keras.Model from float32 [n, 28, 28], 0..1, to calibrated probabilities [n, 10]; it is converted.
        epochs: passes over the training set that it took.
        start: keras.Model that a refresh starts from; ``model`` itself where None.
        sharpening: folded into ``model``.
        thresholds: of the verdicts, as the card keeps them.
        held_out: it did not learn from the held-out pictures, so they can be measured.
        corrections: how many accepted corrections it learnt from.
        color: the ``.tflite`` file of the network in colour that goes with it; None for the published one.
        extra: further entries of the card, measured by the recipe.
        notes: lines for the report.
    """

    model: Any
    epochs: int
    start: Any = None
    sharpening: Sharpening = field(default_factory=Sharpening)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    held_out: bool = True
    corrections: int = 0
    color: bytes | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def make_card(plan: Plan, trained: Trained, measurement: Measurement, tflite: bytes, held_out: int) -> dict[str, Any]:
    """Puts together what is known about a converted file.

    Args:
        plan: how it was made.
        trained: what the recipe says about it.
        measurement: of the file.
        tflite: the file.
        held_out: how many pictures were held out.
    """
    now = datetime.now().astimezone()
    figures = figures_of(measurement, held_out)
    card: dict[str, Any] = {
        "version": new_version(plan.preset, tflite, now),
        "created": now.isoformat(timespec="seconds"),
        "sha256": sha256(tflite),
        "bytes": len(tflite),
        "preset": plan.preset,
        "refreshed": plan.refresh,
        "epochs": trained.epochs,
        "width": plan.width if isinstance(plan, PhotoPlan) else 1.0,
        "seed": plan.seed,
        **figures,
        "calibration": {**asdict(trained.sharpening), **figures["calibration"]},
        "thresholds": dict(trained.thresholds),
        "corrections": trained.corrections,
        "versions": versions(),
    }
    return card | dict(trained.extra)


def figures_of(measurement: Measurement, held_out: int) -> dict[str, Any]:
    """The measured part of a card.

    Args:
        measurement: of the file.
        held_out: how many pictures were held out.
    """
    test, photos = measurement.test, measurement.photos
    accuracy = measurement.held_out_accuracy
    return {
        "test": {
            "images": test.images,
            "accuracy": test.accuracy,
            "recall": list(test.recall),
            "confusion": [list(row) for row in test.confusion],
            "ece": test.ece,
            "crowd": test.crowd,
        },
        "train": {"accuracy": measurement.train_accuracy},
        "held_out": None if accuracy is None else {"images": held_out, "accuracy": accuracy},
        "photos": _photo_entry(photos),
        "calibration": {
            "ece": measurement.ece,
            "measured_on": "photos" if photos and photos.images else "test images",
        },
    }


def _photo_entry(photos: PhotoScores | None) -> dict[str, Any] | None:
    if photos is None or not photos.images:
        return None
    return {
        "images": photos.images,
        "senders": photos.senders,
        "balanced_accuracy": _number(photos.balanced_accuracy),
        "interval": [_number(photos.interval.low), _number(photos.interval.high)],
        "recall": photos.recall_by_name(),
        "groups": dict(photos.recall),
        "fine_accuracy": _number(photos.fine_accuracy),
        "fine_interval": [_number(photos.fine_interval.low), _number(photos.fine_interval.high)],
        "confusion": {name: list(counts) for name, counts in photos.confusion.items()},
        "verdicts": None if photos.verdicts is None else asdict(photos.verdicts),
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
