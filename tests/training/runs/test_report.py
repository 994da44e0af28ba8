"""Pictures and pages of a run."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.registry.history import Figures
from training.evaluation.gate import decide
from training.evaluation.measure import Measurement
from training.evaluation.metrics import Interval, PhotoScores, test_scores
from training.presets import plan_for
from training.runs import report
from training.runs.folders import EpochRecord, Run, Start
from training.runs.languages import Language
from training.runs.report import (
    draw_calibration,
    draw_curves,
    overfitting_sentence,
    recall_table,
    write_page,
    write_pictures,
)

OVERFITTED = [
    EpochRecord(1, 0.5, 0.82, 0.40, 0.85),
    EpochRecord(2, 0.3, 0.90, 0.33, 0.88),
    EpochRecord(3, 0.1, 0.97, 0.50, 0.88),
]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    run = Run.create(tmp_path, plan_for("lesson"), events=False)
    for record in OVERFITTED:
        run.log_epoch(record)
    return run


@pytest.fixture
def measurement() -> Measurement:
    photos = PhotoScores(
        images=3, senders=2, balanced_accuracy=0.5, interval=Interval(0.2, 0.8), recall={"dress": 0.5},
        fine_accuracy=0.4, fine_interval=Interval(0.1, 0.7), fine_recall={"dress": 0.5},
        confusion={"dress": (1, 0, 0, 2, 0, 0, 0, 0, 0, 0), "coat": (0,) * 10}, ece=0.1,
    )  # fmt: skip
    return Measurement(test_scores(np.eye(10), np.arange(10)), 0.97, None, photos)


def test_overfitting_is_named_with_its_turning_point() -> None:
    sentence = overfitting_sentence(OVERFITTED)
    assert "過擬合（overfitting）" in sentence
    assert "97.0%" in sentence
    assert "88.0%" in sentence
    assert "相差 9.0 個百分點" in sentence
    assert "第 2 個週期最低（0.330）" in sentence


def test_learning_is_not_called_overfitting() -> None:
    assert overfitting_sentence(OVERFITTED[:2]) is None
    assert overfitting_sentence([]) is None
    assert overfitting_sentence([EpochRecord(1, 0.1, 0.99)]) is None


def test_overfitting_in_english() -> None:
    sentence = overfitting_sentence(OVERFITTED, Language.EN)
    assert sentence == (
        "Overfitting: in epoch 3 the training accuracy was 97.0% and the test accuracy only 88.0%, 9.0 points less."
        " The test loss was lowest in epoch 2 (0.330) and rose to 0.500."
    )


def test_a_curve_shows_where_a_refresh_started(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first epoch, on the pictures that are not trained on."""
    assert run.start() is None
    run.record_start(Start(0.45, 0.84))
    assert run.start() == Start(0.45, 0.84)
    drawn = []
    monkeypatch.setattr(report, "_save", lambda figure, path: drawn.append(figure))
    for start in (None, run.start()):
        draw_curves(OVERFITTED, tmp_path / "curves.png", "a refresh", "held out", start=start)
    points = [
        {(float(x), float(y)) for axes in figure.axes for line in axes.lines for x, y in [line.get_xydata()[0]]}
        for figure in drawn
    ]
    assert {(0.0, 0.84), (0.0, 0.45)} <= points[1]
    assert not {(0.0, 0.84), (0.0, 0.45)} & points[0]


def test_recall_on_photos_old_and_new() -> None:
    old = {"毛衣": 0.75, "外套": 0.5, "包包": None}
    assert recall_table(old, {"毛衣": 0.8, "外套": 0.5, "包包": None, "涼鞋": 1.0}) == [
        ("class", "live", "new", "points"),
        ("Pullover", "0.7500", "0.8000", "+5.0"),
        ("Coat", "0.5000", "0.5000", "+0.0"),
        ("Bag", "-", "-", "-"),
    ]
    assert recall_table({}, {"毛衣": 0.8}) == []


def test_pictures_and_page(run: Run, measurement: Measurement) -> None:
    names = write_pictures(run, measurement)
    assert names == ["curves.png", "confusion.png", "confusion-photos.png"]
    for name in names:
        with Image.open(run.folder / name) as picture:
            picture.load()
            assert min(picture.size) > 150
    best = {"held_out_accuracy": (0.95, "older")}
    decision = decide("standard", Figures(held_out_accuracy=0.90), Figures(held_out_accuracy=0.94), best)
    recall = [("class", "live", "new", "points"), ("Pullover", "0.7500", "0.8000", "+5.0")]
    written = write_page(run, measurement, decision, "It is not published.", ["過擬合"], recall)
    page = written.read_text(encoding="utf-8")
    for expected in (
        "It is not published.",
        "- held-out images: 5.00 points worse than older, more than the allowed 0.3",
        "| held-out images | 0.9400 | 0.9500 | 0.9000 | 0.3 points |",
        "![curves](curves.png)",
        "photos of 2 people it never saw (3)",
        "過擬合",
        "- seed: 1",
        "| Pullover | 0.7500 | 0.8000 | +5.0 |",
    ):
        assert expected in page


def test_calibration_plot(tmp_path: Path) -> None:
    draw_calibration(np.array([0.05, 0.95, 1.0]), np.array([False, True, True]), tmp_path / "c.png", "calibration")
    assert (tmp_path / "c.png").stat().st_size > 5000
