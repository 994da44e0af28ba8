"""A version is a set: taken, refused, answered with and given up as a whole."""

import gc
import json
import logging
import shutil
import weakref
from pathlib import Path

import numpy as np
import pytest

from bot.registry.folder import ModelsFolder
from bot.registry.layout import COLOR_CLASSIFIER_FILE, MODEL_FILE, NETWORK_FILES, SEGMENTER_FILE, SHIPPED_MODELS
from bot.registry.model_set import networks_entry, sha256
from bot.registry.publishing import BusyError, install_set, sole_publisher
from bot.registry.store import ModelStore, Outcome
from bot.vision.interpreter import ModelError, NoModelError
from bot.vision.photo import Photo
from bot.vision.recognizer import Recognition, Recognizer
from tests.registry.sets import publish, set_of
from tests.vision.tiny_models import always, tiny_model

PHOTO = Photo(np.random.default_rng(1).integers(0, 256, (120, 90, 3), np.uint8))


class Decoder:
    """Always the same photo; what a test wants is done meanwhile."""

    def __init__(self) -> None:
        self.meanwhile = lambda: None

    def decode(self, data: bytes) -> Photo:
        self.meanwhile()
        return PHOTO

    def close(self) -> None:
        pass


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    publish(tmp_path, set_of(1, "v1"))
    return ModelStore(tmp_path, try_first=lambda *network: None)


def answered_by(recognition: Recognition) -> set[int]:
    """What each part of the set that answered says it is."""
    judged = recognition.judged
    assert judged.color is not None
    return {int(recognition.model_version[1:]), int(judged.color.argmax()), judged.prediction.label}


def test_a_photo_is_answered_by_one_set_from_beginning_to_end(store: ModelStore, tmp_path: Path) -> None:
    decoder = Decoder()
    with Recognizer(decoder, store) as recognizer:

        def next_set(number: int) -> None:
            publish(tmp_path, set_of(number, f"v{number}"))
            assert store.refresh().outcome is Outcome.LOADED

        decoder.meanwhile = lambda: next_set(2)
        assert answered_by(recognizer.recognize(b"")) == {1}
        decoder.meanwhile = lambda: None
        assert answered_by(recognizer.recognize(b"")) == {2}

        segmenter = store.live().networks.segmenter
        find = segmenter.segment

        def find_while_a_set_goes_live(pixels: np.ndarray) -> np.ndarray:
            if store.live().version == "v2":
                next_set(3)
            return find(pixels)

        segmenter.segment = find_while_a_set_goes_live
        recognition = recognizer.recognize(b"")
        assert recognition.garments
        assert answered_by(recognition) == {2}
        assert answered_by(recognizer.recognize(b"")) == {3}
        recognizer.explain(recognition)


def test_the_interpreters_of_the_old_set_are_freed(store: ModelStore, tmp_path: Path) -> None:
    old = store.live()
    parts = [weakref.ref(each) for each in (old.classifier, old.networks.segmenter, old.networks.color_classifier)]
    del old
    publish(tmp_path, set_of(2, "v2"))
    store.refresh()
    gc.collect()
    assert [part() for part in parts] == [None, None, None]


def test_networks_that_did_not_change_are_taken_over(store: ModelStore, tmp_path: Path) -> None:
    before = store.live()
    new = set_of(1, "v2")
    publish(tmp_path, type(new)(new.card | {"sha256": sha256(always(2))}, {MODEL_FILE: always(2)}))
    assert store.refresh().outcome is Outcome.LOADED
    after = store.live()
    assert after.version == "v2"
    assert after.classifier is not before.classifier
    assert after.networks.segmenter is before.networks.segmenter
    assert after.networks.color_classifier is before.networks.color_classifier


