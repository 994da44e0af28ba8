"""The loop of ``standard`` and ``best`` on few images: it learns, and a resumed run is the uninterrupted one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

tf = pytest.importorskip("tensorflow")

import keras  # noqa: E402

from bot.datasets import Split  # noqa: E402
from tests.training.small_training_set import PLAN, small_training_set  # noqa: E402
from training.data.training_set import TrainingSet, answer_rows, balanced_draw, with_corrected  # noqa: E402
from training.engine import fit  # noqa: E402
from training.engine.fit import Trainer  # noqa: E402
from training.errors import RunError, TrainingError  # noqa: E402
from training.networks.classifier import published, residual_network  # noqa: E402
from training.networks.sharpening import Sharpening  # noqa: E402
from training.plan import PhotoPlan  # noqa: E402
from training.presets import plan_for  # noqa: E402
from training.runs.folders import TEACHER, ProgressListener, Run, read_metrics  # noqa: E402


def trainer(training_set: TrainingSet) -> Trainer:
    keras.utils.set_random_seed(5)
    return Trainer(residual_network((8, 16, 16), (0, 0, 1)), training_set, replace(PLAN, seed=9))


@pytest.fixture(scope="module")
def uninterrupted() -> tuple[Trainer, list[float]]:
    tf.config.experimental.enable_op_determinism()
    teacher = trainer(small_training_set())
    return teacher, [teacher.epoch(number).loss for number in range(PLAN.epochs)]


def test_it_learns(uninterrupted: tuple[Trainer, list[float]]) -> None:
    _, losses = uninterrupted

    assert losses[-1] < losses[0] - 0.1


def test_a_resumed_run_ends_at_the_same_weights(uninterrupted: tuple[Trainer, list[float]]) -> None:
    whole, losses = uninterrupted
    first = trainer(small_training_set())
    first.epoch(0)
    checkpoint = first.to_checkpoint(1)

    second = trainer(small_training_set())
    second.restore(checkpoint)
    for number in range(1, PLAN.epochs):
        loss = second.epoch(number).loss

    assert loss == pytest.approx(losses[-1], abs=1e-4)
    for one, other in zip(whole.state.averaged.trained, second.state.averaged.trained, strict=True):
        np.testing.assert_allclose(np.asarray(one), np.asarray(other), atol=1e-4)


def test_the_rate_rises_and_falls_to_nothing() -> None:
    teacher = trainer(small_training_set())
    rates = [teacher.rate(step) for step in range(PLAN.epochs * teacher.steps_per_epoch)]

    assert max(rates) == pytest.approx(PLAN.learning_rate, rel=0.1)
    assert rates[0] < PLAN.learning_rate / 2
    assert rates[-1] < PLAN.learning_rate / 20


def test_averaged_weights_are_given_to_another_network(uninterrupted: tuple[Trainer, list[float]]) -> None:
    trained, _ = uninterrupted
    other = residual_network((8, 16, 16), (0, 0, 1))

    trained.put_averages_into(other)

    kernel, mean = other.trainable_variables[0], other.non_trainable_variables[0]
    np.testing.assert_array_equal(kernel.numpy(), np.asarray(trained.state.averaged.trained[0]))
    np.testing.assert_array_equal(mean.numpy(), np.asarray(trained.state.averaged.counted[0]))
    assert np.abs(np.asarray(trained.state.own.trained[0]) - kernel.numpy()).max() > 0


def test_any_of_the_shoes_is_right_for_footwear() -> None:
    """The loss of a partial label is that of its summed probability."""
    one = trainer(replace(small_training_set(), draw=np.eye(10)[5]))
    choice = one.choose(np.arange(32), 0, np.random.default_rng(0))

    pixels, answers = one.batch(one.material, choice)

    assert pixels.shape == (44, 28, 28)
    assert np.asarray(answers)[32].tolist() == [0, 0, 0, 0, 0, 1, 0, 1, 0, 1]
    assert np.asarray(answers)[-1].tolist() == [1] * 10


def sure_of_class_3() -> keras.Model:
    """A network that answers 3, whatever it is shown."""
    network = residual_network((8, 8, 8), (0, 0, 0))
    network.layers[-1].kernel.assign(np.zeros(network.layers[-1].kernel.shape))
    network.layers[-1].bias.assign(8.0 * np.eye(10)[3])
    return network


def taught_that_all_is_3(plan: PhotoPlan) -> tuple[NDArray[np.integer], list[float]]:
    """What a network with a teacher that answers 3 says to a batch in the end, and its losses."""
    keras.utils.set_random_seed(5)
    one = Trainer(
        residual_network((8, 16, 16), (0, 0, 1)), small_training_set(), replace(plan, seed=9), sure_of_class_3()
    )
    losses = [one.epoch(number).loss for number in range(plan.epochs)]
    pixels, _ = one.batch(one.material, one.choose(np.arange(32), 0, np.random.default_rng(0)))
    logits, _ = one.network.stateless_call(one.state.own.trained, one.state.own.counted, pixels, training=True)
    return np.asarray(logits).argmax(1), losses


def test_a_network_learns_what_its_teacher_answers() -> None:
    """With nothing but a teacher that always says 3, the labels have no say."""
    answers, losses = taught_that_all_is_3(replace(PLAN, distillation=1.0))
    assert losses[-1] < losses[0] / 5
    assert (answers == 3).all()


def test_what_people_corrected_is_not_learnt_from_a_teacher() -> None:
    training_set = small_training_set()
    shown = training_set.photos[:2]  # of classes 0 and 1
    corrected = with_corrected(training_set, shown, answer_rows([[0], [1]]))
    one = Trainer(residual_network((8, 16, 16), (0, 0, 1)), corrected, replace(PLAN, distillation=0.9, seed=9))
    choice = one.choose(np.arange(32), 0, np.random.default_rng(0))
    share = np.asarray(one._teacher_share(choice._replace(photos=np.array([0, 1, 10, 11, 9, 2, 3, 4], np.int32))))
    assert share[32:40] == pytest.approx([0.9, 0.9, 0.0, 0.0, 0.9, 0.9, 0.9, 0.9])
    assert share[:32] == pytest.approx([0.9] * 32)
    assert share[40:] == pytest.approx([0.9] * 4)


def test_a_refresh_keeps_to_what_the_published_network_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "build", lambda *_: residual_network((8, 8, 8), (0, 0, 0)))
    training_set = small_training_set()
    pictures = Split(training_set.images, training_set.labels)
    learnt = []
    for share in (1.0, 0.0):
        plan = replace(PLAN, epochs=1, refresh=True, distillation=share)
        run = Run.create(tmp_path, plan, events=False)
        network = fit.fitted(plan, run, training_set, pictures, sure_of_class_3().get_weights())
        learnt.append(np.abs(network.layers[-1].get_weights()[0]).max())
        right = float((training_set.labels == 3).mean())
        assert run.start().val_accuracy == pytest.approx(right), "the curve shows where it started"
    assert learnt[0] < 1e-4  # nothing that it did not answer before
    assert learnt[1] > 1e-2


def test_ctrl_c_that_was_swallowed_stops_before_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An epoch of the larger recipes takes minutes."""
    monkeypatch.setattr(fit, "build", lambda *_: residual_network((8, 8, 8), (0, 0, 0)))
    plan = replace(PLAN, epochs=1)
    run, training_set, steps = Run.create(tmp_path, plan, events=False), small_training_set(), []

    class Swallowing(ProgressListener):
        def part(self, fraction: float, loss: float | None = None, accuracy: float | None = None) -> None:
            steps.append(fraction)
            run.interruption.asked = True

    run.listener = Swallowing()
    with pytest.raises(KeyboardInterrupt):
        fit.fitted(plan, run, training_set, Split(training_set.images, training_set.labels))
    assert len(steps) == 1
    assert run.metrics() == []
    with pytest.raises(KeyboardInterrupt):
        run.stage("measuring", 1, 2)


