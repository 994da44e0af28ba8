"""What the model that serves is worth today, so that a new one can be compared with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.registry.history import Figures
from training.errors import UnfitModelError
from training.evaluation.measure import Examinations, load_classifier, measure

if TYPE_CHECKING:
    from bot.registry.folder import StoredModel


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """What the model that serves is worth, measured now on the same pictures as the new one.

    Attributes:
        figures: what the gate compares.
        recall: on photos by the bot's class name; empty where photos are not at hand.
    """

    figures: Figures
    recall: Mapping[str, float | None] = field(default_factory=dict)


def live_figures(model: StoredModel | None, examinations: Examinations) -> LiveFigures | None:
    """The live model's figures as of today: the way from photo to pixels may have changed since it was published."""
    if model is None:
        return None
    try:
        classifier = load_classifier(model.model_path.read_bytes())
    except UnfitModelError:
        return LiveFigures(Figures.from_card(model.card))
    held_out = examinations.held_out if Figures.from_card(model.card).held_out_accuracy is not None else None
    thresholds = model.card.get("thresholds") or {}
    measured = measure(classifier, replace(examinations, trained_on=None, held_out=held_out), thresholds)
    return LiveFigures(measured.figures(), measured.photos.recall_by_name() if measured.photos else {})
