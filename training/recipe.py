"""How the 28x28 network is trained: every number of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run of :class:`training.engine.fit.Trainer` does; the defaults are the published model's.

    Attributes:
        epochs: passes over Fashion-MNIST.
        clean: clean Fashion-MNIST pictures a batch.
        randomised: Fashion-MNIST pictures a batch that are made to look like photos.
        photos: real photos a batch.
        outliers: pictures of none of the ten a batch.
        peak_rate: the highest learning rate, reached after ``warm_up`` of all steps.
        warm_up: share of the steps.
        decay: weight decay on kernels.
        smoothing: label smoothing.
        outlier_weight: how strongly outliers are pulled toward ten equal probabilities.
        distillation: how much a teacher's answers count against the labels, 0..1; without a teacher only labels do,
            nor does it count what a teacher says to photos that people corrected.
        distillation_temperature: what the logits of both are divided by before they are compared.
        average: decay of the moving average of the weights a step.
        cut_clean: side of the square cut out of clean pictures.
        cut_photo: side of the square cut out of half of the others.
        strength: multiplies the retoning of photos.
        share: of Fashion-MNIST that an epoch goes through, drawn anew for each.
    """

    epochs: int
    clean: int = 160
    randomised: int = 32
    photos: int = 24
    outliers: int = 12
    peak_rate: float = 0.15
    warm_up: float = 0.15
    decay: float = 5e-4
    smoothing: float = 0.1
    outlier_weight: float = 0.5
    distillation: float = 0.7
    distillation_temperature: float = 2.0
    average: float = 0.998
    cut_clean: int = 12
    cut_photo: int = 9
    strength: float = 0.25
    share: float = 1.0

    @property
    def batch_size(self) -> int:
        """Pictures a batch, of every kind."""
        return self.clean + self.randomised + self.photos + self.outliers