def test_a_refresh_learns_mostly_from_the_published_network() -> None:
    assert plan_for("best", refresh=True).distillation > plan_for("best").distillation


def test_a_plan_with_a_teacher_trains_it_first_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def small(*_: object) -> keras.Model:
        return residual_network((8, 8, 8), (0, 0, 0))

    monkeypatch.setattr(fit, "build", small)
    monkeypatch.setattr(fit, "build_teacher", small)
    training_set = small_training_set()
    held_out = Split(training_set.images, training_set.labels)
    plan = replace(PLAN, epochs=2, teacher_epochs=1)
    run = Run.create(tmp_path, plan, events=False)

    network = fit.fitted(plan, run, training_set, held_out)
    again = fit.fitted(plan, Run.open(run.folder, events=False), training_set, held_out)

    assert len(read_metrics(run.folder / TEACHER / "metrics.csv")) == 1
    assert len(run.metrics()) == 2
    for one, other in zip(network.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_checkpoint_of_another_network_is_refused() -> None:
    other = Trainer(residual_network((8, 8, 8), (0, 0, 0)), small_training_set(), replace(PLAN, seed=9))

    with pytest.raises(RunError, match="another network"):
        other.restore(trainer(small_training_set()).to_checkpoint(1))


def test_weights_of_another_network_cannot_be_refreshed() -> None:
    other = residual_network((8, 8, 8), (0, 0, 0))

    with pytest.raises(TrainingError, match="from scratch"):
        trainer(small_training_set()).start_from(other.get_weights())


def test_the_published_network_looks_from_both_sides_and_gives_probabilities() -> None:
    network = residual_network((8, 16, 16), (0, 0, 1))
    pixels = np.random.default_rng(1).random((6, 28, 28), np.float32)

    given = np.asarray(published(network, Sharpening(2.0))(pixels))

    logits = np.mean([np.asarray(network(pixels[:, :, ::way])) for way in (1, -1)], axis=0) / 2.0
    expected = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    np.testing.assert_allclose(given, expected, atol=1e-5)
    np.testing.assert_allclose(given, np.asarray(published(network, Sharpening(2.0))(pixels[:, :, ::-1])), atol=1e-5)


def test_evaluate_counts() -> None:
    training_set = small_training_set(40)
    one = trainer(training_set)
    answers = np.asarray(one.network(training_set.images.astype(np.float32) / 255)).argmax(1)

    loss, accuracy = one.evaluate(Split(training_set.images, answers.astype(np.uint8)))

    assert accuracy == 1
    assert loss > 0


def test_rare_photos_are_drawn_more_often_than_their_share_and_less_than_evenly() -> None:
    draw = balanced_draw(answer_rows([[0]] * 90 + [[9]] * 10))

    assert draw.sum() == pytest.approx(1)
    assert 0.1 < draw[90:].sum() < 0.5


def test_corrected_photos_join_a_training_set() -> None:
    training_set = small_training_set()

    larger = with_corrected(training_set, training_set.photos[:3], answer_rows([[1], [2], [3]]))

    assert larger.corrected == 3
    assert len(larger.photos) == len(larger.answers) == len(larger.draw) == 13
    assert larger.draw.sum() == pytest.approx(1)
