"""Record how the course's network does on phone photos: ``python -m training.cli.record_course_photos``.

It is shown the validation photos as the course's program would take them: gray, 28x28, divided by 255, with all of
their background. The figures go to ``models/lesson/photos.json``, for the last step of /learn.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np

from bot.course.recorded_runs import Lessons, course_pixels
from bot.datasets import photo_list
from bot.registry.files import replace_durably
from bot.settings import settings_or_exit
from bot.vision.labels import CLASS_COUNT
from training.data.photos import read_photo
from training.engine.lesson import RECORDED
from training.errors import BAD_INPUT, DONE
from training.evaluation.metrics import LabelledPhoto, accepted_classes, photo_scores


def measured(probabilities: np.ndarray, photos: list[LabelledPhoto]) -> dict[str, Any]:
    """The figures for some photos.

    Args:
        probabilities: float [n, 10], what the network says.
        photos: the n photos, all of the ten classes.
    """
    scores = photo_scores(probabilities, photos)
    answers = probabilities.argmax(axis=1)
    favourite = int(np.bincount(answers, minlength=CLASS_COUNT).argmax())
    chosen = answers == favourite
    return {
        "images": scores.images,
        "senders": scores.senders,
        "accuracy": scores.balanced_accuracy,
        "interval": [scores.interval.low, scores.interval.high],
        "favourite": favourite,
        "share": float(chosen.mean()),
        "confidence": float(probabilities[chosen].max(axis=1).mean()),
    }


def main() -> int:
    """Measure and write."""
    network = Lessons.read(RECORDED).network
    listed = [photo for photo in photo_list() if photo.split == "validation" and accepted_classes(photo)]
    data_dir = settings_or_exit("record_course_photos").data_dir
    if network is None or not all(photo.path(data_dir).is_file() for photo in listed):
        print("record_course_photos: needs models/lesson/weights.npz and the photos in DATA_DIR", file=sys.stderr)
        return BAD_INPUT
    pixels = np.stack([course_pixels(read_photo(photo.path(data_dir)).pixels) for photo in listed])
    values = measured(network.probabilities(pixels), list(listed))
    replace_durably(RECORDED / "photos.json", (json.dumps(values, indent=1) + "\n").encode())
    print(values)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
