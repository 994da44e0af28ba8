"""A small training set: ten classes that a stripe tells apart, and a plan that learns them in three epochs."""

from dataclasses import replace

import numpy as np

from training.data.training_set import TrainingSet, answer_rows, balanced_draw
from training.plan import PhotoPlan
from training.presets import STANDARD

PLAN: PhotoPlan = replace(
    STANDARD, epochs=3, learning_rate=0.1, clean=24, randomised=8, photos=8, outliers=4, average=0.9
)


def small_training_set(count: int = 320) -> TrainingSet:
    """Ten classes that a stripe tells apart."""
    rng = np.random.default_rng(0)
    labels = np.arange(count) % 10
    images = np.zeros((count, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4 + 2 * label : 7 + 2 * label, 4:24] = 220
        image[4:24, 4:8] = 120
    images += rng.integers(0, 20, images.shape, np.uint8)
    answers = answer_rows([[5, 7, 9] if label in (5, 7, 9) else [label] for label in range(10)])
    photos = np.stack([images[:10], images[10:20]], axis=1)
    outliers = rng.integers(0, 255, (12, 28, 28), np.uint8)
    return TrainingSet(images, labels.astype(np.uint8), photos, answers, balanced_draw(answers), outliers)
