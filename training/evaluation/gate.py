"""May a new model take over? What it must be able to do at all, and what it must not be worse at.

Unfit is a model that the bot or one of its two interpreters would not run, or that is less often right than the network
that was trained. Worse is one that falls behind the best model that was ever live, not merely the last, so that small
losses cannot add up. The test set is recorded and decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.registry.history import Figures, WorseFigure
from training.networks.operators import interface_problems, unsupported

MOST_ACCURACY_LOST: Final = 0.002
"""Converting loses at most this much accuracy. Where many pictures lie between two classes, as after fifty epochs of
the course, file and network agree on 99.1 % of them and are equally often right: that is no fault of the file."""

LEAST_AGREEMENT: Final = 0.95
"""A file that gives another class than its network more often than this is of another network."""

COLOR_WEIGHT: Final = "color_weight"
"""Of a card's thresholds: how much the network in colour counts; a card without it leaves that network out."""

PRESETS_THAT_ONLY_FILL: Final = frozenset({"lesson"})
"""Recipes for teaching: they are published into a folder without a model, or by force."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One figure that must not get worse.

    Attributes:
        figure: field of :class:`~training.evaluation.measure.Figures`.
        title: for people.
        allowance: how much worse it may be.
        lower_is_better: for errors.
    """

    figure: str
    title: str
    allowance: float
    lower_is_better: bool = False

    def loss(self, new: float, best: float) -> float:
        """How much worse ``new`` is; negative when it is better."""
        return new - best if self.lower_is_better else best - new


RULES: Final = (
    Rule("held_out_accuracy", "held-out images", 0.003),
    Rule("balanced_accuracy", "photos, balanced", 0.010),
    Rule("photo_ece", "photos, calibration", 0.010, lower_is_better=True),
    Rule("street_top", "people in streets, first answer", 0.020),
    Rule("bags_named", "bags", 0.035),
    Rule("no_clothing_refused", "no clothing, refused", 0.020),
)
"""A photo among a hundred is a point: the last three allow two photos each."""

_TOLERANCE: Final = 1e-9
"""Allowances are decimal; floating point must not decide at their edge."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table that is always shown.

    Attributes:
        figure: field of :class:`~training.evaluation.measure.Figures`.
        title: the same, for people.
        live: of the model that serves now.
        best: of the best model there was, and
        best_version: which one that was.
        new: of the new model.
        allowance: how much worse it may be; None where the figure only is recorded.
        judgement: in words.
        ok: it does not speak against the new model.
    """

    figure: str
    title: str
    live: float | None
    best: float | None
    best_version: str | None
    new: float | None
    allowance: float | None
    judgement: str
    ok: bool

    @property
    def reason(self) -> str:
        """The judgement by itself."""
        return f"{self.title}: {self.judgement}"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate says.

    Attributes:
        unfit: why the model must not serve at all; empty when it may.
        worse: why it should not take over; empty when it should.
        rows: the table.
        forced: an admin overrode it.
    """

    unfit: tuple[str, ...]
    worse: tuple[str, ...]
    rows: tuple[Row, ...]
    forced: bool = False

    @property
    def publish(self) -> bool:
        """Whether the new model goes live."""
        return self.forced or not (self.unfit or self.worse)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Everything that speaks against it."""
        return self.unfit + self.worse

    @property
    def worse_figures(self) -> tuple[WorseFigure, ...]:
        """Those of the reasons that are about a figure, for the history."""
        return tuple(
            WorseFigure(row.figure, row.new, row.best, row.best_version, row.allowance, row.reason)
            for row in self.rows
            if not row.ok and row.best is not None and row.best_version is not None and row.allowance is not None
        )

    @property
    def overridden(self) -> bool:
        """Whether force was needed."""
        return self.forced and bool(self.reasons)