@pytest.mark.parametrize("damage", ["missing", "foreign", "broken", "another network", "unknown to the card"])
@pytest.mark.parametrize("file", NETWORK_FILES)
def test_a_set_with_one_bad_file_is_refused_whole_and_the_old_one_goes_on(
    store: ModelStore, tmp_path: Path, file: str, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = store.live()
    publish(tmp_path, set_of(2, "v2"))
    folder = tmp_path / "live" / "v2"
    card = json.loads((folder / "card.json").read_text())
    described = dict(card["networks"])
    match damage:
        case "missing":
            (folder / file).unlink()
        case "foreign":
            shutil.copy(tmp_path / file, folder / file)
        case "broken":
            broken = (folder / file).read_bytes()
            broken = broken[: len(broken) // 2]
            (folder / file).write_bytes(broken)
            described |= networks_entry({file: broken})
        case "another network":
            (folder / file).write_bytes(tiny_model(side=30))
            described |= networks_entry({file: tiny_model(side=30)})
        case _:
            del described[file]
    sha = described.get(MODEL_FILE, card["networks"][MODEL_FILE])["sha256"]
    (folder / "card.json").write_text(json.dumps(card | {"networks": described, "sha256": sha}))

    refused = store.refresh()

    assert refused.outcome is Outcome.REFUSED
    assert file in (refused.problem or "")
    assert "\n" not in (refused.problem or "")
    assert str(tmp_path) not in (refused.problem or "")
    assert store.live() is before
    assert [record.levelno for record in caplog.records].count(logging.ERROR) == 1
    assert store.refresh().outcome is Outcome.UNCHANGED


def test_a_set_is_taken_when_its_last_file_has_come(store: ModelStore, tmp_path: Path) -> None:
    store.live()
    publish(tmp_path, set_of(2, "v2"))
    path = tmp_path / "live" / "v2" / COLOR_CLASSIFIER_FILE
    data = path.read_bytes()
    path.unlink()
    assert store.refresh().outcome is Outcome.REFUSED
    path.write_bytes(data)
    assert store.refresh().outcome is Outcome.LOADED
    assert store.live().version == "v2"


def test_every_network_of_a_refreshed_set_is_tried_before_it_is_live(tmp_path: Path) -> None:
    publish(tmp_path, set_of(1, "v1"))
    tried: list[str] = []
    store = ModelStore(tmp_path, try_first=lambda name, *_: tried.append(name))
    store.live()
    assert tried == [], "it came with the project"
    publish(tmp_path, set_of(2, "v2"))
    assert store.refresh().outcome is Outcome.LOADED
    assert sorted(tried) == sorted(NETWORK_FILES)

    def refuse(name: str, *_: object) -> None:
        if name == SEGMENTER_FILE:
            raise ModelError("the interpreter crashes on this file")

    careful = ModelStore(tmp_path, try_first=refuse)
    assert (
        careful.refresh().problem == f"{tmp_path.name}/live/v2: segmenter.tflite: the interpreter crashes on this file"
    )
    assert careful.live().version == "v1"


def test_weights_and_thresholds_are_the_set_s_own(store: ModelStore, tmp_path: Path) -> None:
    publish(tmp_path, set_of(2, "v2", thresholds={"color_weight": 0.25}))
    assert store.live().thresholds == {"color_weight": 0.25}


def test_a_version_of_the_former_form_goes_with_the_networks_of_the_models_folder(tmp_path: Path) -> None:
    """Its card describes the classifier alone."""
    live = tmp_path / "live" / "old"
    live.mkdir(parents=True)
    (live / MODEL_FILE).write_bytes(always(4))
    (live / "card.json").write_text(json.dumps({"version": "old", "sha256": sha256(always(4))}))
    (tmp_path / "live" / "current").write_text("old\n")
    store = ModelStore(tmp_path, try_first=lambda *network: None)
    assert store.live().version == "old"
    shipped = ModelsFolder(tmp_path).live()
    assert shipped is not None
    assert shipped.network_paths()[SEGMENTER_FILE] == SHIPPED_MODELS / SEGMENTER_FILE

    (tmp_path / SEGMENTER_FILE).write_bytes(set_of(1, "x").networks[SEGMENTER_FILE])
    assert store.refresh().outcome is Outcome.LOADED
    assert shipped.network_paths()[SEGMENTER_FILE] == tmp_path / SEGMENTER_FILE
    with Recognizer(Decoder(), store) as recognizer:
        recognizer.check()


def test_a_first_set_without_one_of_its_networks_is_told(tmp_path: Path) -> None:
    publish(tmp_path, set_of(1, "v1"))
    (tmp_path / SEGMENTER_FILE).unlink()
    with pytest.raises(NoModelError, match=r"no segmenter\.tflite here; it belongs to the set"):
        ModelStore(tmp_path, try_first=lambda *network: None).live()


def test_what_did_not_change_is_on_the_disk_once_and_every_version_is_complete(tmp_path: Path) -> None:
    for number, version in enumerate(("v1", "v2", "v3"), start=1):
        new = set_of(1, version)
        card = new.card | {"sha256": sha256(always(number))}
        publish(tmp_path, type(new)(card, {MODEL_FILE: always(number)} if number > 1 else new.networks))
    second, third = tmp_path / "live" / "v2", tmp_path / "live" / "v3"
    for file in (SEGMENTER_FILE, COLOR_CLASSIFIER_FILE):
        assert (second / file).stat().st_ino == (third / file).stat().st_ino
        assert (second / file).stat().st_ino != (tmp_path / file).stat().st_ino, "may be overwritten in place"
    shutil.rmtree(second)
    assert ModelStore(tmp_path, try_first=lambda *network: None).live().version == "v3"
    stored = ModelsFolder(tmp_path).live()
    assert stored is not None
    assert stored.problem() is None
    assert set(stored.read().networks) == set(NETWORK_FILES)


def test_where_links_cannot_be_made_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("Operation not supported")

    monkeypatch.setattr("os.link", refuse)
    for number in (1, 2, 3):
        publish(tmp_path, set_of(1, f"v{number}"))
    stored = ModelsFolder(tmp_path).live()
    assert stored is not None
    assert (stored.version, stored.problem()) == ("v3", None)


def test_a_second_publisher_is_told_in_one_line_and_changes_nothing(tmp_path: Path) -> None:
    publish(tmp_path, set_of(1, "v1"))
    models = ModelsFolder(tmp_path)
    with sole_publisher(models), pytest.raises(BusyError, match=r"Process \d+ publishes into .* at this moment"):
        install_set(models, "v2", set_of(2, "v2"))
    assert [path.name for path in models.live_folder.iterdir()] == ["publishing.lock"]
    install_set(models, "v2", set_of(2, "v2"))
    assert models.pointed_version() == "v2"
