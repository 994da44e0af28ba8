"""What may go live, figure by figure."""

from dataclasses import replace

import numpy as np
import pytest

from bot.registry.history import Figures, WorseFigure
from tests.training.small import entry_of, files_of, put_live
from tests.vision.tiny_models import always, tiny_model
from training.evaluation.gate import RULES, decide, gains_nothing, unfit_reasons, what_is_lost
from training.runs.history import Models, best_figures
from training.runs.publish import publish, roll_back

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
    assert len(decision.rows) == len(RULES) + 1


def test_reasons_name_the_figure_and_the_model_that_is_better() -> None:
    decision = decide("standard", Figures(0.95, 0.950, 0.80, 0.030), BEST, HELD_BY)
    assert decision.reasons == ("photos, balanced: 5.00 points worse than b, more than the allowed 1.0",)
    assert decision.worse_figures == (WorseFigure("balanced_accuracy", 0.80, 0.850, "b", 0.010, decision.reasons[0]),)
    unmeasured = decide("standard", Figures(0.95, 0.950, None, 0.030), BEST, HELD_BY)
    assert [each.value for each in unmeasured.worse_figures] == [None]


def test_the_first_model_has_nothing_to_beat() -> None:
    assert decide("lesson", Figures(0.87), None, {}).publish
    assert decide("standard", Figures(0.93, 0.94, None, None), None, {}).publish


def test_lesson_never_replaces_a_model_by_itself() -> None:
    decision = decide("lesson", BEST, BEST, HELD_BY)
    assert not decision.publish
    assert "teaching" in decision.reasons[0]


def test_what_answers_photos_is_not_dropped_in_silence() -> None:
    """A lesson's card has no thresholds, so that the network in colour would weigh nothing."""
    live = {"version": "a", "thresholds": {"color_weight": 1.2, "model_weight": 0.4, "sure": 0.8}}
    lost = what_is_lost(live, {"sure": 0.7})
    assert lost == ("photos: the network in colour, which counts 1.2 to 0.4 in a, would no longer be asked",)
    assert not decide("standard", BEST, BEST, HELD_BY, lost=lost).publish
    assert decide("standard", BEST, BEST, HELD_BY, lost=lost, force=True).overridden
    assert len(what_is_lost(live, {})) == 2
    assert what_is_lost(live, {"color_weight": 0.1}) == what_is_lost({"version": "a"}, {}) == ()


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
        put_live(models, files_of(label, version), held_out_accuracy=accuracy, balanced_accuracy=(80 + label) / 100)
    best = best_figures(models)
    assert best == {"held_out_accuracy": (0.950, "a"), "balanced_accuracy": (0.82, "c")}
    live = Figures.from_card(models.live().card)
    assert not decide("standard", Figures(0.9, 0.946, 0.82), live, best).publish
    assert decide("standard", Figures(0.9, 0.947, 0.82), live, best).publish


def test_twenty_refreshes_in_a_row_lose_no_more_than_one_may(tmp_path) -> None:
    """Each would be a little worse than the last one, which alone no gate would mind."""
    models = Models(tmp_path)
    figures = {"held_out_accuracy": 0.95, "balanced_accuracy": 0.85, "photo_ece": 0.03, "street_top": 0.70}
    figures |= {"bags_named": 0.63, "no_clothing_refused": 0.95}
    first, live = files_of(0, "first"), dict(figures)
    publish(models, first, entry_of(first, **figures))
    for number in range(20):
        rules = {rule.figure: rule for rule in RULES}
        worse = {
            name: value + (1 if rules[name].lower_is_better else -1) * rules[name].allowance / 3
            for name, value in live.items()
        }
        if decide("standard", Figures(**worse), Figures(**live), best_figures(models)).publish:
            live, files = worse, files_of(1, f"refresh-{number}")
            publish(models, files, entry_of(files, **live))
    assert len(models.published()) == 4, "the first one, and three that lost a third of the allowance each"
    for rule in RULES:
        assert rule.loss(live[rule.figure], figures[rule.figure]) <= rule.allowance + 1e-9


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.figure)
def test_every_figure_that_people_notice_can_refuse(rule) -> None:
    best = {each.figure: 0.5 for each in RULES}
    held_by = {name: (value, "a") for name, value in best.items()}
    assert decide("standard", Figures(**best), Figures(**best), held_by).publish
    much_worse = {**best, rule.figure: 0.6 if rule.lower_is_better else 0.4}
    (reason,) = decide("standard", Figures(**much_worse), Figures(**best), held_by).reasons
    assert reason.startswith(f"{rule.title}: 10.00 points worse than a")


