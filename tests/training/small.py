"""Small data sets and models, and a process that dies while it publishes."""

import os
import signal
import sys
from pathlib import Path

import numpy as np

from bot.dataset import Split
from tests.vision.tiny_models import always
from training.history import Entry, Event, Models
from training.measure import Figures
from training.pictures import Pictures
from training.publish import ModelFiles, publish, sha256


def pictures(train: int = 640, test: int = 200, held_out: int = 100) -> Pictures:
    """Ten easy classes: a bright bar whose place tells the class, under noise."""
    rng = np.random.default_rng(7)

    def split(count: int) -> Split:
        labels = np.arange(count, dtype=np.uint8) % 10
        images = rng.integers(0, 60, (count, 28, 28))
        for number, label in enumerate(labels):
            images[number, 2 * label + 4 : 2 * label + 7] += 120
        return Split(images.astype(np.uint8), labels)

    return Pictures(split(train), split(test), np.arange(held_out))


def card_of(model: bytes, version: str, **more: object) -> dict[str, object]:
    """The least that a card says."""
    return {"version": version, "sha256": sha256(model), "preset": "standard", **more}


def files_of(label: int, version: str, **more: object) -> ModelFiles:
    """A model that answers one class to everything."""
    model = always(label)
    return ModelFiles(model, b"keras of " + version.encode(), card_of(model, version, **more))


def entry_of(files: ModelFiles, **figures: float) -> Entry:
    """What the history shall say about it."""
    return Entry(Event.PUBLISHED, files.version, run="a-run", figures=Figures(**figures))


def publish_and_die(models_dir: Path, label: int, version: str, step: str) -> None:
    """Publishes, and is killed right after a step."""

    def die_after(done: str) -> None:
        if done == step:
            os.kill(os.getpid(), signal.SIGKILL)

    files = files_of(label, version)
    publish(Models(models_dir), files, entry_of(files), after_step=die_after)


if __name__ == "__main__":
    publish_and_die(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