def unfit_reasons(
    model: bytes, of_file: NDArray[np.floating], of_network: NDArray[np.floating], labels: NDArray[np.integer]
) -> tuple[str, ...]:
    """Why a converted file that the bot loads must not serve all the same.

    Args:
        model: the ``.tflite`` file.
        of_file: float [n, 10], its probabilities for the test pictures.
        of_network: float [n, 10], those of the network it was made from.
        labels: int [n], the true classes.
    """
    reasons = [*interface_problems(model), *unsupported(model)]
    file_classes, network_classes = of_file.argmax(axis=1), of_network.argmax(axis=1)
    agreement = float((file_classes == network_classes).mean())
    if agreement < LEAST_AGREEMENT:
        reasons.append(
            f"the file and the network agree on {agreement:.2%} of the test images, not {LEAST_AGREEMENT:.0%}"
        )
    lost = float((network_classes == labels).mean()) - float((file_classes == labels).mean())
    if lost > MOST_ACCURACY_LOST + _TOLERANCE:
        most = f"{MOST_ACCURACY_LOST * 100:.1f}"
        reasons.append(f"converting costs {lost * 100:.2f} points of accuracy, more than {most}")
    return tuple(reasons)


def what_is_lost(live: Mapping[str, Any], thresholds: Mapping[str, float]) -> tuple[str, ...]:
    """What answers photos today and no longer would.

    Args:
        live: the card of the model that serves.
        thresholds: of the new model's card: how it is weighed with the networks beside it, and where verdicts begin.
    """
    today: Mapping[str, float] = live.get("thresholds") or {}
    lost = []
    if (weight := today.get(COLOR_WEIGHT, 0.0)) > 0 and not thresholds.get(COLOR_WEIGHT):
        own = today.get("model_weight", 1.0)
        lost.append(
            f"photos: the network in colour, which counts {weight:.2g} to {own:.2g} in {live.get('version')},"
            " would no longer be asked"
        )
    if today and not thresholds:
        lost.append(f"verdicts: the thresholds that {live.get('version')} was given on photos would be gone")
    return tuple(lost)


def gains_nothing(before: int, after: int, corrections: int) -> tuple[str, ...]:
    """Why networks that learnt from corrections should not take over all the same: they answer them no better.

    Args:
        before: corrected garments that were answered rightly by the networks that are live.
        after: by the new ones.
        corrections: of so many that were learnt from.
    """
    if not corrections or after > before:
        return ()
    return (f"corrected photos: {after} of {corrections} right, {before} before: nothing is gained",)


def decide(
    preset: str,
    new: Figures,
    live: Figures | None,
    best: Mapping[str, tuple[float, str]],
    *,
    unfit: Sequence[str] = (),
    lost: Sequence[str] = (),
    force: bool = False,
) -> Decision:
    """Compares a new model with those before it.

    Args:
        preset: the new model's recipe.
        new: its figures.
        live: those of the model that serves now; None without one.
        best: the best of each figure among all models that were ever live, with that model's version.
        unfit: what :func:`unfit_reasons` found.
        lost: what :func:`what_is_lost` and :func:`gains_nothing` found.
        force: an admin wants it published whatever this finds.
    """
    rows = [_row(rule, new, live, best) for rule in RULES]
    worse = [*lost, *(row.reason for row in rows if not row.ok)]
    if live is not None and preset in PRESETS_THAT_ONLY_FILL:
        worse.insert(0, f"{preset} is for teaching and replaces no model without --force")
    best_test, best_version = best.get("test_accuracy", (None, None))
    recorded = Row(
        figure="test_accuracy",
        title="test images",
        live=live.test_accuracy if live else None,
        best=best_test,
        best_version=best_version,
        new=new.test_accuracy,
        allowance=None,
        judgement="recorded, not decided on",
        ok=True,
    )
    return Decision(tuple(unfit), tuple(worse), (*rows, recorded), forced=force)


def _row(rule: Rule, new: Figures, live: Figures | None, best: Mapping[str, tuple[float, str]]) -> Row:
    value: float | None = getattr(new, rule.figure)
    best_value, best_version = best.get(rule.figure, (None, None))
    if best_value is None:
        judgement, ok = ("nothing to compare with" if value is not None else "not measured"), True
    elif value is None:
        judgement, ok = f"not measured, and {best_version} has {best_value:.4f}", False
    else:
        loss = rule.loss(value, best_value)
        ok = loss <= rule.allowance + _TOLERANCE
        points = f"{abs(loss) * 100:.2f} points"
        judgement = (
            f"{points} {'worse' if loss > 0 else 'better'} than {best_version}"
            if loss
            else f"the same as {best_version}"
        )
        if loss > 0:
            judgement += f", {'within' if ok else 'more than'} the allowed {rule.allowance * 100:.1f}"
    live_value = getattr(live, rule.figure) if live else None
    return Row(rule.figure, rule.title, live_value, best_value, best_version, value, rule.allowance, judgement, ok)
