"""The figures of the model card, as JSON values: measured, or read from what training recorded; none is typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from bot.registry.card import ModelCard
from bot.vision.fusion import Weights
from bot.vision.labels import CLASS_NAMES_EN, SHOES
from bot.vision.prediction import Verdict
from bot.vision.verdicts import Thresholds
from training.data.set_labels import LABEL_CLASSES
from training.evaluation.answers import Shares, is_right, scored_photos
from training.evaluation.metrics import BOOTSTRAP_ROUNDS, FINE_GROUPS, SHOES_GROUP, Interval, PhotoScores
from training.model_card.contents import Course, Materials
from training.model_card.data_figures import data_figures
from training.model_card.examples import recalls
from training.model_card.recipe_figures import recipe_figures

COMMON_CONFUSIONS: Final = 4
WEAKEST: Final = 3
_STRANGE: Final = {"library": "crops of library pictures", "no clothing": "groceries and rubbish"}


def figures_of(materials: Materials, earlier: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Everything that ``page.md.j2`` asks for.

    Args:
        materials: what was measured.
        earlier: what this gave before. Where the run that made the same network is not at hand any more, what is told
            of it is taken over from there.
    """
    card, record = materials.card, materials.record
    weights, thresholds = Weights.from_card(card.thresholds), Thresholds.from_card(card.thresholds)
    no_clothing = materials.figures.all_strange
    recipe = recipe_figures(materials)
    if materials.run is None and earlier is not None and _is_of_one_training(earlier["card"], materials):
        recipe = earlier["recipe"]
    return {
        "card": {**_card(card), "network": materials.network},
        "rounds": BOOTSTRAP_ROUNDS,
        "classes": [f"{number} {name}" for number, name in enumerate(CLASS_NAMES_EN)],
        "bytes": {"segmenter": materials.segmenter_bytes, "classifier": card.bytes, "color": materials.color_bytes},
        "speed": {**asdict(record.speed), "runtime": record.runtime},
        "fusion": asdict(weights),
        "verdicts": {
            "sure_from": thresholds.sure,
            "likely_from": thresholds.likely,
            **{name: known(share) for name, share in asdict(materials.figures.verdicts).items()},
        },
        "test": _test(materials),
        "photos": _photos(materials),
        "alone": _both(materials.alone),
        "color": _both(materials.color),
        "street": _worn(card.raw.get("street"), ("top", "refused", "right_when_sure", *_FOUND)),
        "bags": _worn(card.raw.get("bags"), ("named", "refused")),
        "no_clothing": {
            "no_garment": known(no_clothing.no_garment if no_clothing else None),
            "sure": known(no_clothing.sure if no_clothing else None),
        },
        "outside": _outside(materials),
        "limits": _limits(materials),
        "course": None if materials.course is None else _course(materials.course),
        "data": data_figures(),
        "recipe": recipe,
    }


_FOUND: Final = ("found", "found_and_right", "precision")


def known(value: float | None) -> float | None:
    """A figure as JSON knows it: what could not be measured is None, not "not a number"."""
    return None if value is None or np.isnan(value) else float(value)


def _is_of_one_training(earlier: Mapping[str, Any], materials: Materials) -> bool:
    """Whether a page before was about the same network, however calibrated."""
    if materials.network is not None and earlier.get("network") is not None:
        return bool(earlier["network"] == materials.network)
    return bool(earlier["sha256"] == materials.card.sha256)


def _ends(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]


def _card(card: ModelCard) -> dict[str, Any]:
    calibration, test = card.raw.get("calibration") or {}, card.raw.get("test") or {}
    return {
        "version": card.version,
        "created": card.created[:10],
        "sha256": card.sha256,
        "epochs": card.epochs,
        "sharpening": {name: calibration.get(name) for name in ("temperature", "strength", "power", "lead")},
        "test_ece": test.get("ece"),
        "test_crowd": test.get("crowd"),
        "test_accuracy": card.test.accuracy,
        "train_accuracy": card.train_accuracy,
        "held_out_accuracy": (card.raw.get("held_out") or {}).get("accuracy"),
    }