def test_with_corrections_something_must_be_gained() -> None:
    assert gains_nothing(3, 4, 10) == ()
    assert gains_nothing(0, 0, 0) == ()  # nobody corrected anything: there is nothing to ask
    (reason,) = gains_nothing(4, 4, 10)
    assert reason == "corrected photos: 4 of 10 right, 4 before: nothing is gained"
    assert not decide("standard", BEST, BEST, HELD_BY, lost=gains_nothing(4, 3, 10)).publish


def test_what_was_forced_or_taken_back_sets_no_bar(tmp_path) -> None:
    models = Models(tmp_path)
    for label, (version, accuracy, forced) in enumerate(
        [("a", 0.90, False), ("b", 0.91, False), ("c", 0.99, True), ("d", 0.95, False)]
    ):
        files = files_of(label, version)
        publish(models, files, replace(entry_of(files, held_out_accuracy=accuracy), forced=forced))
    assert best_figures(models) == {"held_out_accuracy": (0.95, "d")}
    roll_back(models, "b")
    assert best_figures(models) == {"held_out_accuracy": (0.91, "b")}
    measured_again = {"d": Figures(held_out_accuracy=0.96), "b": Figures(held_out_accuracy=0.92)}
    assert best_figures(models, measured_again) == {"held_out_accuracy": (0.92, "b")}


def test_a_model_measured_again_counts_with_its_new_figures(tmp_path) -> None:
    models = Models(tmp_path)
    put_live(models, files_of(1, "a", held_out={"accuracy": 0.95}), held_out_accuracy=0.95)
    fresh = {"a": Figures(held_out_accuracy=0.96)}
    assert best_figures(models, fresh)["held_out_accuracy"] == (0.96, "a")


def test_figures_on_other_data_set_no_bar(tmp_path) -> None:
    """The list of photos grew: what was measured on the old one cannot be compared."""
    models = Models(tmp_path)
    files = files_of(1, "a")
    figures = {"held_out_accuracy": 0.95, "balanced_accuracy": 0.9}
    publish(models, files, replace(entry_of(files, **figures), data={"photos": "old", "held_out": "same"}))
    today = {"photos": "new", "held_out": "same", "test": "same"}
    assert best_figures(models, data=today) == {"held_out_accuracy": (0.95, "a")}
    assert len(best_figures(models, data=today | {"photos": "old"})) == 2
    assert len(best_figures(models, {"a": Figures(balanced_accuracy=0.8)}, today)) == 1
    assert len(best_figures(models)) == 2, "of an older version nothing is known"


def test_a_file_that_differs_from_its_network_is_unfit() -> None:
    labels = np.arange(1000) % 10
    network = np.eye(10)[labels]

    def reasons(wrong: int) -> list[str]:
        of_file = network.copy()
        of_file[:wrong] = np.roll(network[:wrong], 1, axis=1)
        return [each for each in unfit_reasons(always(1), of_file, network, labels) if "output" not in each]

    assert reasons(0) == reasons(2) == []
    assert reasons(4) == ["converting costs 0.40 points of accuracy, more than 0.2"]
    assert "agree on 94.00%" in reasons(60)[0]


def test_a_file_that_is_as_often_right_as_its_network_is_fit() -> None:
    """After fifty epochs of the course they agree on 99.1 % of the pictures, and each is right on half of the rest."""
    labels = np.arange(1000) % 10
    network, of_file = np.eye(10)[labels], np.eye(10)[labels]
    of_file[:5] = np.roll(of_file[:5], 1, axis=1)
    network[5:9] = np.roll(network[5:9], 1, axis=1)
    assert [each for each in unfit_reasons(always(1), of_file, network, labels) if "output" not in each] == []


def test_a_file_with_another_input_or_output_is_unfit() -> None:
    labels = np.zeros(10, int)
    answers = np.eye(10)[labels]
    small = unfit_reasons(tiny_model(side=14), answers, answers, labels)
    assert small[0] == "the input is [('pixels', (1, 14, 14))], not [('pixels', (1, 28, 28))]"
    assert small[1] == "the output is [('probabilities', (1, 10))], not [('Identity', (1, 10))]"
