"""What is told of refreshes: who takes part, what counts as lost, and that a stopped run goes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("tensorflow")

from benchmarks.corrections import __main__ as command
from benchmarks.corrections import refresh
from benchmarks.corrections.in_a_row import Round, best_of, last_live, table_of, within_allowances
from benchmarks.corrections.people import people, people_kept
from benchmarks.corrections.whole import within_limits
from bot.datasets import photo_list
from bot.registry.history import Figures
from training.data import gather
from training.data.splits import calibrates

SHIPPED = Round(0, 0, 0, 0, (), Figures(balanced_accuracy=0.86, photo_ece=0.05), {"sure": 0.8})


def later(number: int, *reasons: str, flat: float, ece: float = 0.05) -> Round:
    return Round(number, 4, 1, 2, reasons, Figures(balanced_accuracy=flat, photo_ece=ece), {"sure": 0.9})


def test_those_who_are_kept_for_calibration_are_no_validation_senders() -> None:
    listed = {photo.image: photo for photo in photo_list()}
    kept = people_kept()
    assert len(kept.corrected) > 10
    for photos in kept.corrected.values():
        assert all(calibrates(photo) and photo.split == "train" for photo in photos)
    assert kept.images.isdisjoint(people().images)
    for taking_part, split in ((kept, "train"), (people(), "validation")):
        assert all(photo.split == split for photo in (*taking_part.others, *taking_part.streets))
        assert {listed[photo.image] for photos in taking_part.corrected.values() for photo in photos}.isdisjoint(
            taking_part.others
        )


def test_what_is_taught_calibrates_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = [photo for photo in photo_list() if photo.split == "train" and calibrates(photo)]
    theirs = people_kept().images
    monkeypatch.setattr(refresh, "flat_photos", named("flat_photos", listed))
    monkeypatch.setattr(refresh, "street_photos", named("street_photos", []))
    with refresh.calibrated_by_others():
        left = gather.flat_photos(Path("data"), kept=True)
        assert gather.street_photos(Path("data"), kept=True) == []
    assert 0 < len(left) < len(listed)
    assert not theirs & {photo.image for photo in left}


def named(name: str, photos: list):
    def listing(data_dir: Path, *, kept: bool = False) -> list:
        assert kept
        return photos

    listing.__name__ = name
    return listing


def test_the_bar_is_set_by_what_went_live() -> None:
    rounds = [SHIPPED, later(1, flat=0.87), later(2, "bags: worse", flat=0.99, ece=0.01)]
    assert best_of(rounds) == {"balanced_accuracy": (0.87, "round 1"), "photo_ece": (0.05, "shipped")}
    assert last_live(rounds).number == 1


def test_small_losses_that_add_up_are_noticed() -> None:
    assert within_allowances([SHIPPED, later(1, flat=0.851)])
    assert not within_allowances([SHIPPED, later(1, flat=0.856), later(2, flat=0.845)])
    assert within_allowances([SHIPPED, later(1, "worse", flat=0.5)]), "it answered nobody"
    assert within_allowances([SHIPPED, later(1, flat=0.851), later(2, flat=0.9)]), "the bar was lower then"
    assert not within_allowances([SHIPPED, later(1, flat=0.86, ece=0.07)])


def test_the_table_ends_with_what_was_lost_and_what_may_be() -> None:
    rows = table_of([SHIPPED, later(1, flat=0.87), later(2, "nothing is gained", flat=0.9), later(3, flat=0.865)])
    titles, lost, allowed = rows[0], rows[-2], rows[-1]
    flat = titles.index("photos, balanced")
    assert "bags" not in titles, "not measured"
    assert (lost[flat], allowed[flat]) == ("0.005", "0.010")
    assert rows[3][-1] == "no: nothing is gained"
    assert lost[-1] == "round 3 is live"
    assert {len(row) for row in rows} == {len(titles)}


def test_a_round_is_kept_as_it_was() -> None:
    done = replace(later(3, "a", "b", flat=0.5), reasons=["a", "b"])
    assert Round.from_line(done.to_line()) == done


def test_minutes_and_memory_are_limited() -> None:
    def rows(minutes: str, memory: str) -> list[list[str]]:
        return [["", "photos", "before", "after"], ["minutes", "", minutes, ""], ["memory, MiB", "", memory, ""]]

    assert within_limits(rows("9.9", "2048"))
    assert not within_limits(rows("10.1", "900"))
    assert not within_limits(rows("5.0", "2049"))


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Parts that were played, in the place of the real ones."""
    done: list[str] = []

    def part(name: str, *, within: bool = True):
        def play(scene, folder):
            done.append(name)
            return [["", name], ["figure", "1"]], within

        return play

    monkeypatch.setattr(command, "PARTS", {"learnt": part("learnt"), "poisoned": part("poisoned", within=False)})
    return done


def test_what_was_found_is_not_looked_for_again(
    played: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    (models / "classifier.tflite").write_bytes(b"one")
    arguments = ["--folder", str(tmp_path / "kept"), "--models-dir", str(models), "--part"]
    assert command.main([*arguments, "learnt"]) == 0
    assert command.main([*arguments, "learnt", "poisoned"]) == 1, "something is not within its limits"
    assert played == ["learnt", "poisoned"]
    assert "| figure | 1 |" in capsys.readouterr().out
    (models / "classifier.tflite").write_bytes(b"another set")
    command.main([*arguments, "learnt"])
    assert played == ["learnt", "poisoned", "learnt"]