def _test(materials: Materials) -> dict[str, Any]:
    test = materials.card.test
    pairs = (
        (CLASS_NAMES_EN[actual], CLASS_NAMES_EN[answer], count)
        for actual, row in enumerate(test.confusion)
        for answer, count in enumerate(row)
        if answer != actual
    )
    return {
        "images": test.images or 0,
        "classes": [
            {"name": each.name, "recall": each.test[0], "interval": _ends(each.test[1])}
            for each in recalls(materials)
            if each.test
        ],
        "confusions": most_common(pairs),
    }


def _photos(materials: Materials) -> dict[str, Any]:
    found = materials.figures
    photos = found.photos
    scored = {name: sum(row) for name, row in photos.confusion.items()}
    scored[SHOES_GROUP] = sum(scored[name] for name in scored if LABEL_CLASSES[name] <= set(SHOES))
    recall = {**{name: photos.fine_recall[name] for name in FINE_GROUPS}, SHOES_GROUP: photos.recall[SHOES_GROUP]}
    pairs = (
        (label, CLASS_NAMES_EN[answer], count)
        for label, row in photos.confusion.items()
        for answer, count in enumerate(row)
        if answer not in LABEL_CLASSES[label]
    )
    return {
        "images": photos.images,
        "senders": photos.senders,
        **_both(photos),
        "interval": _ends(photos.interval),
        "fine_interval": _ends(photos.fine_interval),
        "ece": known(photos.ece),
        "groups": [
            {
                "name": name,
                "scored": scored[name],
                "recall": known(share),
                "interval": _ends(found.group_intervals.get(name)),
            }
            for name, share in recall.items()
        ],
        "confusions": most_common(pairs),
    }


def most_common(pairs: Iterable[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
    """Of (actual, answer, count), those with the highest counts."""
    return sorted((pair for pair in pairs if pair[2]), key=lambda pair: -pair[2])[:COMMON_CONFUSIONS]


def _both(scores: PhotoScores) -> dict[str, float | None]:
    return {"balanced": known(scores.balanced_accuracy), "fine": known(scores.fine_accuracy)}


def _worn(shares: Mapping[str, Any] | None, names: Sequence[str]) -> dict[str, Any]:
    """What the card says of photos of a kind; nothing where it was made before they were measured."""
    shares = shares or {}
    return {"images": shares.get("images", ""), "interval": shares.get("interval")} | {
        name: shares.get(name) for name in names
    }


def _outside(materials: Materials) -> list[dict[str, Any]]:
    """What is said of pictures of something else."""

    def row(name: str, shares: Shares) -> dict[str, Any]:
        other = shares.other_clothing / shares.no_garment if shares.no_garment else 0.0
        return {
            "name": name,
            "pictures": shares.images,
            "no_garment": known(shares.no_garment),
            "other_clothing": known(other),
            "sure": known(shares.sure),
        }

    found = materials.figures
    return [
        *(row(f"photos labelled {name}", shares) for name, shares in found.near_misses.items()),
        *(row(_STRANGE.get(kind, kind), shares) for kind, shares in found.strange.items()),
    ]


def _limits(materials: Materials) -> dict[str, Any]:
    found = materials.figures
    recall = {name: share for name, share in found.photos.fine_recall.items() if share is not None}
    scored = scored_photos(materials.record)
    wrong = [answer for answer, right in zip(scored, is_right(scored), strict=True) if not right]
    near = found.all_near_misses
    return {
        "wrong": len(wrong),
        "sure_but_wrong": sum(answer.verdict is Verdict.SURE for answer in wrong),
        "weakest": [(name, recall[name]) for name in sorted(recall, key=recall.__getitem__)[:WEAKEST]],
        "shoes": sum(LABEL_CLASSES[answer.label] <= set(SHOES) for answer in scored),
        "near_misses": None if near is None else known(near.other_clothing),
    }


def _course(course: Course) -> dict[str, Any]:
    return {
        "epochs": course.epochs,
        "test_accuracy": course.test_accuracy,
        "usual_answer": course.usual_answer,
        "usual_share": course.usual_share,
        "confidence": course.confidence,
        "resized": _both(course.resized),
        "inverted": _both(course.inverted),
        "found": _both(course.found),
    }
