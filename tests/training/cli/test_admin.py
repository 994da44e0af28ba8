"""Runs side by side, and people's corrections, for admins at a command line."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.replies.cards.canvas import GARMENTS
from bot.storage.photos import encode_for_keeping
from bot.storage.storage import Storage, open_storage
from bot.storage.types import CorrectionId, NewCorrection, Status
from bot.vision.outline import packed
from bot.vision.photo import Photo
from bot.vision.prediction import Prediction, Verdict
from tests.postgres import PostgresServer
from tests.registry.sets import publish, set_of
from tests.replies.colours import has_colour
from training.cli.admin import text_table
from training.cli.main import Dependencies, main
from training.data.corrections import split_by_person
from training.errors import RunError
from training.presets import plan_for
from training.runs.folders import EpochRecord, Run, list_runs


@pytest.fixture
def dependencies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dependencies:
    monkeypatch.setenv("DATABASE_URL", "")
    return Dependencies(root=tmp_path)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    storage = open_storage(None, None, root=tmp_path)
    keep_three(storage)
    yield storage
    storage.close()


def keep_three(storage: Storage) -> None:
    """What three people say of the same answer."""
    for user in range(1, 4):
        storage.corrections.grant_consent(user, "1")
        pixels = np.full((40, 30, 3), 40 * user, np.uint8)
        prediction = Prediction((0.0, 0.1, 0.0, 0.0, 0.9, 0.0, 0.0, 0.0, 0.0, 0.0), Verdict.SURE)
        new = NewCorrection(encode_for_keeping(Photo(pixels)), 1, prediction, "2026-01-01-standard-12345678")
        storage.corrections.record_correction(user, new)


def test_lists_accepts_and_rejects(
    storage: Storage, dependencies: Dependencies, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["corrections"], dependencies) == 0
    told = capsys.readouterr().out
    assert "外套" in told
    assert "褲子" in told
    assert "90%" in told
    assert "3 pending, 0 accepted, 0 rejected" in told

    ids = [each.id for each in storage.corrections.pending()]
    assert main(["corrections", "accept", str(ids[0]), str(ids[1])], dependencies) == 0
    assert main(["corrections", "reject", str(ids[2])], dependencies) == 0
    assert storage.corrections.totals() == {Status.PENDING: 0, Status.ACCEPTED: 2, Status.REJECTED: 1}
    capsys.readouterr()

    assert main(["corrections", "accept", "99"], dependencies) == 2
    assert "No correction 99" in capsys.readouterr().err
    assert main(["corrections", "reject"], dependencies) == 2


def test_draws_what_was_judged_of_those_that_wait(
    storage: Storage, dependencies: Dependencies, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    photo = Photo(np.full((400, 300, 3), 90, np.uint8))
    mask = np.zeros((400, 300), np.float32)
    mask[100:300, 80:220] = 1
    prediction = Prediction((0.0, 0.1, 0.0, 0.0, 0.9, 0.0, 0.0, 0.0, 0.0, 0.0), Verdict.SURE)
    kept = encode_for_keeping(photo)
    number = storage.corrections.record_correction(
        1, NewCorrection(kept, 1, prediction, "old", box=(80, 100, 220, 300), outline=packed(mask))
    )
    folder = tmp_path / "to look at"
    assert main(["corrections", "--pictures", str(folder)], dependencies) == 0
    assert "Delete them when you have decided" in capsys.readouterr().out
    assert folder.stat().st_mode & 0o077 == 0
    assert {each.name for each in folder.iterdir()} == {"1.jpg", "2.jpg", "3.jpg", f"{number}.jpg"}
    with Image.open(folder / f"{number}.jpg") as picture:
        assert picture.size == (600, 800)
        assert has_colour(np.asarray(picture), GARMENTS[0])
    assert (folder / "1.jpg").read_bytes() == storage.corrections.pending()[0].photo, "nothing was found in that one"

    assert main(["corrections", "accept", str(number), "--pictures", str(folder)], dependencies) == 2
    assert "leave it out to accept" in capsys.readouterr().err
    (tmp_path / "file").write_text("no folder")
    assert main(["corrections", "--pictures", str(tmp_path / "file")], dependencies) == 2
    assert str(tmp_path / "file") in capsys.readouterr().err


def test_after_a_swap_what_the_live_set_knows_sinks(
    storage: Storage, dependencies: Dependencies, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def listed() -> tuple[list[list[str]], str]:
        assert main(["corrections", "--models-dir", str(tmp_path / "models")], dependencies) == 0
        told = capsys.readouterr().out
        return [line.split() for line in told.splitlines()[2:5]], told

    publish(tmp_path / "models", set_of(1, "2026-01-01-standard-12345678"))
    rows, told = listed()
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert {row[-2] for row in rows} == {"10%"}
    assert "stand where" not in told

    publish(tmp_path / "models", set_of(2, "new"))
    rows, told = listed()
    assert {row[-2] for row in rows} == {"-"}
    assert "3 of those that wait stand where the set that answered put them: the live one (new)" in told

    one, two, _ = storage.corrections.unasked("new")
    storage.corrections.note_asked("new", [(one, 0.95), (two, 0.02)])
    rows, told = listed()
    assert [(row[0], row[-2]) for row in rows] == [("2", "2%"), ("3", "-"), ("1", "95%")]
    assert {row[-3] for row in rows} == {"10%"}, "what the set that answered had left is still told"
    assert "1 of those that wait stand where the set that answered put them" in told


def test_with_a_shared_database_the_set_of_the_replicas_is_live(
    dependencies: Dependencies,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    postgres_server: PostgresServer,
) -> None:
    url = postgres_server.new_database()
    monkeypatch.setenv("DATABASE_URL", url)
    shared = open_storage(url, "a key", root=tmp_path)
    shared.models.put_model(set_of(2, "new"))
    keep_three(shared)
    one, *_ = shared.corrections.unasked("new")
    shared.corrections.note_asked("new", [(one, 0.95)])
    shared.close()
    publish(tmp_path / "models", set_of(1, "of this machine"))
    assert main(["corrections", "--models-dir", str(tmp_path / "models")], dependencies) == 0
    told = capsys.readouterr().out
    assert "95%" in told
    assert "2 of those that wait stand where the set that answered put them: the live one (new)" in told


def test_before_the_bot_ever_ran(
    dependencies: Dependencies, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["corrections"], dependencies) == 0
    assert "No corrections yet" in capsys.readouterr().out
    assert main(["corrections", "accept", "1"], dependencies) == 2
    assert "No correction 1" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_person_is_on_one_side_only(storage: Storage) -> None:
    for each in storage.corrections.pending():
        storage.corrections.decide(CorrectionId(each.id), Status.ACCEPTED)
    parted = split_by_person(storage.corrections.accepted_photos())
    assert len(parted) == 3
    assert not {each.user_group for each in parted.learnt} & {each.user_group for each in parted.measured}


def test_about_a_fifth_of_the_people_is_measured_on() -> None:
    from bot.storage.types import AcceptedPhoto

    photos = [AcceptedPhoto(CorrectionId(n), b"", 1, f"person {n // 2}", None) for n in range(2000)]
    parted = split_by_person(photos)
    assert 0.15 < len(parted.measured) / 2000 < 0.25
    assert not {each.user_group for each in parted.learnt} & {each.user_group for each in parted.measured}
    later = split_by_person(photos[::3])
    assert set(later.measured) <= set(parted.measured)


def test_runs_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs_dir = tmp_path / "runs"
    done = Run.create(runs_dir, plan_for("lesson", neurons=64, seed=7), events=False)
    done.log_epoch(EpochRecord(1, 0.5, 0.81, 0.6, 0.79))
    done.finish({"state": "published", "figures": {"test_accuracy": 0.789, "balanced_accuracy": None}})
    stopped = Run.create(runs_dir, plan_for("lesson"), events=False)
    stopped.log_epoch(EpochRecord(2, 0.4, 0.85))
    stopped.close()
    running = Run.create(runs_dir, plan_for("lesson", seed=2), events=False, locked=True)
    broken = Run.create(runs_dir, plan_for("best"), events=False)
    (broken.folder / "settings.json").write_text("{")
    (runs_dir / "cache").mkdir()

    assert [run.state for run in list_runs(runs_dir)] == ["done", "resumable", "running", "damaged"]
    with pytest.raises(RunError, match="running in process"):
        Run.open(running.folder).lock()
    assert main(["runs", "--runs-dir", str(runs_dir), "--models-dir", str(tmp_path / "models")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == [
        done.name, "published", "1/5", "0.5000", "0.8100", "0.7900", "0.7890", "-", "7", "neurons", "64",
    ]  # fmt: skip
    assert "resumable" in lines[3]
    assert "running" in lines[4]
    running.close()
    assert list_runs(runs_dir)[2].state == "resumable"
    assert "damaged" in lines[5]


def test_no_runs_yet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "--runs-dir", str(tmp_path), "--models-dir", str(tmp_path / "models")]) == 0
    assert "python -m training --preset lesson" in capsys.readouterr().out


def test_columns_are_as_wide_as_they_look() -> None:
    assert text_table([("a", "b"), ("外套", "x y")]).splitlines() == ["a     b", "----  -", "外套  x y"]
