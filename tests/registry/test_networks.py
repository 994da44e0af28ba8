"""Networks of a models folder: its own, else the shipped ones, and an error that says what is missing."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.registry import networks
from bot.registry.layout import COLOR_CLASSIFIER_FILE, SEGMENTER_FILE, SHIPPED_MODELS
from bot.registry.networks import network_file, open_networks
from bot.vision.color_classifier import SIDE as VIEW_SIDE
from bot.vision.garment import SIDE
from bot.vision.interpreter import ModelError, NoModelError
from bot.vision.trial import check_probabilities
from tests.vision.tiny_models import tiny_model

FILES = (SEGMENTER_FILE, COLOR_CLASSIFIER_FILE)
BLANK = np.full((SIDE, SIDE, 3), 255, np.uint8)
BLANK_VIEW = np.full((VIEW_SIDE, VIEW_SIDE, 3), 255, np.uint8)


@pytest.fixture
def nothing_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without networks."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    monkeypatch.setattr(networks, "SHIPPED_MODELS", folder)
    return folder


@pytest.fixture
def models(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


def copied(folder: Path, *files: str) -> None:
    for file in files:
        shutil.copyfile(SHIPPED_MODELS / file, folder / file)


def test_the_shipped_networks_answer() -> None:
    networks = open_networks()

    groups, shares = networks.segment(BLANK), networks.classify(BLANK_VIEW)

    assert groups.shape == (SIDE, SIDE, 9)
    assert groups.sum(-1) == pytest.approx(np.ones((SIDE, SIDE)), abs=1e-2)
    assert shares.shape == (12,)


def test_a_folder_without_networks_falls_back_to_the_shipped_ones(models: Path) -> None:
    np.testing.assert_array_equal(open_networks(models).segment(BLANK), open_networks().segment(BLANK))
    assert open_networks(models).classify(BLANK_VIEW).shape == (12,)


def test_a_folder_s_own_networks_come_first(models: Path, nothing_shipped: Path) -> None:
    copied(models, *FILES)

    assert open_networks(models).segment(BLANK).shape == (SIDE, SIDE, 9)


@pytest.mark.parametrize("broken", [b"", b"not a network", tiny_model()], ids=["empty", "text", "another network"])
@pytest.mark.parametrize("file", FILES)
def test_a_broken_network_is_named_and_no_other_is_put_in_its_place(models: Path, file: str, broken: bytes) -> None:
    (models / file).write_bytes(broken)

    with pytest.raises(ModelError, match=file) as caught:
        open_networks(models)

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("missing", FILES)
def test_what_is_missing_everywhere_is_named(models: Path, nothing_shipped: Path, missing: str) -> None:
    copied(models, *(file for file in FILES if file != missing))

    with pytest.raises(NoModelError, match=f"no {missing}: it comes with the project"):
        open_networks(models)


def test_a_network_whose_answers_are_no_probabilities_is_refused() -> None:
    for answers in (np.full(12, 0.5), np.full(12, -1 / 12), np.full(12, np.nan)):
        with pytest.raises(ModelError, match="answers"):
            check_probabilities(answers.astype(np.float32))
    check_probabilities(np.full(12, 1 / 12, np.float32))


def test_where_a_network_is(models: Path) -> None:
    assert network_file(models, SEGMENTER_FILE) == SHIPPED_MODELS / SEGMENTER_FILE
    copied(models, SEGMENTER_FILE)
    assert network_file(models, SEGMENTER_FILE) == models / SEGMENTER_FILE
    assert network_file(models, "nowhere.tflite") == models / "nowhere.tflite"
