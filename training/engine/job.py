"""What the command line asks the workflow for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.registry.publishing import AfterStep
from bot.settings import Settings
from training.data.fashion_mnist import FashionMnist
from training.evaluation.measure import PhotoExaminer
from training.evaluation.worn import WornScores
from training.runs.folders import Run
from training.runs.history import Models


@dataclass(frozen=True, slots=True, eq=False)
class TrainingJob:
    """What the command line asks for.

    Attributes:
        run: what to train, and where to record it.
        models: where to publish.
        fashion_mnist: Fashion-MNIST.
        data_dir: for recipes that read photos.
        settings: for the corrections' database.
        root: the folder that holds ``bot/``.
        photo_examination: makes what scores a model on photos, or None where there are none.
        worn_examination: scores a set on people in streets and on bags, or gives None where there are no photos.
        after_step: called after each step of publishing.
        publish: whether the model may go live.
        force: whatever the gate says.
    """

    run: Run
    models: Models
    fashion_mnist: FashionMnist
    data_dir: Path
    settings: Settings
    root: Path
    photo_examination: Callable[..., PhotoExaminer | None]
    worn_examination: Callable[..., WornScores | None]
    after_step: AfterStep
    publish: bool = True
    force: bool = False
