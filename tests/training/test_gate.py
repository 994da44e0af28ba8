"""What may go live, figure by figure."""

import numpy as np
import pytest

from tests.training.small import entry_of, files_of
from tests.vision.tiny_models import always, tiny_model
from training.gate import decide, unfit_reasons
from training.history import Models, best_figures
from training.measure import Figures
from training.publish import publish

BEST = Figures(test_accuracy=0.95, held_out_accuracy=0.950, balanced_accuracy=0.850, photo_ece=0.030)
HELD_BY = {
    "test_accuracy": (0.95, "a"),
    "held_out_accuracy": (0.950, "a"),
    "balanced_accuracy": (0.850, "b"),
    "photo_ece": (0.030, "a"),
}


@pytest.mark.parametrize(
    ("figures", "published"),
    [
        (BEST, True),
        (Figures(0.90, 0.950, 0.850, 0.030), True),  # the test set decides nothing
        (Figures(0.95, 0.947, 0.850, 0.030), True),
        (Figures(0.95, 0.9469, 0.850, 0.030), False),
        (Figures(0.95, 0.950, 0.840, 0.030), True),
        (Figures(0.95, 0.950, 0.8399, 0.030), False),
        (Figures(0.95, 0.950, 0.850, 0.040), True),
        (Figures(0.95, 0.950, 0.850, 0.0401), False),
        (Figures(0.95, 0.999, 0.999, 0.000), True),
        (Figures(0.95, None, 0.850, 0.030), False),
        (Figures(0.95, 0.950, None, None), False),
    ],
)
def test_each_figure_has_its_allowance(figures: Figures, published: bool) -> None:
    decision = decide("standard", figures, BEST, HELD_BY)
    assert decision.publish is published
    assert bool(decision.reasons) is not published
    assert len(decision.rows) == 4


def test_reasons_name_the_figure_and_the_model_that_is_better() -> None:
    decision = decide("standard", Figures(0.95, 0.950, 0.80, 0.030), BEST, HELD_BY)
    assert decision.reasons == ("photos, balanced: 5.00 points worse than b, more than the allowed 1.0",)


def test_the_first_model_has_nothing_to_beat() -> None:
    assert decide("lesson", Figures(0.87), None, {}).publish
    assert decide("standard", Figures(0.93, 0.94, None, None), None, {}).publish


def test_lesson_never_replaces_a_model_by_itself() -> None:
    decision = decide("lesson", BEST, BEST, HELD_BY)
    assert not decision.publish
    assert "teaching" in decision.reasons[0]


def test_unfit_is_not_published() -> None:
    decision = decide("standard", BEST, BEST, HELD_BY, unfit=["RELU version 9: x has versions 1 to 3"])
    assert not decision.publish
    assert decision.unfit


def test_force_overrides_and_says_what() -> None:
    decision = decide("lesson", Figures(0.5), BEST, HELD_BY, force=True)
    assert decision.publish
    assert decision.overridden
    assert len(decision.reasons) == 4
    assert not decide("standard", BEST, BEST, HELD_BY, force=True).overridden


def test_small_losses_do_not_add_up(tmp_path) -> None:
    """The best model counts, not the last; each may be a little worse than it, not than its predecessor."""
    models = Models(tmp_path)
    for label, (version, accuracy) in enumerate([("a", 0.950), ("b", 0.948), ("c", 0.9475)]):
        files = files_of(label, version)
        publish(models, files, entry_of(files, held_out_accuracy=accuracy, balanced_accuracy=(80 + label) / 100))
    best = best_figures(models)
    assert best == {"held_out_accuracy": (0.950, "a"), "balanced_accuracy": (0.82, "c")}
    live = models.live().figures
    assert not decide("standard", Figures(0.9, 0.946, 0.82), live, best).publish
    assert decide("standard", Figures(0.9, 0.947, 0.82), live, best).publish


def test_a_model_measured_again_counts_with_its_new_figures(tmp_path) -> None:
    models = Models(tmp_path)
    files = files_of(1, "a", held_out={"accuracy": 0.95})
    publish(models, files, entry_of(files, held_out_accuracy=0.95))
    fresh = {"a": Figures(held_out_accuracy=0.96)}
    assert best_figures(models, fresh)["held_out_accuracy"] == (0.96, "a")


def test_a_file_that_differs_from_its_network_is_unfit() -> None:
    labels = np.arange(1000) % 10
    network = np.eye(10)[labels]

    def reasons(wrong: int) -> list[str]:
        of_file = network.copy()
        of_file[:wrong] = np.roll(network[:wrong], 1, axis=1)
        return [each for each in unfit_reasons(always(1), of_file, network, labels) if "output" not in each]

    assert reasons(0) == reasons(2) == []
    assert reasons(4) == ["converting changes the accuracy by 0.40 points, more than 0.2"]
    assert "agree on 99.40%" in reasons(6)[0]


def test_a_file_with_another_input_or_output_is_unfit() -> None:
    labels = np.zeros(10, int)
    answers = np.eye(10)[labels]
    small = unfit_reasons(tiny_model(side=14), answers, answers, labels)
    assert small[0] == "the input is [('pixels', (1, 14, 14))], not [('pixels', (1, 28, 28))]"
    assert small[1] == "the output is [('probabilities', (1, 10))], not [('Identity', (1, 10))]"
