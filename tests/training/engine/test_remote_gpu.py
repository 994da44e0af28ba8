"""What goes to a machine with a GPU is all that its epochs read, and what comes back can be gone on with."""

import os
import subprocess
import sys
import textwrap
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow")

from bot.datasets import Split
from bot.settings import PROJECT_ROOT
from tests.training.small_training_set import PLAN, small_training_set
from training import presets
from training.data.training_set import TrainingSet
from training.engine import fit, remote_gpu
from training.engine.fit import Trainer
from training.errors import TrainingError
from training.networks import classifier
from training.runs.checkpoints import load_checkpoint
from training.runs.folders import Run, read_metrics


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    training_set = small_training_set()
    remote_gpu.save(
        tmp_path / "training-set.npz", training_set, Split(training_set.images[:20], training_set.labels[:20])
    )
    return tmp_path / "training-set.npz"


def test_what_is_packed_is_unpacked(packed: Path) -> None:
    training_set, held_out = remote_gpu.load(packed)

    for field in fields(TrainingSet):
        np.testing.assert_array_equal(getattr(training_set, field.name), getattr(small_training_set(), field.name))
    assert len(held_out) == 20


def test_missing_and_damaged_files_are_named(packed: Path) -> None:
    with pytest.raises(TrainingError, match=r"no .*other\.npz"):
        remote_gpu.load(packed.with_name("other.npz"))
    packed.write_bytes(packed.read_bytes()[:500])
    with pytest.raises(TrainingError, match=r"training-set\.npz is damaged"):
        remote_gpu.load(packed)


def test_the_epochs_that_are_done_elsewhere_are_those_of_a_run(
    packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fit, "build", lambda *_: classifier.residual_network((8, 8, 8), (0, 0, 0)))
    monkeypatch.setattr(presets, "PRESETS", {"standard": PLAN, "best": PLAN})
    runs = ["--runs-dir", str(tmp_path / "runs")]

    assert remote_gpu.main(["train", str(packed), "--preset", "standard", "--epochs", "2", *runs]) == 0

    (folder,) = (tmp_path / "runs").iterdir()
    run = Run.open(folder, events=False)
    assert run.epochs_done() == len(run.metrics()) == 2
    assert f"--resume {folder.name}" in capsys.readouterr().out
    assert remote_gpu.main(["train", str(packed), "--resume", folder.name, *runs]) == 0
    assert remote_gpu.main(["train", str(tmp_path / "none.npz"), *runs]) == 2


def test_epochs_on_jax_without_tensorflow_go_on_with_tensorflow(packed: Path, tmp_path: Path) -> None:
    """The other machine has no TensorFlow; what it learnt is what the network here answers."""
    pytest.importorskip("jax")
    program = textwrap.dedent("""
        import sys
        sys.modules["tensorflow"] = None
        from dataclasses import replace
        from training.engine import fit, remote_gpu
        from training.networks import classifier
        from training import presets
        from tests.training.small_training_set import PLAN
        fit.build = fit.build_teacher = lambda *_: classifier.residual_network((8, 8, 8), (0, 0, 0))
        presets.PRESETS = {"best": replace(PLAN, preset="best", teacher_epochs=2)}
        sys.exit(remote_gpu.main(sys.argv[1:]))
    """)
    command = [sys.executable, "-c", program, "train", str(packed), "--epochs", "3", "--runs-dir", str(tmp_path)]
    environment = os.environ | {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
    environment |= {"JAX_DISABLE_MOST_OPTIMIZATIONS": "1"}  # compiling takes longer than so few steps

    done = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    (folder,) = tmp_path.glob("*-best-1")
    records = read_metrics(folder / "metrics.csv")
    assert records[-1].loss < records[0].loss
    training_set, held_out = remote_gpu.load(packed)
    here = Trainer(classifier.residual_network((8, 8, 8), (0, 0, 0)), training_set, PLAN)
    checkpoint = load_checkpoint(folder / "checkpoints" / "last.npz")
    assert checkpoint is not None
    here.restore(checkpoint)
    loss, accuracy = here.evaluate(held_out)
    assert (loss, accuracy) == (pytest.approx(records[-1].val_loss, abs=1e-3), records[-1].val_accuracy)
