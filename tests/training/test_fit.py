"""The loop of ``standard`` and ``best`` on a small world: it learns, and a resumed run is the uninterrupted one."""

from dataclasses import replace

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow")

import keras  # noqa: E402

from bot.dataset import Split  # noqa: E402
from training.fit import Recipe, Trainer, evaluate  # noqa: E402
from training.networks import published, residual_network  # noqa: E402
from training.world import World, answer_rows, balanced_draw, with_photos  # noqa: E402

RECIPE = Recipe(epochs=3, clean=24, randomised=8, photos=8, outliers=4, peak_rate=0.1, average=0.9)


def small_world(count: int = 320) -> World:
    """Ten classes that a stripe tells apart."""
    rng = np.random.default_rng(0)
    labels = np.arange(count) % 10
    images = np.zeros((count, 28, 28), np.uint8)
    for image, label in zip(images, labels, strict=True):
        image[4 + 2 * label : 7 + 2 * label, 4:24] = 220
        image[4:24, 4:8] = 120
    images += rng.integers(0, 20, images.shape, np.uint8)
    answers = answer_rows([[5, 7, 9] if label in (5, 7, 9) else [label] for label in range(10)])
    photos = np.stack([images[:10], images[10:20]], axis=1)
    outliers = rng.integers(0, 255, (12, 28, 28), np.uint8)
    return World(images, labels.astype(np.uint8), photos, answers, balanced_draw(answers), outliers)


def trainer(world: World) -> Trainer:
    keras.utils.set_random_seed(5)
    return Trainer(residual_network((8, 16, 16), (0, 0, 1)), world, RECIPE, seed=9)


@pytest.fixture(scope="module")
def uninterrupted() -> tuple[Trainer, list[float]]:
    tf.config.experimental.enable_op_determinism()
    teacher = trainer(small_world())
    return teacher, [teacher.epoch(number).loss for number in range(RECIPE.epochs)]


def test_it_learns(uninterrupted: tuple[Trainer, list[float]]) -> None:
    _, losses = uninterrupted

    assert losses[-1] < losses[0] - 0.1


def test_a_resumed_run_ends_at_the_same_weights(uninterrupted: tuple[Trainer, list[float]]) -> None:
    whole, losses = uninterrupted
    first = trainer(small_world())
    first.epoch(0)
    checkpoint = first.to_checkpoint(1)

    second = trainer(small_world())
    second.restore(checkpoint)
    for number in range(1, RECIPE.epochs):
        loss = second.epoch(number).loss

    assert loss == pytest.approx(losses[-1], abs=1e-4)
    for one, other in zip(whole.averaged, second.averaged, strict=True):
        np.testing.assert_allclose(one.numpy(), other.numpy(), atol=1e-4)


def test_the_rate_rises_and_falls_to_nothing() -> None:
    teacher = trainer(small_world())
    rates = [teacher.rate(step) for step in range(RECIPE.epochs * teacher.steps_per_epoch)]

    assert max(rates) == pytest.approx(RECIPE.peak_rate, rel=0.1)
    assert rates[0] < RECIPE.peak_rate / 2
    assert rates[-1] < RECIPE.peak_rate / 20


def test_averaged_weights_are_lent(uninterrupted: tuple[Trainer, list[float]]) -> None:
    teacher, _ = uninterrupted
    own = teacher.network.get_weights()

    with teacher.averaged_weights():
        np.testing.assert_array_equal(teacher.network.get_weights()[0], teacher.averaged[0].numpy())

    for before, after in zip(own, teacher.network.get_weights(), strict=True):
        np.testing.assert_array_equal(before, after)


def test_any_of_the_shoes_is_right_for_footwear() -> None:
    """The loss of a partial label is that of its summed probability."""
    world = replace(small_world(), draw=np.eye(10)[5])
    teacher = trainer(world)
    _, answers = teacher._batch(
        tf.range(32), tf.fill([8], 5), tf.fill([8], 10), tf.zeros(4, tf.int32), tf.constant([1, 2])
    )

    assert answers.numpy()[32].tolist() == [0, 0, 0, 0, 0, 1, 0, 1, 0, 1]
    assert answers.numpy()[-1].tolist() == [1] * 10


def test_the_published_network_looks_from_both_sides_and_gives_probabilities() -> None:
    network = residual_network((8, 16, 16), (0, 0, 1))
    pixels = np.random.default_rng(1).random((6, 28, 28), np.float32)
    padded = np.pad(pixels, ((0, 0), (0, 0), (1, 1)))
    moved = [padded[:, :, at : at + 28] for at in range(3)]

    given = np.asarray(published(network, 2.0)(pixels))

    logits = np.mean([np.asarray(network(look[:, :, ::way])) for look in moved for way in (1, -1)], axis=0) / 2.0
    expected = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    np.testing.assert_allclose(given, expected, atol=1e-5)
    np.testing.assert_allclose(given, np.asarray(published(network, 2.0)(pixels[:, :, ::-1])), atol=1e-5)


def test_evaluate_counts() -> None:
    network = residual_network((8, 16, 16), (0, 0, 1))
    world = small_world(40)
    answers = np.asarray(network(world.images.astype(np.float32) / 255)).argmax(1)

    loss, accuracy = evaluate(network, Split(world.images, answers.astype(np.uint8)))

    assert accuracy == 1
    assert loss > 0


def test_rare_photos_are_drawn_more_often_than_their_share_and_less_than_evenly() -> None:
    draw = balanced_draw(answer_rows([[0]] * 90 + [[9]] * 10))

    assert draw.sum() == pytest.approx(1)
    assert 0.1 < draw[90:].sum() < 0.5


def test_more_photos_join_a_world() -> None:
    world = small_world()

    larger = with_photos(world, world.photos[:3], answer_rows([[1], [2], [3]]))

    assert len(larger.photos) == len(larger.answers) == len(larger.draw) == 13
    assert larger.draw.sum() == pytest.approx(1)
