"""The network in colour learns what people say, remembers what it knew, and comes out as a file that serves."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from bot.registry.layout import COLOR_CLASSIFIER_FILE, SHIPPED_MODELS
from bot.vision.color_classifier import TfliteColorClassifier, view_of
from bot.vision.garment import whole_photo
from bot.vision.labels import BAG, COAT
from bot.vision.photo import Photo
from tests.conftest import needs
from training.data.color_examples import of_garment
from training.data.replay import replay_of
from training.data.views import Example
from training.engine.color_refresh import ColorRecipe, features_of_replay, refreshed

RECIPE = ColorRecipe(replayed=6, corrected=4, variants=2, fewest=40, most=40)


def photo(seed: int) -> Photo:
    noise = np.random.default_rng(seed).integers(0, 255, (5, 4, 3))
    return Photo(np.kron(noise, np.ones((20, 20, 1))).astype(np.uint8))


def example(seed: int, label: int) -> Example:
    return of_garment(photo(seed), whole_photo(photo(seed)), frozenset({label}), "")


@pytest.fixture
def published() -> bytes:
    path = SHIPPED_MODELS / COLOR_CLASSIFIER_FILE
    needs(path.is_file(), "put models/color_classifier.tflite back")
    return path.read_bytes()


def shares(model: bytes, seed: int) -> np.ndarray:
    seen = photo(seed)
    return TfliteColorClassifier(model, interpreters=1).classify(view_of(seen, whole_photo(seen)))


def test_learns_what_is_said_and_remembers_the_rest(published: bytes) -> None:
    remembered, corrected = range(1, 5), (10, 11)
    known = [shares(published, seed) for seed in remembered]
    replay = replay_of([example(seed, COAT) for seed in remembered], np.random.default_rng(0))
    steps: list[tuple[int, int]] = []

    new = refreshed(
        published, replay, (example(seed, BAG) for seed in corrected), RECIPE, lambda *done: steps.append(done)
    )

    assert steps[-1] == (40, 40)
    for seed in corrected:
        assert shares(new, seed)[BAG] > 10 * shares(published, seed)[BAG]
    for seed, before in zip(remembered, known, strict=True):
        assert shares(new, seed).argmax() == before.argmax(), "its own answer is wanted, not the label of the replay"


def test_what_the_frozen_layers_see_is_computed_once(tmp_path: Path) -> None:
    looked: list[int] = []

    def through(views: np.ndarray) -> np.ndarray:
        looked.append(len(views))
        return views.mean((1, 2))

    def features(*seeds: int, weight: float = 1.0) -> np.ndarray:
        looked.clear()
        front = SimpleNamespace(get_weights=lambda: [np.full(3, weight, np.float32)])
        replay = replay_of([example(seed, COAT) for seed in seeds], np.random.default_rng(0))
        return features_of_replay(front, through, replay, tmp_path)

    first = features(*range(1, 12))
    assert first.shape == (22, 3)
    assert sum(looked) == 22
    assert max(looked) < 22, "a few at a time"
    np.testing.assert_array_equal(features(*range(1, 12)), first)
    assert not looked
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:100])
    np.testing.assert_array_equal(features(*range(1, 12)), first)
    assert looked, "a damaged file is made anew"
    features(*range(1, 12), weight=2.0)
    assert looked, "other layers see something else"
    features(7)
    assert looked, "of other photos"
    assert len(list(tmp_path.iterdir())) == 1, "what is of no use is not kept"


def test_can_be_stopped(published: bytes) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    replay = replay_of([example(1, COAT)], np.random.default_rng(0))
    with pytest.raises(KeyboardInterrupt):
        refreshed(published, replay, [example(10, BAG)], RECIPE, stop)


@pytest.mark.parametrize(("corrections", "steps"), [(1, 41), (5, 45), (300, 340), (5000, 400)])
def test_more_corrections_take_more_steps(corrections: int, steps: int) -> None:
    assert ColorRecipe().steps(corrections) == steps
