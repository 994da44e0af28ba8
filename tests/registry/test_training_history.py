"""Which trainings ended, as training writes it down."""

from pathlib import Path

import pytest

from bot.registry.history import Entry, Event, Figures, WorseFigure
from bot.registry.training_history import TrainingHistory
from bot.vision.labels import CLASS_NAMES
from training.runs.history import Models


def ended(event: Event, version: str) -> Entry:
    return Entry(
        event,
        version,
        reasons=("it was asked for", "photos, balanced: 3 points worse than b"),
        worse=(WorseFigure("balanced_accuracy", 0.8, 0.83, "b", 0.01, "photos, balanced: 3 points worse than b"),),
        figures=Figures(test_accuracy=0.95, balanced_accuracy=0.8),
        before=Figures(test_accuracy=0.94),
        recall={CLASS_NAMES[4]: (0.5, 0.75), CLASS_NAMES[8]: (None, None)},
        corrections=3,
        seconds=61,
    )


def test_what_ended_since_is_read_once(tmp_path: Path) -> None:
    models = Models(tmp_path)
    models.record(ended(Event.PUBLISHED, "before"))
    history = TrainingHistory(tmp_path)
    assert history.news() == []
    models.record(ended(Event.PUBLISHED, "a"))
    models.record(ended(Event.ROLLED_BACK, "before"))
    models.record(ended(Event.NOT_PUBLISHED, "b"))
    a, b = history.news()
    assert [(a.version, a.published), (b.version, b.published)] == [("a", True), ("b", False)]
    assert a.figures == {"test_accuracy": (0.94, 0.95), "balanced_accuracy": (None, 0.8)}
    assert a.recall == {4: (0.5, 0.75), 8: (None, None)}
    assert (a.corrections, a.seconds, b.reasons) == (3, 61, ("it was asked for",))
    (worse,) = b.worse
    assert (worse.figure, worse.best_version, worse.allowance) == ("balanced_accuracy", "b", 0.01)
    assert worse.loss == pytest.approx(0.03)
    assert history.news() == []


def test_the_first_training_of_all_is_seen(tmp_path: Path) -> None:
    history = TrainingHistory(tmp_path)
    assert history.news() == []
    Models(tmp_path).record(ended(Event.PUBLISHED, "a"))
    assert [each.version for each in history.news()] == ["a"]


def test_half_a_line_comes_the_next_time_and_torn_ones_never(tmp_path: Path) -> None:
    history, models = TrainingHistory(tmp_path), Models(tmp_path)
    line = ended(Event.PUBLISHED, "a").to_line()
    models.live_folder.mkdir()
    models.history_path.write_text('[]\n{"event": "published"}\n7\n' + line[:40], encoding="utf-8")
    assert history.news() == []
    with models.history_path.open("a", encoding="utf-8") as file:
        file.write(line[40:] + "\n")
    assert [each.version for each in history.news()] == ["a"]
    models.history_path.write_text("", encoding="utf-8")
    assert history.news() == []
    models.record(ended(Event.PUBLISHED, "b"))
    assert [each.version for each in history.news()] == ["b"]
