"""Scoring models on photos, and what a broken photo is called."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.dataset import ListedPhoto
from bot.vision.classifier import Classifier
from tests.conftest import needs
from tests.vision.tiny_models import always
from training.errors import TrainingError
from training.photo_examination import SEGMENTER, PhotoExamination, photo_examination


def listed(name: str, accepted: int) -> ListedPhoto:
    return ListedPhoto(name, "", "somebody", "dress", "validation", frozenset({accepted}))


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    needs(SEGMENTER.is_file(), "make the segmenter: python -m training.segment")
    pixels = np.full((60, 50, 3), 240, np.uint8)
    pixels[10:50, 15:35] = 60
    for name in ("a", "b"):
        path = listed(name, 3).path(tmp_path)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path)
    return tmp_path


def test_scores_any_number_of_models_on_photos_converted_once(data_dir: Path) -> None:
    examination = PhotoExamination([listed("a", 3), listed("b", 3)], data_dir)
    lenient = {"quality": 0.0, "nothing": 1.1, "other_clothing": 1.1, "sure": 0.5, "quality_power": 0.0}
    scores = examination(Classifier(always(3), interpreters=1), lenient)
    assert scores.balanced_accuracy == 1.0
    assert scores.ece == pytest.approx(0.1, abs=1e-3)  # the model says .9
    assert scores.verdicts.sure == 1.0

    strict = examination(Classifier(always(3), interpreters=1), lenient | {"quality": 1.1})
    assert strict.balanced_accuracy == 1.0  # the class figures stay
    assert strict.verdicts.no_garment == 1.0
    calmed = examination(Classifier(always(3), interpreters=1), lenient | {"quality_power": 4.0})
    assert calmed.ece > scores.ece  # confidence falls with a garment that was found badly
    for name in ("a", "b"):
        listed(name, 3).path(data_dir).unlink()
    assert examination(Classifier(always(0), interpreters=1), lenient).balanced_accuracy == 0.0


def test_a_broken_photo_is_one_clear_line(data_dir: Path) -> None:
    path = listed("b", 3).path(data_dir)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(TrainingError, match=r"b\.jpg cannot be used .*delete it") as caught:
        PhotoExamination([listed("a", 3), listed("b", 3)], data_dir)(Classifier(always(3), interpreters=1), {})
    assert "\n" not in str(caught.value)


def test_no_photos_no_examination(tmp_path: Path) -> None:
    assert photo_examination(tmp_path) is None
