"""Examples for the network in colour: what labels allow, and that nobody is learnt from who is held out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.vision.color_classifier import SIDE
from bot.vision.garment import Garment, Group
from bot.vision.labels import COAT, DRESS, NO_CLOTHING, OTHER_CLOTHING, SHIRT, TROUSER
from bot.vision.photo import Photo
from tests.training.data.handful import Darkness, Handful, darkness, handful
from training.data import color_examples
from training.data.color_examples import (
    BATCH,
    BY_LABELS,
    Sources,
    answer,
    batch_of,
    cut_out,
    gather_examples,
    meant,
    overlap,
    street_examples,
)
from training.data.segmentation_samples import gather_samples, read_small
from training.data.segmentation_scenes import SceneMaker
from training.data.views import Example


def masked(top: int, bottom: int, *, left: int = 20, right: int = 60) -> np.ndarray:
    mask = np.zeros((100, 80), bool)
    mask[top:bottom, left:right] = True
    return mask


def garment(mask: np.ndarray, group: Group = Group.UPPER) -> Garment:
    rows, columns = np.nonzero(mask)
    box = (int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    return Garment(mask.astype(np.float32), box, float(mask.mean()), 0.9, group)


PHOTO = Photo(np.full((100, 80, 3), 120, np.uint8))


def allowed(example: Example) -> set[int]:
    return set(np.flatnonzero(example.answer).tolist())


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Handful:
    monkeypatch.setattr(color_examples, "OBJECTS", 12)
    monkeypatch.setattr(color_examples, "GROUNDS", 3)
    return handful(tmp_path, monkeypatch)


def gathered(photos: Handful) -> Sources:
    rng = np.random.default_rng(0)
    samples = gather_samples(photos.data_dir, darkness, Darkness(), lambda line: None)
    return gather_examples(photos.data_dir, Darkness(), SceneMaker(samples, [], rng), rng, lambda line: None)


def test_a_held_out_photo_is_never_in_the_examples(photos: Handful, monkeypatch: pytest.MonkeyPatch) -> None:
    read: set[Path] = set()

    def record(path: Path, side: int) -> np.ndarray:
        read.add(path)
        return read_small(path, side)

    monkeypatch.setattr(color_examples, "read_small", record)
    gathered(photos)

    assert read == photos.learnt


def test_of_a_person_with_tags_a_garment_may_be_what_the_tags_of_its_kind_allow(photos: Handful) -> None:
    of_tags = [each for each in gathered(photos).examples["street"] if "|" in each.label or each.label == "jeans"]
    assert any(allowed(each) == {TROUSER} for each in of_tags)
    assert any(SHIRT in allowed(each) and TROUSER not in allowed(each) for each in of_tags)


def test_every_source_gives_examples_with_what_they_may_be(photos: Handful) -> None:
    examples = gathered(photos).examples

    assert set(examples) == set(BATCH)
    assert all(examples.values())
    assert [allowed(each) for each in examples["flat"]] == [{DRESS}] * 3 + [{TROUSER}] * 3
    assert {NO_CLOTHING} == set().union(*(allowed(each) for each in examples["nothing"]))
    cut = {each.label: allowed(each) for each in examples["street"] if each.label.endswith(" cut")}
    assert cut["shirt cut"] == {SHIRT}
    assert cut["jeans cut"] == {TROUSER}
    assert {each.label for each in examples["object"]} <= {"bag", "footwear", "hat", "nothing"}
    for example in (each for source in examples.values() for each in source):
        assert example.mask.shape == example.pixels.shape[:2]
        assert example.mask.any()
        assert allowed(example)


def test_a_batch_has_its_share_of_every_source(photos: Handful) -> None:
    views, answers = batch_of(gathered(photos), np.random.default_rng(1))()
    assert (views.shape, views.dtype) == ((sum(BATCH.values()), SIDE, SIDE, 3), np.uint8)
    assert (answers.shape, answers.dtype) == ((sum(BATCH.values()), 12), np.float32)
    none = answers[-BATCH["nothing"] :]
    assert (none.argmax(1) == NO_CLOTHING).all()
    assert (none.sum(1) == 1).all()


def test_rare_labels_are_drawn_by_the_root_of_their_number() -> None:
    example = cut_out(PHOTO, masked(20, 60), frozenset({DRESS}), "")
    labels = ["dress"] * 16 + ["coat"] * 4 + ["coat cut"] * 4
    examples = [Example(example.pixels, example.mask, example.box, example.answer, label) for label in labels]
    weights = color_examples.draw_weights(examples)
    assert weights.sum() == pytest.approx(1)
    of = {label: weights[[at for at, each in enumerate(labels) if each == label]].sum() for label in labels}
    assert of["dress"] / of["coat"] == pytest.approx(2)
    assert of["coat cut"] / of["coat"] == pytest.approx(BY_LABELS)


def test_an_answer_allows_what_it_is_told() -> None:
    assert answer(frozenset({COAT, NO_CLOTHING})).tolist() == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]


def test_a_label_is_about_the_largest_of_its_family() -> None:
    small, large = garment(masked(5, 25), Group.OUTER), garment(masked(30, 70))
    shoes = garment(masked(80, 95), Group.SHOE)
    assert meant([shoes, small, large], "dress") is large
    assert meant([large, shoes], "sneaker") is shoes
    assert meant([large, shoes], "belt") is large  # none of its family: the most prominent one
    assert meant([], "dress") is None


def test_a_garment_of_a_street_is_the_kind_that_it_meets() -> None:
    worn = {"coat": masked(10, 50), "skirt": masked(50, 80)}
    found = [garment(masked(10, 48)), garment(masked(52, 80), Group.LOWER), garment(masked(84, 98), Group.SHOE)]

    examples = list(street_examples(PHOTO, found, worn))

    assert [(each.label, allowed(each)) for each in examples] == [
        ("coat", {COAT}),
        ("skirt", {OTHER_CLOTHING}),
        ("nothing", {NO_CLOTHING}),
        ("coat cut", {COAT}),
        ("skirt cut", {OTHER_CLOTHING}),
    ]


def test_what_meets_no_kind_and_is_not_beside_all_teaches_nothing() -> None:
    """Half a coat and as much of the wall: neither a coat nor nothing."""
    half = garment(masked(20, 30, left=50, right=70))
    examples = street_examples(PHOTO, [half], {"coat": masked(10, 50)})
    assert [each.label for each in examples] == ["coat cut"]


def test_kinds_that_say_nothing_and_small_ones_are_left_out() -> None:
    worn = {"wallet": masked(10, 50), "belt": masked(60, 61, right=30)}
    assert list(street_examples(PHOTO, [garment(masked(10, 50))], worn)) == []


def test_a_cut_out_has_the_box_of_its_mask() -> None:
    example = cut_out(PHOTO, masked(10, 50, left=5, right=33), frozenset({COAT}), "coat")
    assert example.box == (5, 10, 33, 50)
    assert example.mask[30, 20] == 255
    assert example.mask[80, 70] == 0


def test_intersection_over_union_by_hand() -> None:
    assert overlap(masked(0, 40), masked(20, 60)) == pytest.approx(1 / 3)
    assert overlap(masked(0, 10), masked(10, 20)) == 0
    assert overlap(masked(0, 0), masked(0, 0)) == 0
