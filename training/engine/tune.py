r"""Hyperparameter search with KerasTuner: ``python -m training --tune 20 [--preset lesson] [--epochs 3]``.

``lesson`` searches the hidden layer's width and the learning rate; ``standard`` and ``best`` the channels' width, the
learning rate and the strength of the augmentation. A trial is judged by the 5,000 held-out pictures, and by photos of
training senders that it did not learn from where the recipe has them; the test set is not looked at. An interrupted
search goes on with ``--resume``.

Several machines share a search through KerasTuner's own environment variables: the same command on each, with
``KERASTUNER_ORACLE_IP`` and ``KERASTUNER_ORACLE_PORT`` saying where the chief listens, and ``KERASTUNER_TUNER_ID``
being ``chief`` on one and anything else on the others. The chief hands out the trials and writes the table; it trains
none::

    KERASTUNER_TUNER_ID=chief KERASTUNER_ORACLE_IP=10.0.0.1 KERASTUNER_ORACLE_PORT=8000 python -m training --tune 20
    KERASTUNER_TUNER_ID=one   KERASTUNER_ORACLE_IP=10.0.0.1 KERASTUNER_ORACLE_PORT=8000 python -m training --tune 20
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import keras_tuner

from bot.registry.files import replace_durably
from training.engine.trial_settings import write_trials
from training.errors import TrainingError
from training.plan import LessonPlan, Plan
from training.runs.folders import Run
from training.runs.report import draw_trials

OBJECTIVE: Final = "score"
TABLE: Final = "trials.csv"
PICTURE: Final = "trials.png"

Judge = Callable[[Mapping[str, Any], str], float]
"""Trains with a trial's settings, given its number, and says how good the result is on pictures held out; 0..1."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One line of the table.

    Attributes:
        number: from 1, in the order in which they began.
        settings: what was tried.
        score: on pictures held out; None for a trial that failed.
    """

    number: int
    settings: Mapping[str, float]
    score: float | None


class _Tuner(keras_tuner.Tuner):
    """Trains by our own loops instead of ``fit``."""

    def __init__(self, judge: Judge, **options: Any) -> None:
        self._judge = judge
        super().__init__(**options)

    def run_trial(self, trial: Any, *args: Any, **kwargs: Any) -> float:
        """Trains once; KerasTuner notes the score."""
        settings = {name: value for name, value in trial.hyperparameters.values.items() if name != OBJECTIVE}
        return self._judge(settings, str(_number(trial.trial_id)))


def search(run: Run, judge: Judge) -> list[Trial]:
    """Runs the search from where it stands; the chief, or the only process, writes the table and the picture.

    Args:
        run: its plan says how many trials, and from which recipe.
        judge: trains and scores.

    Returns:
        The trials, best first.
    """
    tuner = _Tuner(
        judge,
        oracle=keras_tuner.oracles.RandomSearchOracle(
            objective=keras_tuner.Objective(OBJECTIVE, "max"),
            max_trials=run.plan.trials,
            hyperparameters=space(run.plan),
            seed=run.plan.seed,
        ),
        directory=str(run.folder),
        project_name="tune",
        overwrite=False,
    )
    try:
        tuner.search(verbose=0)
    except RuntimeError as error:  # KerasTuner gives up after some failures in a row
        raise TrainingError(f"The search gave up: {str(error).strip().splitlines()[-1]}") from error
    if not _is_chief_or_alone():
        return []
    trials = _trials(tuner)
    _write_table(trials, run.folder / TABLE)
    write_trials(run.folder, [asdict(trial) for trial in trials])
    draw_trials([(trial.settings, trial.score) for trial in trials if trial.score is not None], run.folder / PICTURE)
    return trials


def space(plan: Plan) -> Any:
    """What a recipe can vary: keras_tuner.HyperParameters with the names of the plan's fields."""
    choices = keras_tuner.HyperParameters()
    rate, lesson = plan.learning_rate, isinstance(plan, LessonPlan)
    choices.Float("learning_rate", rate / 10, rate * 10 if lesson else rate * 3, sampling="log")
    if lesson:
        choices.Int("neurons", 16, 512, sampling="log")
    else:
        choices.Choice("width", [0.5, 0.75, 1.0, 1.25], ordered=True)
        choices.Float("augmentation", 0.25, 2.0, sampling="log")
    return choices


def table(trials: Sequence[Trial]) -> list[tuple[str, ...]]:
    """The trials as text cells, with a heading."""
    names = sorted({name for trial in trials for name in trial.settings})
    rows = [
        (
            str(trial.number),
            "failed" if trial.score is None else f"{trial.score:.4f}",
            *(f"{trial.settings[name]:.4g}" for name in names),
        )
        for trial in trials
    ]
    return [("trial", "held out", *(name.replace("_", " ") for name in names)), *rows]


def _trials(tuner: _Tuner) -> list[Trial]:
    oracle = tuner.oracle
    found = [
        Trial(_number(key), dict(oracle.trials[key].hyperparameters.values), oracle.trials[key].score)
        for key in oracle.end_order
    ]
    return sorted(found, key=lambda trial: (trial.score is None, -(trial.score or 0.0)))


def _number(trial_id: str) -> int:
    """KerasTuner counts from 0, people from 1."""
    return int(trial_id) + 1


def _is_chief_or_alone() -> bool:
    return "KERASTUNER_ORACLE_IP" not in os.environ or "chief" in os.environ.get("KERASTUNER_TUNER_ID", "")


def _write_table(trials: Sequence[Trial], path: Path) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table(trials))
    replace_durably(path, text.getvalue().encode())
