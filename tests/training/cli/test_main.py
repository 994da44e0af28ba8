"""The command line from end to end, over a small data set."""

import json
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from bot.registry.history import Event
from bot.registry.store import ModelStore
from bot.registry.training_history import TrainingHistory
from tests.training.small import SMALL_DEPENDENCIES, Printed, Train, files_of, pictures, put_live, set_of
from training.cli.main import Dependencies, main
from training.data.fashion_mnist import FashionMnist, load_fashion_mnist
from training.engine.trial_settings import settings_of_trial, write_trials
from training.networks.operators import interface_problems, unsupported
from training.presets import plan_for
from training.runs.checkpoints import load_checkpoint
from training.runs.folders import EpochRecord, Run, list_runs, read_metrics
from training.runs.history import Models
from training.runs.provenance import data_fingerprint, git_commit

ROOT = Path(__file__).resolve().parents[3]
SMALL = Dependencies(**SMALL_DEPENDENCIES)

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of TensorFlow, with many names


@pytest.fixture
def folders(tmp_path: Path) -> tuple[str, ...]:
    return ("--models-dir", str(tmp_path / "models"), "--runs-dir", str(tmp_path / "runs"))


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(tmp_path / "models")


@pytest.fixture
def train(folders: tuple[str, ...]) -> Train:
    return lambda *arguments: main([*arguments, *folders], SMALL)


