"""Scoring models on photos, and what a broken photo is called."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.datasets import ListedPhoto
from bot.registry.layout import COLOR_CLASSIFIER_FILE, SEGMENTER_FILE, SHIPPED_MODELS
from bot.registry.networks import open_networks
from bot.vision.classifier import Classifier
from tests.conftest import needs
from tests.vision.tiny_models import always
from training.data.looks import look_at
from training.errors import TrainingError
from training.evaluation.photo_examination import PhotoExamination, photo_examination


def listed(name: str, accepted: int) -> ListedPhoto:
    return ListedPhoto(name, "", "somebody", "dress", "validation", frozenset({accepted}))


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    needs((SHIPPED_MODELS / SEGMENTER_FILE).is_file(), "put models/segmenter.tflite back")
    pixels = np.full((60, 50, 3), 240, np.uint8)
    pixels[10:50, 15:35] = 60
    for name in ("a", "b"):
        path = listed(name, 3).path(tmp_path)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path)
    return tmp_path


def test_scores_any_number_of_models_on_photos_converted_once(data_dir: Path) -> None:
    examination = PhotoExamination([listed("a", 3), listed("b", 3)], data_dir, SHIPPED_MODELS)
    alone = {"model_weight": 1.0, "color_weight": 0.0, "outside_bias": -30.0, "sure": 0.5, "likely": 0.5}
    scores = examination(Classifier(always(3), interpreters=1), alone)
    assert scores.balanced_accuracy == 1.0
    assert scores.ece == pytest.approx(0.1, abs=1e-3)  # the model says .9
    assert scores.verdicts.sure == 1.0

    doubtful = examination(Classifier(always(3), interpreters=1), alone | {"sure": 0.95})
    assert doubtful.balanced_accuracy == 1.0
    assert doubtful.verdicts.sure == 0.0
    outside = examination(Classifier(always(3), interpreters=1), alone | {"outside_bias": 30.0})
    assert outside.balanced_accuracy == 1.0  # the class figures stay
    assert outside.verdicts.no_garment == 1.0
    calmed = examination(Classifier(always(3), interpreters=1), alone | {"model_weight": 0.5})
    assert calmed.ece > scores.ece  # the model counts for less than it says
    for name in ("a", "b"):
        listed(name, 3).path(data_dir).unlink()
    assert examination(Classifier(always(0), interpreters=1), alone).balanced_accuracy == 0.0


def test_what_was_found_is_kept_for_the_next_run(data_dir: Path, tmp_path: Path) -> None:
    """The garments of unchanged photos are found once, whatever model is asked about them."""
    photos = [listed("a", 3), listed("b", 3)]
    told: list[tuple[int, int]] = []
    cache = tmp_path / "cache"

    def examination() -> PhotoExamination:
        return PhotoExamination(photos, data_dir, SHIPPED_MODELS, cache, lambda *done: told.append(done))

    scores = examination()(Classifier(always(3), interpreters=1), {})
    assert told == [(1, 2), (2, 2)]
    again = examination()(Classifier(always(3), interpreters=1), {})
    assert told == [(1, 2), (2, 2)]
    assert again == scores
    os.utime(photos[0].path(data_dir), (1, 1))
    examination()(Classifier(always(3), interpreters=1), {})
    assert len(told) == 4, "a changed photo is looked at again"


def test_a_broken_photo_is_one_clear_line(data_dir: Path) -> None:
    path = listed("b", 3).path(data_dir)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(TrainingError, match=r"b\.jpg cannot be used .*delete it") as caught:
        PhotoExamination([listed("a", 3), listed("b", 3)], data_dir, SHIPPED_MODELS)(
            Classifier(always(3), interpreters=1), {}
        )
    assert "\n" not in str(caught.value)


def test_no_photos_no_examination(tmp_path: Path) -> None:
    assert photo_examination(tmp_path, SHIPPED_MODELS) is None


def test_photos_are_examined_through_the_networks_of_the_folder_that_is_trained(data_dir: Path, tmp_path: Path) -> None:
    """Another segmenter in MODELS_DIR finds other garments: its figures are of what people there get."""
    from training.networks.segmenter import segmenter, to_tflite

    folder = tmp_path / "models"
    folder.mkdir()
    (folder / SEGMENTER_FILE).write_bytes(to_tflite(segmenter()))  # has learnt nothing
    paths = [listed(name, 3).path(data_dir) for name in ("a", "b")]
    shipped, own = (look_at(paths, open_networks(each)) for each in (SHIPPED_MODELS, folder))
    assert own.areas.tolist() != shipped.areas.tolist()
    without = tmp_path / "without"
    without.mkdir()
    np.testing.assert_array_equal(look_at(paths, open_networks(without)).pixels, shipped.pixels)


def test_a_candidate_in_colour_is_asked_in_the_published_ones_place(data_dir: Path, tmp_path: Path) -> None:
    """And what it says is not kept: the next run would take it for the published one's."""
    from training.networks.color_classifier import from_tflite, to_tflite

    network = from_tflite((SHIPPED_MODELS / COLOR_CLASSIFIER_FILE).read_bytes())
    kernel, _ = network.get_layer("logits").get_weights()
    network.get_layer("logits").set_weights([0 * kernel, np.where(np.arange(12) == 6, 9, 0).astype(np.float32)])
    photos, cache = [listed("a", 6), listed("b", 6)], tmp_path / "cache"
    heard = {"model_weight": 0.0, "color_weight": 1.0}
    model = Classifier(always(3), interpreters=1)

    candidate = PhotoExamination(photos, data_dir, SHIPPED_MODELS, cache, color=to_tflite(network))
    assert candidate(model, heard).confusion["dress"][6] == 2
    published = PhotoExamination(photos, data_dir, SHIPPED_MODELS, cache)
    assert published(model, heard).confusion["dress"][6] < 2
