"""Which models were live, as training has written it down."""

from datetime import UTC, datetime
from pathlib import Path

from bot.registry.history import HISTORY_FILE, Entry, Event, Figures, past_models


def written(folder: Path, *lines: str) -> Path:
    path = folder / HISTORY_FILE
    path.parent.mkdir()
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


def entry(event: Event, version: str, day: int) -> str:
    figures = Figures(test_accuracy=day / 8, balanced_accuracy=0.8)
    return Entry(event, version, time=f"2026-01-0{day}T10:00:00+00:00", figures=figures).to_line()


def test_what_went_live_is_read_the_newest_first(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        entry(Event.PUBLISHED, "a", 1),
        entry(Event.NOT_PUBLISHED, "worse", 2),
        entry(Event.PUBLISHED, "b", 3),
        entry(Event.ROLLED_BACK, "a", 4),
    )

    past = past_models(folder, 5)

    assert [model.version for model in past] == ["a", "b", "a"]
    assert past[0].when == datetime(2026, 1, 4, 10, tzinfo=UTC)
    assert past[0].figures == Figures(test_accuracy=0.5, balanced_accuracy=0.8)
    assert len(past_models(folder, 2)) == 2


def test_torn_and_foreign_lines_are_passed_over(tmp_path: Path) -> None:
    folder = written(tmp_path, entry(Event.PUBLISHED, "a", 1), "[]", "7", '{"event": "published"}', '{"event": "publ')

    assert [model.version for model in past_models(folder, 5)] == ["a"]


def test_where_nothing_was_published_there_is_no_history(tmp_path: Path) -> None:
    assert past_models(tmp_path, 5) == ()