def in_a_process(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.training.small_training", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def one_line(text: str) -> str:
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    return lines[0]


def test_lesson_from_data_to_a_served_model(train: Train, models: Models, tmp_path: Path, capfd: Printed) -> None:
    assert train("--preset", "lesson", "--epochs", "3") == 0
    told = capfd.readouterr()
    assert re.search(r"epoch 3/3 +loss 0\.\d+ +accuracy [01]\.\d+ .*images/s", told.out)
    assert re.search(r"epoch 1/3 .* \d+ (s|min \d+ s) left", told.out), "nobody sees a bar in a file"
    assert not re.search(r"epoch 3/3 .* left", told.out)
    assert "train_images (640, 28, 28)" in told.out
    assert "classifications[0] = [" in told.out
    assert "softmax([1.0, 3.0, 4.0, 2.0]) = [0.0321, 0.2369, 0.6439, 0.0871]" in told.out
    assert "is live" in told.out
    assert "\n\n\n" not in told.out, "bars leave no empty lines"
    assert told.err == ""  # the libraries' noise is in the run's folder

    live = ModelStore(models.folder, interpreters=1).live()
    assert live.card_matches
    card = live.card.raw
    assert card["preset"] == "lesson"
    assert card["epochs"] == 3
    assert card["bytes"] == len((models.folder / "classifier.tflite").read_bytes())
    tflite = (models.folder / "classifier.tflite").read_bytes()
    assert unsupported(tflite) == interface_problems(tflite) == []
    assert card["held_out"] is None
    assert card["photos"] is None
    data = pictures()
    answers = live.classifier.probabilities(data.test.images.astype(np.float32) / 255)
    assert card["test"]["accuracy"] == float((answers.argmax(1) == data.test.labels).mean()) > 0.9
    assert np.array(card["test"]["confusion"]).sum() == 200

    (folder,) = (tmp_path / "runs").iterdir()
    assert {path.name for path in folder.iterdir()} >= {
        "settings.json", "metrics.csv", "log.txt", "events", "checkpoints", "outcome.json", "report.md",
        "curves.png", "confusion.png", "native.log",
    }  # fmt: skip
    assert [row.epoch for row in read_metrics(folder / "metrics.csv")] == [1, 2, 3]
    assert re.search(r"epoch 2/3 .* \d+ (s|min \d+ s) left", (folder / "log.txt").read_text(encoding="utf-8"))
    settings = json.loads((folder / "settings.json").read_text())
    assert settings["plan"]["seed"] == 1
    assert settings["data"] == data_fingerprint(data)
    assert settings["commit"][:40] == (git_commit() or "")[:40]
    assert any((folder / "events").iterdir())


def test_lesson_replaces_a_model_only_by_force(train: Train, models: Models, capsys: Printed) -> None:
    history = TrainingHistory(models.folder)
    put_live(models, files_of(4, "old", thresholds={"color_weight": 1.5, "model_weight": 0.5, "sure": 0.8}))
    assert [each.version for each in history.news()] == ["old"]
    assert train("--preset", "lesson", "--epochs", "1") == 0
    told = capsys.readouterr().out
    assert "is for teaching" in told
    assert "the network in colour, which counts 1.5 to 0.5 in old, would no longer be asked" in told
    assert "--force" not in told.split("epoch 1/1")[0]
    assert models.live().version == "old"
    assert models.history()[-1].event is Event.NOT_PUBLISHED
    (ended,) = history.news()
    assert not ended.published
    assert ended.figures["test_accuracy"] == (0.1, models.history()[-1].figures.test_accuracy)

    assert train("--preset", "lesson", "--epochs", "1", "--force", "--no-publish") == 0
    assert models.live().version == "old"

    assert train("--preset", "lesson", "--epochs", "1", "--force") == 0
    before, after = capsys.readouterr().out.split("epoch 1/1", 2)[-2:]
    assert "--force: photos: the network in colour" in before, "while one can still stop"
    assert "python -m training rollback old" in before
    assert "by force" in after
    assert models.live().version != "old"
    entry = models.history()[-1]
    assert entry.before.test_accuracy == 0.1, "the model before answers one class to everything"
    assert entry.figures.test_accuracy > 0.9
    assert (entry.refreshed, entry.corrections) == (False, 0)
    assert entry.seconds is not None
    assert models.history()[-1].forced
    assert models.history()[-1].reasons

    assert main(["rollback", "--models-dir", str(models.folder)], SMALL) == 0
    assert models.live().version == "old"
    assert main(["runs", "--models-dir", str(models.folder)], SMALL) == 0
    assert "rolled back" in capsys.readouterr().out


def test_target_accuracy_stops_and_says_so(train: Train, tmp_path: Path, capsys: Printed) -> None:
    assert train("--preset", "lesson", "--target-accuracy", "0.9", "--no-publish") == 0
    (summary,) = list_runs(tmp_path / "runs")
    assert summary.plan.epochs == 50
    rows = read_metrics(tmp_path / "runs" / summary.name / "metrics.csv")
    assert rows[-1].accuracy > 0.9 >= max(row.accuracy for row in rows[:-1])
    assert f"第 {len(rows)} 個週期（epoch）結束時，訓練準確率達到" in capsys.readouterr().out


def test_target_accuracy_that_is_never_reached(train: Train, capsys: Printed) -> None:
    assert train("--preset", "lesson", "--target-accuracy", "1", "--epochs", "2", "--no-publish") == 0
    assert "始終沒有超過目標 100%" in capsys.readouterr().out


def test_neurons_and_no_normalise(train: Train, tmp_path: Path, models: Models, capsys: Printed) -> None:
    """The published input stays 0..1 also where the network was trained on 0..255."""
    assert train("--preset", "lesson", "--neurons", "8", "--no-normalise", "--epochs", "2") == 0
    assert "沒有正規化" in capsys.readouterr().out
    (summary,) = list_runs(tmp_path / "runs")
    report = (tmp_path / "runs" / summary.name / "report.md").read_text(encoding="utf-8")
    assert "Without normalising (pixels 0 to 255)" in report
    assert re.findall(r"[\u3400-\u9fff]", report) == [], "the report is in one language"
    weights = load_checkpoint(tmp_path / "runs" / summary.name / "checkpoints" / "last.npz").arrays["weight/0"]
    assert weights.shape == (784, 8)
    card = models.live().card
    assert abs(card["test"]["accuracy"] - summary.last.val_accuracy) <= 0.02


def test_early_stopping_keeps_the_best_epoch(train: Train, tmp_path: Path, models: Models, capsys: Printed) -> None:
    """It is chosen on held-out pictures: the test set chooses nothing."""
    assert train("--preset", "lesson", "--patience", "2", "--epochs", "50", "--learning-rate", "0.3") == 0
    (summary,) = list_runs(tmp_path / "runs")
    rows = read_metrics(tmp_path / "runs" / summary.name / "metrics.csv")
    best = min(rows, key=lambda row: row.val_loss)
    assert len(rows) == best.epoch + 2 < 50
    card = models.live().card
    assert card["epochs"] == best.epoch
    assert card["held_out"]["accuracy"] == pytest.approx(best.val_accuracy, abs=0.011)
    assert rows[0].learning_rate == 0.3
    kept = load_checkpoint(tmp_path / "runs" / summary.name / "checkpoints" / "best.npz")
    assert kept.epoch == best.epoch


def test_what_a_search_found_is_trained_with(train: Train, tmp_path: Path, capsys: Printed) -> None:
    runs_dir = tmp_path / "runs"
    assert train("--from-trial") == 2
    assert "--runs-dir" in one_line(capsys.readouterr().err)
    search = Run.create(runs_dir, plan_for("lesson", trials=2), events=False)
    assert train("--from-trial") == 2
    assert f"go on with: python -m training --resume {search.name}" in one_line(capsys.readouterr().err)
    write_trials(
        search.folder,
        [
            {"number": 2, "settings": {"neurons": 24, "learning_rate": 0.004}, "score": 0.9},
            {"number": 1, "settings": {"neurons": 16, "learning_rate": 0.002}, "score": 0.8},
            {"number": 3, "settings": {"neurons": 32, "learning_rate": 0.001}, "score": None},
        ],
    )
    search.finish({"state": "searched"})
    for wrong in ("3", "4", "no-such-search/1"):
        assert train("--from-trial", wrong) == 2
        one_line(capsys.readouterr().err)
    assert train("--from-trial", f"{search.name}/1", "--preset", "standard") == 2
    capsys.readouterr()
    assert settings_of_trial("1", runs_dir) == ("lesson", {"neurons": 16, "learning_rate": 0.002})
    assert settings_of_trial(search.name, runs_dir) == settings_of_trial(f"{search.name}/2", runs_dir)
    assert train("--from-trial", "--epochs", "1", "--learning-rate", "0.005", "--no-publish") == 0
    plan = list_runs(runs_dir)[-1].plan
    assert (plan.neurons, plan.learning_rate, plan.trials) == (24, 0.005, 0)


def test_same_seed_same_file(train: Train, tmp_path: Path) -> None:
    for seed in ("3", "3", "4"):
        assert train("--preset", "lesson", "--epochs", "1", "--seed", seed, "--no-publish") == 0
    first, second, third = (
        (tmp_path / "runs" / run.name / "classifier.tflite").read_bytes() for run in list_runs(tmp_path / "runs")
    )
    assert first == second != third


def test_killed_inside_the_second_epoch_and_resumed(folders: tuple[str, ...], train: Train, tmp_path: Path) -> None:
    lesson = ("--preset", "lesson", "--epochs", "3", "--no-publish")
    assert train(*lesson) == 0
    process = in_a_process("--die-in-epoch", 2, *lesson, *folders)
    assert process.returncode == -signal.SIGKILL
    whole, killed = list_runs(tmp_path / "runs")
    assert (killed.state, killed.epochs_done) == ("resumable", 1)

    assert train("--resume", "--no-publish") == 0
    resumed = list_runs(tmp_path / "runs")[1]
    assert (resumed.state, resumed.epochs_done) == ("done", 3)
    expected, got = (
        load_checkpoint(tmp_path / "runs" / run.name / "checkpoints" / "last.npz") for run in (whole, killed)
    )
    assert expected.values == got.values
    for name, array in expected.arrays.items():
        np.testing.assert_allclose(got.arrays[name], array, rtol=1e-5, atol=1e-6, err_msg=name)
    metrics = [read_metrics(tmp_path / "runs" / run.name / "metrics.csv") for run in (whole, killed)]
    assert [row.epoch for row in metrics[1]] == [1, 2, 3]
    assert [row.loss for row in metrics[0]] == pytest.approx([row.loss for row in metrics[1]], rel=1e-5)


@pytest.mark.parametrize("epoch", [2, 3])
def test_ctrl_c_that_a_library_swallows_stops_all_the_same(
    folders: tuple[str, ...], tmp_path: Path, models: Models, epoch: int
) -> None:
    """Between two epochs, and after the last one, when only the commit is left to be kept from."""
    lesson = ("--preset", "lesson", "--epochs", "3")
    process = in_a_process("--swallow-ctrl-c-in-epoch", epoch, *lesson, *folders)
    assert process.returncode == 130
    assert "Stopped; go on with" in one_line(process.stderr)
    assert models.live() is None
    (run,) = list_runs(tmp_path / "runs")
    assert (run.state, run.epochs_done) == ("resumable", epoch)


def test_ctrl_c_ends_with_a_resumable_run(folders: tuple[str, ...], tmp_path: Path, capsys: Printed) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.training.small_training", "--preset", "lesson", "--epochs", "100000", *folders],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 240
        while not any(run.epochs_done >= 2 for run in list_runs(tmp_path / "runs")):
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        (running,) = list_runs(tmp_path / "runs")
        assert running.state == "running"
        for named in ([], [running.name]):
            assert main(["--resume", *named, *folders], SMALL) == 2
            assert "running" in one_line(capsys.readouterr().err)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130
    (run,) = list_runs(tmp_path / "runs")
    assert one_line(told) == f"Stopped; go on with: python -m training --resume {run.name}"
    assert run.state == "resumable"
    checkpoint = load_checkpoint(tmp_path / "runs" / run.name / "checkpoints" / "last.npz")
    assert abs(checkpoint.epoch - run.epochs_done) <= 1


class TestBadInput:
    """Each is one clear line, exit status 2, and nothing half written."""

    def test_unknown_preset(self, train: Train, capsys: Printed, tmp_path: Path) -> None:
        assert train("--preset", "fashion") == 2
        assert "lesson, standard, best" in one_line(capsys.readouterr().err)
        assert list(tmp_path.iterdir()) == []

    def test_unknown_command(self, train: Train, capsys: Printed) -> None:
        assert train("history") == 2
        told = one_line(capsys.readouterr().err)
        assert told.startswith("argument COMMAND: invalid choice: 'history'")
        assert "'runs', 'rollback', 'corrections'" in told

    @pytest.mark.parametrize(
        "arguments",
        [
            ("--epochs", "many"),
            ("--preset", "lesson", "--epochs", "0"),
            ("--preset", "lesson", "--neurons", "-1"),
            ("--preset", "lesson", "--target-accuracy", "95"),
            ("--preset", "standard", "--neurons", "64"),
            ("--preset", "standard", "--devices", "2"),
            ("--preset", "lesson", "--resume"),
            ("--resume",),
            ("--resume", "no-such-run"),
            ("--tune", "0"),
            ("--preset", "lesson", "--seed", "-1"),
            ("--preset", "lesson", "--seed", str(2**32)),
            ("--preset", "lesson", "--seed", "9" * 40),
            ("--preset", "lesson", "--neurons", "1000000000"),
            ("--preset", "lesson", "--epochs", "9" * 40),
            ("--preset", "lesson", "--devices", "100000"),
            ("--preset", "lesson", "--tune", "100000000"),
            ("--preset", "lesson", "--learning-rate", "0"),
            ("--preset", "lesson", "--learning-rate", "nan"),
            ("--preset", "lesson", "--width", "0.5"),
            ("--preset", "standard", "--width", "1000"),
            ("--preset", "standard", "--augmentation", "-1"),
            ("--preset", "lesson", "--patience", "0"),
            ("--preset", "lesson", "--from-trial", "--tune", "3"),
            ("--frobnicate",),
            ("rollback",),
            ("rollback", "no-such-model"),
            (),
        ],
    )
    def test_what_cannot_be_done(
        self, arguments: tuple[str, ...], train: Train, capsys: Printed, tmp_path: Path
    ) -> None:
        assert train(*arguments) == 2
        assert len(one_line(capsys.readouterr().err)) > 20
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []

    def test_no_tensorflow(self, train: Train, capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "tensorflow", None)
        assert train("--preset", "lesson") == 2
        assert "pip install '.[training]'" in one_line(capsys.readouterr().err)

    @pytest.mark.parametrize("content", [None, b"", b"\x1f\x8b\x08 cut short", b"x" * 29515])
    def test_data_missing_truncated_or_wrong(
        self, content: bytes | None, folders: tuple[str, ...], tmp_path: Path, capsys: Printed
    ) -> None:
        data = tmp_path / "data" / "fashion-mnist"
        data.mkdir(parents=True)
        if content is not None:
            (data / "train-images-idx3-ubyte.gz").write_bytes(content)
        offline = Dependencies(
            load_fashion_mnist=lambda folder, progress: load_fashion_mnist(folder, progress, sources=())
        )
        assert main(["--preset", "lesson", *folders, "--data-dir", str(tmp_path / "data")], offline) == 2
        told = one_line(capsys.readouterr().err)
        assert "train-images-idx3-ubyte.gz" in told
        assert ("damaged" in told) == (content is not None)
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == list(data.iterdir())

    def test_no_permission(self, tmp_path: Path, capsys: Printed) -> None:
        runs = str(tmp_path / "runs")
        assert main(["--preset", "lesson", "--models-dir", "/sys/models", "--runs-dir", runs], SMALL) == 2
        assert "/sys/models" in one_line(capsys.readouterr().err)

    def test_a_file_where_a_folder_should_be(self, train: Train, tmp_path: Path, capsys: Printed) -> None:
        for name in ("runs", "models"):
            (tmp_path / name).write_text("not a folder")
            assert train("--preset", "lesson") == 2
            assert f"{tmp_path / name} is a file" in one_line(capsys.readouterr().err)
            assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [name]
            (tmp_path / name).unlink()

    @pytest.mark.parametrize("arguments", [("runs",), ("--resume",), ("--preset", "lesson")])
    def test_a_mistyped_folder_of_runs(self, arguments: tuple[str, ...], tmp_path: Path, capsys: Printed) -> None:
        mistyped = tmp_path / "rums" / "here"
        assert main([*arguments, "--models-dir", str(tmp_path / "models"), "--runs-dir", str(mistyped)], SMALL) == 2
        told = one_line(capsys.readouterr().err)
        assert "--runs-dir mistyped" in told
        assert str(tmp_path / "rums") in told
        assert list(tmp_path.iterdir()) == []

    def test_a_network_of_another_shape_is_told_before_the_work_starts(
        self, train: Train, models: Models, tmp_path: Path, capsys: Printed
    ) -> None:
        from training.engine.lesson import build_network
        from training.networks.convert import to_keras_file

        files = files_of(4, "old")
        put_live(models, set_of(files.model, to_keras_file(build_network(8)), files.card))

        def never(*_: object) -> FashionMnist:
            pytest.fail("the work began")

        folders = ("--models-dir", str(models.folder), "--runs-dir", str(tmp_path / "runs"))
        assert main(folders, Dependencies(load_fashion_mnist=never)) == 2
        assert "another network" in one_line(capsys.readouterr().err)
        assert list_runs(tmp_path / "runs") == []
        process = in_a_process(*folders)
        assert process.returncode == 2
        assert "another network" in one_line(process.stderr), "TensorFlow's own lines are kept away"

    def test_full_disk(self, folders: tuple[str, ...], models: Models) -> None:
        put_live(models, files_of(4, "old"))
        process = in_a_process("--file-limit", 1_000_000, "--preset", "lesson", "--force", *folders)
        assert process.returncode == 2
        assert "full" in one_line(process.stderr)
        assert folders[3] in process.stderr, "which folder has no room"
        assert list_runs(Path(folders[3])) == []
        assert ModelStore(models.folder, interpreters=1).live().version == "old"
        assert [path.name for path in models.folder.rglob("*") if "partial" in path.name or "room" in path.name] == []

    @pytest.mark.parametrize("broken", [b"", b"no network", None])
    def test_a_broken_network_is_told_before_the_work_starts(
        self, broken: bytes | None, models: Models, tmp_path: Path, capsys: Printed
    ) -> None:
        def never(*_: object) -> FashionMnist:
            pytest.fail("the work began")

        models.folder.mkdir()
        (models.folder / "segmenter.tflite").write_bytes(files_of(4, "a").model if broken is None else broken)
        folders = ("--models-dir", str(models.folder), "--runs-dir", str(tmp_path / "runs"))
        assert main(("--preset", "standard", *folders), Dependencies(load_fashion_mnist=never)) == 2
        assert str(models.folder / "segmenter.tflite") in one_line(capsys.readouterr().err)
        assert list_runs(tmp_path / "runs") == []

    @pytest.mark.parametrize("named", [(), ("--preset", "lesson"), ("--preset", "standard"), ("--dry-run",)])
    def test_a_live_set_that_lacks_a_network_is_told_before_the_work_starts(
        self, named: tuple[str, ...], models: Models, tmp_path: Path, capsys: Printed
    ) -> None:
        def never(*_: object) -> FashionMnist:
            pytest.fail("the work began")

        put_live(models, files_of(4, "old"))
        put_live(models, files_of(5, "new"))
        (models.live_folder / "new" / "segmenter.tflite").unlink()
        folders = ("--models-dir", str(models.folder), "--runs-dir", str(tmp_path / "runs"))
        assert main((*named, *folders), Dependencies(load_fashion_mnist=never)) == 2
        told = one_line(capsys.readouterr().err)
        assert told.startswith(f"{models.live_folder / 'new'}: no segmenter.tflite here")
        assert told.endswith("bring another back (python -m training rollback VERSION).")
        assert list_runs(tmp_path / "runs") == []

    def test_events_that_cannot_be_written(self, tmp_path: Path) -> None:
        """TensorFlow has errors of its own for a full disk."""
        run = Run.create(tmp_path, plan_for("lesson"))
        (run.folder / "events").write_text("in the way")
        with pytest.raises(OSError, match="events cannot be written"):
            run.log_epoch(EpochRecord(1, 0.5, 0.8))
        run.close()

    def test_a_card_of_another_file(self, train: Train, models: Models, capsys: Printed) -> None:
        put_live(models, files_of(4, "old"))
        (models.folder / "classifier.tflite").write_bytes(files_of(5, "other").model)
        assert train() == 2
        assert "not the file that card.json describes" in one_line(capsys.readouterr().err)

    def test_a_newer_keras_file(self, train: Train, models: Models, capsys: Printed) -> None:
        put_live(models, files_of(4, "old"))
        with zipfile.ZipFile(models.folder / "classifier.keras", "w") as archive:
            archive.writestr("metadata.json", json.dumps({"keras_version": "99.1.0"}))
            archive.writestr("config.json", "{}")
        assert train() == 2
        assert "pip install --upgrade keras" in one_line(capsys.readouterr().err)
        assert models.live().version == "old"

    def test_a_damaged_keras_file(self, train: Train, models: Models, capsys: Printed) -> None:
        put_live(models, files_of(4, "old"))
        assert train() == 2
        assert "damaged" in one_line(capsys.readouterr().err)

    def test_a_damaged_checkpoint(
        self, train: Train, folders: tuple[str, ...], tmp_path: Path, capsys: Printed
    ) -> None:
        assert train("--preset", "lesson", "--epochs", "1", "--no-publish") == 0
        (run,) = (tmp_path / "runs").iterdir()
        (run / "outcome.json").unlink()
        (run / "checkpoints" / "last.npz").write_bytes(b"PK\x03\x04 torn")
        capsys.readouterr()
        assert train("--resume") == 2
        assert "damaged" in one_line(capsys.readouterr().err)
