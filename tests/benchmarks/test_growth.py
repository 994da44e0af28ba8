"""What is said to be measured with so many garments in a photo is."""

from pathlib import Path

import cv2
import numpy as np

from benchmarks.growth import by_garments


def test_a_photo_with_so_many_garments_has_so_many_named(published_model: Path) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (320, 240, 3)).astype(np.uint8)
    growth = by_garments(published_model.parent, cv2.imencode(".jpg", noise)[1].tobytes(), (1, 6))
    assert tuple(row[0] for row in growth.rows) == (1, 6)
    assert all(value > 0 for row in growth.rows for value in row)
