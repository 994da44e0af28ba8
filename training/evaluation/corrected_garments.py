"""What networks say of the garments that people corrected, before a refresh and after it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.vision.fusion import LEAST_PROBABILITY, Distribution, Weights, fuse_all
from bot.vision.verdicts import Thresholds, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from training.data.corrections import Seen
    from training.evaluation.network_set import NetworkSet


@dataclass(frozen=True, slots=True)
class CorrectedAnswer:
    """What people are told of a corrected garment.

    Attributes:
        right: it is what they said.
        surprise: the negative logarithm of the share of what they said.
    """

    right: bool
    surprise: float


def corrected_answers(seen: Iterable[Seen], networks: NetworkSet) -> list[CorrectedAnswer]:
    """What a set of networks says of corrected garments, as people get it."""
    weights, thresholds = Weights.from_card(networks.thresholds), Thresholds.from_card(networks.thresholds)
    answers = []
    for each in seen:
        model = networks.classifier.probabilities(each.pixels[np.newaxis])
        shares = fuse_all(model, networks.networks.classify(each.view)[np.newaxis], weights)[0]
        prediction = judge(Distribution.of(shares), thresholds)
        share = float(shares[sorted(each.outcomes)].sum())
        answers.append(CorrectedAnswer(prediction.said in each.outcomes, -math.log(max(share, LEAST_PROBABILITY))))
    return answers


@dataclass(frozen=True, slots=True)
class Change:
    """What a refresh did to corrected garments.

    Attributes:
        count: how many.
        before: of them right by the networks that were live; None without any.
        after: of them right now.
    """

    count: int
    before: int | None
    after: int


def changed(before: Sequence[CorrectedAnswer] | None, after: Sequence[CorrectedAnswer]) -> Change:
    """Compare what two sets of networks say of the same garments."""
    return Change(
        len(after), None if before is None else sum(each.right for each in before), sum(each.right for each in after)
    )


def change_sentence(learnt: Change, measured: Change) -> str:
    """One line for the report: how many were used, and how often each set is right on them."""
    parts = []
    for name, change in (("learnt from", learnt), ("kept apart to measure", measured)):
        part = f"{change.count} {name}"
        if change.count and change.before is not None:
            part += f" (right before and now: {change.before} and {change.after})"
        elif change.count:
            part += f" (right now: {change.after})"
        parts.append(part)
    return "Corrections: " + ", ".join(parts) + "."
