"""Publishing and rolling back, also when the process dies or the disk is full in between."""

import errno
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.registry import files as durable
from bot.registry.history import Event
from bot.registry.layout import NETWORK_FILES
from bot.registry.locks import FileLock
from bot.registry.model_set import ModelSet, networks_entry
from bot.registry.publishing import BusyError
from bot.registry.store import ModelStore
from bot.vision.interpreter import ModelError
from tests.registry import sets as tiny
from tests.training.small import entry_of, files_of, put_live, set_of
from training.errors import TrainingError
from training.runs.history import Models
from training.runs.publish import STEPS, publish, roll_back

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def models(tmp_path: Path) -> Models:
    return Models(tmp_path / "models")


def put(models: Models, label: int, version: str, **figures: float) -> ModelSet:
    files = put_live(models, files_of(label, version), **figures)
    return files


def served(models: Models) -> tuple[str, int] | None:
    """Version and answer of the model that the bot would serve."""
    import numpy as np

    model = ModelStore(models.folder, interpreters=1, try_first=lambda *network: None).refresh().model
    if model is None:
        return None
    return model.version, int(model.classifier.probabilities(np.zeros((28, 28), np.float32)).argmax())


def test_first_model_goes_to_the_top(models: Models) -> None:
    files = put(models, 3, "first")
    assert (models.folder / "classifier.tflite").read_bytes() == files.model
    assert (models.folder / "classifier.keras").read_bytes() == files.start["classifier.keras"]
    networks = {name: (models.folder / name).read_bytes() for name in NETWORK_FILES}
    assert json.loads((models.folder / "card.json").read_text()) == {**files.card, "networks": networks_entry(networks)}
    assert served(models) == ("first", 3)
    assert not models.pointer.exists()


def test_later_models_go_live_beside_it(models: Models) -> None:
    put(models, 3, "first")
    put(models, 4, "second")
    put(models, 5, "third")
    assert served(models) == ("third", 5)
    assert models.shipped().version == "first"
    assert [model.version for model in models.published()] == ["first", "second", "third"]
    assert [(entry.version, entry.previous) for entry in models.history()] == [
        ("first", None),
        ("second", "first"),
        ("third", "second"),
    ]


def test_the_same_bytes_twice_get_two_names(models: Models) -> None:
    put(models, 3, "first")
    put(models, 4, "second")
    put(models, 4, "second")
    assert served(models) == ("second-2", 4)
    assert [entry.version for entry in models.history()] == ["first", "second", "second-2"]


def test_a_card_of_another_model_is_a_defect(models: Models) -> None:
    files = files_of(3, "first")
    with pytest.raises(ModelError, match=r"classifier\.tflite is not the file that card\.json describes"):
        publish(models, set_of(files.model + b"x", b"", files.card), entry_of(files))
    assert served(models) is None


@pytest.mark.parametrize(
    ("step", "with_a_model"),
    [
        *((step, True) for step in STEPS),
        *((step, False) for step in STEPS if step != "folder"),  # files at the top have no folder of their own
    ],
)
def test_killed_between_two_steps_the_old_or_the_new_set_is_whole(
    models: Models, step: str, with_a_model: bool
) -> None:
    if with_a_model:
        put_live(models, tiny.set_of(1, "old", preset="standard"))
    process = subprocess.run(
        [sys.executable, "-m", "tests.training.small", models.folder, "2", "new", step], cwd=ROOT, check=False
    )
    assert process.returncode == -signal.SIGKILL
    committed = step in ("commit", "history") or (step == "classifier" and not with_a_model)
    old = ("old", 1) if with_a_model else None
    assert served(models) == (("new", 2) if committed else old)
    if (live := models.live()) is not None:
        assert live.problem() is None
        number = 2 if committed else 1
        assert live.networks() == tiny.set_of(number, "any").networks, "never a mixture"

    published = [entry.version for entry in models.history() if entry.event is Event.PUBLISHED]
    assert ("new" in published) == (committed and (with_a_model or step == "history"))

    put(models, 6, "next")
    assert served(models) == ("next", 6)
    if with_a_model:
        assert roll_back(models).version == ("new" if committed else "old")


