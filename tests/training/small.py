"""Small data sets and models, and a process that dies while it publishes."""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.datasets import Split
from bot.registry.history import Entry, Event, Figures
from bot.registry.layout import KERAS_FILE, MODEL_FILE
from bot.registry.model_set import ModelSet, sha256
from tests.registry import sets as tiny
from tests.vision.tiny_models import always
from training.data.fashion_mnist import FashionMnist
from training.runs.history import Models
from training.runs.publish import publish

Train = Callable[..., int]
"""The command line as a test calls it: with its arguments, for its exit status."""

Printed = pytest.CaptureFixture[str]


def pictures(train: int = 640, test: int = 200, held_out: int = 100) -> FashionMnist:
    """Ten easy classes: a bright bar whose place tells the class, under noise."""
    rng = np.random.default_rng(7)

    def split(count: int) -> Split:
        labels = np.arange(count, dtype=np.uint8) % 10
        images = rng.integers(0, 60, (count, 28, 28))
        for number, label in enumerate(labels):
            images[number, 2 * label + 4 : 2 * label + 7] += 120
        return Split(images.astype(np.uint8), labels)

    return FashionMnist(split(train), split(test), np.arange(held_out))


SMALL_DEPENDENCIES: Mapping[str, Any] = {
    "load_fashion_mnist": lambda *_: pictures(),
    "photo_examination": lambda *_: None,
    "worn_examination": lambda *_: None,
}
"""What :class:`training.cli.main.Dependencies` get: few pictures, and no photos."""


def card_of(model: bytes, version: str, **more: object) -> dict[str, object]:
    """The least that a card says."""
    return {"version": version, "sha256": sha256(model), "preset": "standard", **more}


def set_of(model: bytes, keras: bytes, card: Mapping[str, object]) -> ModelSet:
    """A set whose networks for photos are those that are live, or the shipped ones."""
    return ModelSet(card, {MODEL_FILE: model}, {KERAS_FILE: keras})


def files_of(label: int, version: str, **more: object) -> ModelSet:
    """A set whose classifier answers one class to everything."""
    model = always(label)
    return set_of(model, b"keras of " + version.encode(), card_of(model, version, **more))


def entry_of(files: ModelSet, **figures: float) -> Entry:
    """What the history shall say about it."""
    return Entry(Event.PUBLISHED, files.version, run="a-run", figures=Figures(**figures))


def put_live(models: Models, files: ModelSet, **figures: float) -> ModelSet:
    """Publishes a set, with the figures that the history shall say."""
    publish(models, files, entry_of(files, **figures))
    return files


def publish_and_die(models_dir: Path, label: int, version: str, step: str) -> None:
    """Publishes, and is killed right after a step."""

    def die_after(done: str) -> None:
        if done == step:
            os.kill(os.getpid(), signal.SIGKILL)

    files = tiny.set_of(label, version, preset="standard")
    publish(Models(models_dir), files, entry_of(files), after_step=die_after)


if __name__ == "__main__":
    publish_and_die(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
