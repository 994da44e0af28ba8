"""Garments are found once and shown to any number of networks in colour."""

from pathlib import Path

import numpy as np

from bot.datasets import photo_list
from bot.registry.layout import SHIPPED_MODELS
from bot.registry.networks import open_networks
from training.data.found import Found
from training.data.looks import look_at


class Gray:
    """Says how bright a view is."""

    def classify(self, view: np.ndarray) -> np.ndarray:
        return np.full(12, view.mean() / 255, np.float32)


def test_a_network_sees_what_it_would_have_seen_itself(photos_dir: Path) -> None:
    labels = ("dress", "shorts", "sneaker")
    listed = [next(p for p in photo_list() if p.split == "train" and p.label == label) for label in labels]
    paths = [photo.path(photos_dir) for photo in listed]
    networks = open_networks(SHIPPED_MODELS)

    found = Found.of(paths, networks)
    looked, seen = look_at(paths, networks), found.seen_by(networks)

    np.testing.assert_array_equal(seen.colors, looked.colors)
    np.testing.assert_array_equal(seen.pixels, looked.pixels)
    np.testing.assert_array_equal(seen.photo, looked.photo)
    gray = found.seen_by(Gray()).colors
    assert gray.shape == looked.colors.shape
    assert len(np.unique(gray[:, 0])) == len(found.views), "each view is shown"
