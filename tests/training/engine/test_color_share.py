"""How much of what the network in colour has learnt is taken: the most that loses nothing."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from bot.registry.layout import COLOR_CLASSIFIER_FILE, SHIPPED_MODELS
from tests.conftest import needs
from training.engine import color_share
from training.engine.color_share import SHARES, choose_share, mean_of
from training.evaluation.calibration_fold import Calibrated
from training.evaluation.measure import Figures
from training.networks.color_classifier import REFRESHED_FROM, from_tflite, to_tflite
from training.networks.lifted import lifted_weights

ALLOWED, TOO_MUCH = 0.009, 0.011


@pytest.fixture(autouse=True)
def _names_for_files(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "real" not in request.node.name:
        monkeypatch.setattr(color_share, "mean_of", lambda old, new, share: b"%s+%.2f %s" % (old, share, new))
        monkeypatch.setattr(color_share, "served_color", lambda file: file)


class Fold:
    """Photos on which networks, by the names of their files, lose so much of the balanced accuracy."""

    def __init__(self, **losses: float) -> None:
        self._losses = {"old": 0.0} | losses
        self.asked: list[str] = []

    def calibrated(self, color: bytes) -> Calibrated:
        name = color.decode()
        self.asked.append(name)
        loss = self._losses[{"new": "all", "old+0.50 new": "half", "old+0.25 new": "quarter"}.get(name, name)]
        return Calibrated({"sure": loss}, Figures(balanced_accuracy=0.8 - loss))


def test_all_is_taken_where_it_loses_nothing() -> None:
    fold = Fold(all=ALLOWED)
    chosen = choose_share(b"old", b"new", fold.calibrated)
    assert (chosen.file, chosen.share, chosen.thresholds) == (b"new", 1.0, {"sure": ALLOWED})
    assert fold.asked == ["old", "new"], "nothing else has to be looked at"
    assert chosen.note == "Network in colour: 100% of the new weights, chosen on photos kept for calibration."


def test_the_largest_share_is_taken_that_loses_nothing() -> None:
    chosen = choose_share(b"old", b"new", Fold(all=TOO_MUCH, half=ALLOWED, quarter=0).calibrated)
    assert (chosen.file, chosen.share, chosen.thresholds) == (b"old+0.50 new", 0.5, {"sure": ALLOWED})
    assert chosen.note == (
        "Network in colour: 50% of the new weights, chosen on photos kept for calibration. With 100% there: "
        "photos, balanced: 1.10 points worse than with none of them, more than the allowed 1.0."
    )


def test_where_every_share_loses_the_gate_is_asked_about_the_least() -> None:
    chosen = choose_share(b"old", b"new", Fold(all=0.05, half=0.04, quarter=0.03).calibrated)
    assert (chosen.file, chosen.share) == (b"old+0.25 new", min(SHARES))
    assert chosen.note.count("With ") == len(SHARES), "the one that was taken, too"


def test_a_real_mean_lies_between_and_leaves_alone_what_was_frozen() -> None:
    path = SHIPPED_MODELS / COLOR_CLASSIFIER_FILE
    needs(path.is_file(), "put models/color_classifier.tflite back")
    published = path.read_bytes()
    network, rng = from_tflite(published), np.random.default_rng(1)
    names = [layer.name for layer in network.layers]
    for layer in network.layers[names.index(REFRESHED_FROM) :]:
        layer.set_weights([each + rng.normal(0, 0.02, each.shape) for each in layer.get_weights()])
    taught = to_tflite(network)

    old, new, mean = (lifted_weights(file) for file in (published, taught, mean_of(published, taught, 0.25)))

    changed = 0
    for before, after, between in zip(old, new, mean, strict=True):
        if np.array_equal(before.kernel, after.kernel):
            np.testing.assert_array_equal(between.kernel, before.kernel)
        else:
            changed += 1
            step = np.abs(between.kernel).max() / 127
            np.testing.assert_allclose(between.kernel, 0.75 * before.kernel + 0.25 * after.kernel, atol=step)
    assert 0 < changed < len(old)
