"""The course's training in numpy learns what Keras learns, step by step."""

from pathlib import Path

import numpy as np
import pytest

from bot.course.numpy_training import BATCH, LabelledPixels, Trainer, TrainingSettings, initial_network, train
from bot.datasets import load_test, load_train


@pytest.fixture(scope="module")
def training(fashion_mnist_dir: Path) -> LabelledPixels:
    split = load_train(fashion_mnist_dir)
    return LabelledPixels(split.images, split.labels)


@pytest.fixture(scope="module")
def test_images(fashion_mnist_dir: Path) -> LabelledPixels:
    split = load_test(fashion_mnist_dir)
    return LabelledPixels(split.images, split.labels)


@pytest.mark.parametrize(("normalise", "steps"), [(True, 200), (False, 30)])
def test_its_steps_are_those_of_keras(training: LabelledPixels, normalise: bool, steps: int) -> None:
    """With pixels of 0..255 the losses are so steep that rounding alone parts the two after some thirty steps."""
    keras = pytest.importorskip("keras")
    network = initial_network(128, np.random.default_rng(3))
    model = keras.Sequential(
        [
            keras.layers.Input((28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.set_weights(list(network.arrays))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    trainer = Trainer(network, learning_rate=0.001, normalise=normalise)
    ours, theirs = [], []
    for step in range(steps):
        batch = slice(step * BATCH, (step + 1) * BATCH)
        images, labels = training.images[batch], training.labels[batch]
        ours.append(trainer.step(images, labels)[0])
        pixels = images / np.float32(255) if normalise else images.astype(np.float32)
        theirs.append(float(model.train_on_batch(pixels, labels)))
        model.reset_metrics()
    assert len(ours) == steps
    np.testing.assert_allclose(ours, theirs, rtol=0.01)


@pytest.mark.slow
def test_five_epochs_reach_what_the_course_reaches(training: LabelledPixels, test_images: LabelledPixels) -> None:
    epochs = [epoch for epoch, _ in train(TrainingSettings(seed=1), training, test_images)]
    assert [epoch.number for epoch in epochs] == [1, 2, 3, 4, 5]
    assert epochs[-1].accuracy == pytest.approx(0.89, abs=0.01)
    assert epochs[-1].test_accuracy == pytest.approx(0.875, abs=0.015)


def few(training: LabelledPixels, count: int) -> LabelledPixels:
    return LabelledPixels(training.images[:count], training.labels[:count])


@pytest.mark.slow
def test_it_stops_above_the_target_with_the_epoch_that_reached_it(training: LabelledPixels) -> None:
    settings = TrainingSettings(neurons=64, epochs=50, target_accuracy=0.8)
    epochs = [epoch for epoch, _ in train(settings, few(training, 1500), few(training, 500))]
    assert len(epochs) < 50
    assert epochs[-1].accuracy > 0.8
    assert all(epoch.accuracy <= 0.8 for epoch in epochs[:-1])


def test_the_same_seed_gives_the_same_network_and_another_one_another(training: LabelledPixels) -> None:
    data = few(training, 640)

    def trained(seed: int) -> np.ndarray:
        *_, (_, network) = train(TrainingSettings(neurons=8, epochs=1, seed=seed), data, data)
        return network.hidden_kernel.copy()

    np.testing.assert_array_equal(trained(1), trained(1))
    assert not np.array_equal(trained(1), trained(2))


def test_progress_grows_to_the_end_and_not_beyond(training: LabelledPixels) -> None:
    told: list[float] = []
    data = few(training, 3200)
    assert len(list(train(TrainingSettings(neurons=8, epochs=2), data, data, on_progress=told.append))) == 2
    assert len(told) >= 100
    assert told == sorted(told)
    assert told[0] >= 0
    assert told[-1] < 1


@pytest.mark.parametrize(
    "wrong",
    [{"neurons": 0}, {"neurons": 513}, {"epochs": 0}, {"epochs": 51}, {"learning_rate": 0.0}, {"learning_rate": 2.0}],
)
def test_what_cannot_be_trained_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"must be"):
        TrainingSettings(**wrong)
