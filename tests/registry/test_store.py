"""A running bot takes what is published, and nothing else."""

import hashlib
import json
import logging
import os
import random
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from bot.registry.layout import COLOR_CLASSIFIER_FILE, MODEL_FILE, SEGMENTER_FILE
from bot.registry.probe import probe
from bot.registry.store import ModelStore, Outcome, Refresh
from bot.vision.classifier import ModelError, TfliteRuntime
from bot.vision.garment import Group
from bot.vision.interpreter import NoModelError
from tests.vision.tiny_models import always, always_color, always_group, tiny_model

BLANK = np.zeros((28, 28), np.float32)


def card(model: bytes, version: str, **more: object) -> bytes:
    figures = {"version": version, "created": "2026-01-02T03:04:05+00:00", "sha256": hashlib.sha256(model).hexdigest()}
    return json.dumps(figures | more).encode()


def put(folder: Path, model: bytes, version: str | None = None) -> None:
    """Puts a model into a folder, each file whole or not at all; with a card when it has a version."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"classifier.tflite": model} | ({"card.json": card(model, version)} if version else {})
    for name, data in files.items():
        (folder / f"{name}.new").write_bytes(data)
        os.replace(folder / f"{name}.new", folder / name)


def publish(models_dir: Path, model: bytes, version: str) -> None:
    put(models_dir / "live" / version, model, version)
    point(models_dir, version)


def point(models_dir: Path, version: str) -> None:
    pointer = models_dir / "live" / "current"
    pointer.parent.mkdir(parents=True, exist_ok=True)
    (pointer.parent / "current.new").write_text(f"{version}\n")
    os.replace(pointer.parent / "current.new", pointer)


def answer(store: ModelStore) -> int:
    return int(store.live().classifier.probabilities(BLANK).argmax())


def trusting(name: str, model: bytes, runtime: TfliteRuntime) -> None:
    """Instead of the probe, where a test is about something else: it costs a second."""


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    put(tmp_path, always(1), "one")
    return ModelStore(tmp_path, try_first=trusting)


def test_serves_the_shipped_model(store: ModelStore, tmp_path: Path) -> None:
    live = store.live()
    assert answer(store) == 1
    assert (live.version, live.card_matches, live.path) == ("one", True, tmp_path / "classifier.tflite")
    assert live.sha256 == hashlib.sha256(always(1)).hexdigest()
    assert live.bytes == len(always(1))


def test_a_refreshed_model_wins(store: ModelStore, tmp_path: Path) -> None:
    publish(tmp_path, always(2), "two")
    assert answer(store) == 2
    assert store.live().version == "two"


def test_takes_a_new_model_while_running(store: ModelStore, tmp_path: Path) -> None:
    assert answer(store) == 1
    publish(tmp_path, always(2), "two")
    assert answer(store) == 1, "only refresh() looks at the disk"
    assert outcome(store.refresh()) is Outcome.LOADED
    assert answer(store) == 2
    assert outcome(store.refresh()) is Outcome.UNCHANGED


def outcome(refresh: Refresh) -> Outcome:
    assert (refresh.problem is not None) == (refresh.outcome is Outcome.REFUSED)
    return refresh.outcome


def test_goes_back_to_an_older_model(store: ModelStore, tmp_path: Path) -> None:
    publish(tmp_path, always(2), "two")
    publish(tmp_path, always(3), "three")
    assert answer(store) == 3
    point(tmp_path, "two")
    assert store.refresh().outcome is Outcome.LOADED
    assert answer(store) == 2
    (tmp_path / "live" / "current").unlink()
    assert store.refresh().outcome is Outcome.LOADED
    assert (answer(store), store.live().version) == (1, "one")


def test_models_that_nobody_points_at_change_nothing(store: ModelStore, tmp_path: Path) -> None:
    store.live()
    put(tmp_path / "live" / "two", always(2), "two")
    put(tmp_path / "live" / ".three.partial", always(3), "three")
    assert store.refresh().outcome is Outcome.UNCHANGED
    assert answer(store) == 1


def test_a_change_of_the_shipped_model_does_not_disturb_the_live_one(store: ModelStore, tmp_path: Path) -> None:
    publish(tmp_path, always(2), "two")
    before = store.live()
    put(tmp_path, always(5), "five")
    assert store.refresh().outcome is Outcome.UNCHANGED
    assert store.live() is before


@pytest.mark.parametrize("damage", ["truncated", "noise", "empty", "missing"])
def test_a_broken_file_is_refused_once_and_the_old_one_goes_on(
    store: ModelStore, tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    store.live()
    good = always(2)
    broken = {"truncated": good[:9000], "noise": random.Random(0).randbytes(9000), "empty": b""}.get(damage)
    if broken is None:
        point(tmp_path, "gone")
    else:
        put(tmp_path / "live" / "two", broken)
        point(tmp_path, "two")
    refused = store.refresh()
    assert refused.outcome is Outcome.REFUSED
    assert refused.problem
    assert "\n" not in refused.problem
    assert str(tmp_path.parent) not in refused.problem
    assert refused.model is store.live()
    assert answer(store) == 1
    assert [record.levelno for record in caplog.records].count(logging.ERROR) == 1
    for _ in range(3):
        assert store.refresh().outcome is Outcome.UNCHANGED
    assert [record.levelno for record in caplog.records].count(logging.ERROR) == 1

    publish(tmp_path, good, "gone" if broken is None else "two")
    assert store.refresh().outcome is Outcome.LOADED
    assert answer(store) == 2


@pytest.mark.parametrize(
    "foreign", [tiny_model(side=32), tiny_model(classes=3), tiny_model(np.full((10, 784), np.nan, np.float32))]
)
def test_a_foreign_model_is_refused_whatever_its_card_says(store: ModelStore, tmp_path: Path, foreign: bytes) -> None:
    store.live()
    publish(tmp_path, foreign, "foreign")
    assert store.refresh().outcome is Outcome.REFUSED
    assert answer(store) == 1


def test_starts_with_the_shipped_model_when_the_live_one_is_broken(tmp_path: Path) -> None:
    put(tmp_path, always(1), "one")
    put(tmp_path / "live" / "two", b"broken")
    point(tmp_path, "two")
    store = ModelStore(tmp_path, try_first=trusting)
    first = store.refresh()
    assert first.outcome is Outcome.REFUSED
    assert "live/two" in (first.problem or "")
    assert answer(store) == 1


@pytest.mark.parametrize("name", ["../..", "/etc", "two/../../..", "", "\0", "a" * 300, "ü"])
def test_the_pointer_leads_nowhere_else(store: ModelStore, tmp_path: Path, name: str) -> None:
    store.live()
    (tmp_path / "live").mkdir()
    (tmp_path / "live" / "current").write_text(name)
    assert store.refresh().outcome is Outcome.REFUSED
    assert answer(store) == 1


def test_a_file_beside_another_files_card_is_refused(store: ModelStore, tmp_path: Path) -> None:
    """The card says how the model is weighed with the networks beside it: without its own they would be left out."""
    store.live()
    put(tmp_path, always(7))
    refused = store.refresh()
    assert refused.outcome is Outcome.REFUSED
    assert "not the file that card.json describes" in (refused.problem or "")
    assert answer(store) == 1
    put(tmp_path, always(7), "seven")
    assert store.refresh().outcome is Outcome.LOADED
    assert (store.live().version, store.live().card_matches) == ("seven", True)


def test_starts_with_no_file_beside_another_files_card(tmp_path: Path) -> None:
    put(tmp_path, always(1), "one")
    put(tmp_path / "live" / "two", always(2), "two")
    put(tmp_path / "live" / "two", always(3))
    point(tmp_path, "two")
    assert answer(ModelStore(tmp_path, try_first=trusting)) == 1
    put(tmp_path, always(4))
    with pytest.raises(NoModelError, match=r"not the file that card\.json describes"):
        ModelStore(tmp_path, try_first=trusting).live()


@pytest.mark.parametrize("broken", [None, b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, bytes(2_000_000)])
def test_serves_without_a_readable_card(tmp_path: Path, broken: bytes | None) -> None:
    put(tmp_path, always(4))
    if broken is not None:
        (tmp_path / "card.json").write_bytes(broken)
    live = ModelStore(tmp_path, try_first=trusting).live()
    assert live.card is None
    assert not live.card_matches
    assert len(live.version) == 12


def test_says_what_to_do_without_a_model_and_takes_one_when_it_comes(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "models", try_first=trusting)
    for _ in range(2):
        with pytest.raises(NoModelError, match="python -m training"):
            store.live()
    put(tmp_path / "models", always(2), "two")
    assert answer(store) == 2


def test_the_model_in_service_outlives_its_files(store: ModelStore, tmp_path: Path) -> None:
    store.live()
    (tmp_path / "classifier.tflite").unlink()
    assert store.refresh().outcome is Outcome.REFUSED
    assert answer(store) == 1


def test_only_unknown_files_are_tried_first(tmp_path: Path) -> None:
    tried: list[bytes] = []
    put(tmp_path, always(1), "one")
    store = ModelStore(tmp_path, try_first=lambda name, model, runtime: tried.append(model))
    store.live()
    assert tried == []
    publish(tmp_path, always(2), "two")
    store.refresh()
    assert tried == [always(2)], "the networks for photos are the same"
    store = ModelStore(tmp_path, try_first=lambda name, model, runtime: tried.append(model))
    store.live()
    assert tried == [always(2), always(2)]


def try_new_classifiers(command: tuple[str, ...], name: str, model: bytes, runtime: TfliteRuntime) -> None:
    if name == MODEL_FILE and model != always(1):
        probe(name, model, runtime, timeout_s=1, command=command)


def test_a_file_that_crashes_the_interpreter_ends_only_the_probe(tmp_path: Path) -> None:
    crash = (sys.executable, "-c", "import ctypes; ctypes.string_at(0)")
    hang = (sys.executable, "-c", "import time; time.sleep(60)")
    put(tmp_path, always(1))
    for command, expected in ((crash, "crashes"), (hang, "hangs")):
        store = ModelStore(
            tmp_path,
            try_first=partial(try_new_classifiers, command),
        )
        store.live()
        put(tmp_path, always(random.randrange(10)) + bytes(random.randrange(1, 99)))
        refused = store.refresh()
        assert refused.outcome is Outcome.REFUSED
        assert expected in (refused.problem or "")
        assert answer(store) == 1
        put(tmp_path, always(1))


def test_the_probe_passes_good_files_and_says_what_is_wrong_with_others() -> None:
    for name, network in (
        (MODEL_FILE, tiny_model()),
        (SEGMENTER_FILE, always_group(Group.UPPER)),
        (COLOR_CLASSIFIER_FILE, always_color(3)),
    ):
        probe(name, network, TfliteRuntime.AUTO)
    with pytest.raises(ModelError, match="other outputs"):
        probe(MODEL_FILE, tiny_model(classes=3), TfliteRuntime.AUTO)
    with pytest.raises(ModelError, match="other inputs"):
        probe(SEGMENTER_FILE, always_color(3), TfliteRuntime.AUTO)


def test_photos_are_answered_while_models_change(store: ModelStore, tmp_path: Path) -> None:
    stop = threading.Event()
    wrong: list[object] = []

    def classify() -> None:
        while not stop.is_set():
            live = store.live()
            label = int(live.classifier.probabilities(BLANK).argmax())
            if str(label) != live.version[-1]:
                wrong.append((label, live.version))

    put(tmp_path, always(0), "v0")
    store.live()
    with ThreadPoolExecutor(3) as threads:
        clients = [threads.submit(classify) for _ in range(3)]
        try:
            for label in range(1, 10):
                publish(tmp_path, always(label), f"v{label}")
                assert store.refresh().outcome is Outcome.LOADED
                time.sleep(0.01)
        finally:
            stop.set()
    for client in clients:
        client.result()
    assert wrong == []
    assert answer(store) == 9


def write_card(folder: Path, values: Mapping[str, object]) -> None:
    put(folder, always(1))
    (folder / "card.json").write_text(json.dumps(values))


def test_reads_the_figures(tmp_path: Path) -> None:
    write_card(
        tmp_path,
        {
            "version": "2026-01-02-best-0123abcd",
            "created": "2026-01-02T03:04:05+00:00",
            "sha256": hashlib.sha256(always(1)).hexdigest().upper(),
            "preset": "best",
            "epochs": 40,
            "test": {"images": 10000, "accuracy": 0.95, "recall": [0.9] * 10, "confusion": [[1] * 10] * 10},
            "train": {"accuracy": 0.97},
            "photos": {
                "images": 544,
                "senders": 60,
                "balanced_accuracy": 0.9,
                "interval": [0.87, 0.92],
                "recall": {"褲子": 0.98, "包包": None},
            },
            "calibration": {"temperature": 1.3, "ece": 0.02},
            "thresholds": {"sure": 0.6, "note": "text"},
            "bytes": 1234,
            "more": {"kept": True},
        },
    )
    live = ModelStore(tmp_path, try_first=trusting).live()
    card = live.card
    assert card is not None
    assert live.card_matches
    assert (card.version, card.preset, card.epochs, card.bytes) == ("2026-01-02-best-0123abcd", "best", 40, 1234)
    assert (card.test.images, card.test.accuracy, len(card.test.confusion)) == (10000, 0.95, 10)
    assert card.train_accuracy == 0.97
    assert card.photos.interval == (0.87, 0.92)
    assert dict(card.photos.recall) == {"褲子": 0.98, "包包": None}
    assert (card.calibration.temperature, card.calibration.ece) == (1.3, 0.02)
    assert dict(card.thresholds) == {"sure": 0.6}
    assert card.raw["more"] == {"kept": True}


def test_forgives_a_card_of_other_types(tmp_path: Path) -> None:
    write_card(
        tmp_path,
        {
            "version": 5,
            "epochs": "many",
            "test": [1],
            "train": {"accuracy": True},
            "photos": {"interval": [1], "recall": ["x"], "images": float("inf")},
            "calibration": None,
            "thresholds": "low",
        },
    )
    card = ModelStore(tmp_path, try_first=trusting).live().card
    assert card is not None
    assert (card.version, card.epochs, card.test.accuracy, card.train_accuracy) == ("", None, None, None)
    assert (card.photos.interval, card.photos.images, dict(card.photos.recall)) == (None, None, {})
    assert dict(card.thresholds) == {}