def test_a_full_disk_leaves_the_old_model_and_nothing_else(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    put(models, 1, "old")
    before = sorted(path.name for path in models.live_folder.iterdir())
    real, calls = os.fsync, []

    for failing in range(1, 8):
        calls.clear()

        def fsync(descriptor: int, failing: int = failing) -> None:
            calls.append(descriptor)
            if len(calls) == failing:
                raise OSError(errno.ENOSPC, "No space left on device")
            real(descriptor)

        monkeypatch.setattr(durable.os, "fsync", fsync)
        try:
            put(models, 2, "new")
        except OSError:
            monkeypatch.setattr(durable.os, "fsync", real)
            if served(models) == ("new", 2):
                break  # failed after the commit: the new model is whole
            assert served(models) == ("old", 1)
            assert sorted(path.name for path in models.live_folder.iterdir()) == before
        else:
            pytest.fail("the full disk was not noticed")
    assert failing >= 6


def test_rolls_back_through_what_was_published_to_the_shipped_one(models: Models) -> None:
    for label, version in enumerate(("first", "second", "third")):
        put(models, label, version)
    assert roll_back(models).version == "second"
    assert served(models) == ("second", 1)
    assert roll_back(models).version == "first"
    assert served(models) == ("first", 0)
    assert not models.pointer.exists()
    with pytest.raises(TrainingError, match="no model older"):
        roll_back(models)
    assert roll_back(models, "third").version == "third"
    assert roll_back(models, "shipped").shipped
    assert served(models) == ("first", 0)
    assert [entry.event for entry in models.history()].count(Event.ROLLED_BACK) == 4


def test_what_cannot_be_brought_back(models: Models) -> None:
    with pytest.raises(TrainingError, match="no model in"):
        roll_back(models)
    put(models, 0, "first")
    put(models, 1, "second")
    put(models, 2, "third")
    with pytest.raises(TrainingError, match=r"no model 'fourth'.*first, second, third"):
        roll_back(models, "fourth")
    with pytest.raises(TrainingError, match="live model already"):
        roll_back(models, "third")
    with pytest.raises(TrainingError, match="no model"):
        roll_back(models, "../..")
    path = models.live_folder / "second" / "classifier.tflite"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(TrainingError, match="damaged"):
        roll_back(models)
    assert served(models) == ("third", 2)


def test_a_torn_line_of_history_is_passed_over(models: Models) -> None:
    put(models, 0, "first")
    with models.history_path.open("a") as file:
        file.write('{"event": "published", "vers')
    put(models, 1, "second")
    assert [entry.version for entry in models.history()] == ["first", "second"]


def test_figures_of_a_file_put_in_place_by_hand_are_not_believed(models: Models) -> None:
    put(models, 0, "first")
    (models.folder / "classifier.tflite").write_bytes(files_of(5, "x").model)
    assert models.shipped().version == "shipped"
    assert models.shipped().card == {}
    put(models, 1, "second")
    with pytest.raises(TrainingError, match="damaged"):
        roll_back(models, "shipped")


@pytest.mark.parametrize("file", NETWORK_FILES)
def test_a_set_with_a_damaged_file_is_not_brought_back(models: Models, file: str) -> None:
    for number, version in enumerate(("first", "second", "third")):
        put_live(models, tiny.set_of(number, version))
    (models.live_folder / "second" / file).unlink()
    with pytest.raises(TrainingError, match=rf"second is damaged: no {re.escape(file)}"):
        roll_back(models)
    (models.live_folder / "second" / file).write_bytes(tiny.set_of(9, "x").networks[file])
    with pytest.raises(TrainingError, match=rf"second is damaged: {re.escape(file)} is not the file"):
        roll_back(models)
    assert served(models) == ("third", 2)


def test_a_rollback_brings_every_network_back(models: Models) -> None:
    for number, version in enumerate(("first", "second", "third")):
        put_live(models, tiny.set_of(number, version))
    for number in (1, 0):
        assert roll_back(models).networks() == tiny.set_of(number, "any").networks


def test_what_was_measured_against_another_model_is_not_published(models: Models) -> None:
    put(models, 1, "old")
    put(models, 2, "meanwhile")
    files = files_of(3, "new")
    with pytest.raises(TrainingError, match=r"meanwhile went live while this was measured against old.*--resume"):
        publish(models, files, entry_of(files), instead_of="old")
    assert served(models) == ("meanwhile", 2)
    publish(models, files, entry_of(files), instead_of="meanwhile")
    assert served(models) == ("new", 3)


def test_two_publishers_at_once(models: Models) -> None:
    put(models, 1, "old")
    put(models, 2, "live")
    held = FileLock.acquire(models.live_folder / "publishing.lock")
    for attempt in (lambda: put(models, 3, "new"), lambda: roll_back(models)):
        with pytest.raises(BusyError, match="try again when it has ended") as caught:
            attempt()
        assert "\n" not in str(caught.value)
    held.release()
    assert [entry.version for entry in models.history()] == ["old", "live"]
    assert roll_back(models).version == "old"


def test_a_network_that_is_taken_over_must_be_that_of_the_live_card(models: Models) -> None:
    put(models, 1, "old")
    put(models, 2, "live")
    (models.live_folder / "live" / "segmenter.tflite").write_bytes(tiny.set_of(2, "x").networks["segmenter.tflite"])
    with pytest.raises(ModelError, match=r"segmenter\.tflite is not the file"):
        put(models, 3, "new")
    assert models.pointed_version() == "live"
