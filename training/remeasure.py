"""Measures the live model again and renews the figures of its card: ``python -m training.remeasure``.

For when the way from photo to pixels, or from probabilities to verdicts, has changed under a model that has not. With
``--calibrate`` weights and thresholds are chosen anew first, on the photos that they always come from.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from bot.dataset import DataError
from bot.settings import load_settings
from training.card import figures_of
from training.errors import BAD_INPUT, DONE, TrainingError
from training.files import replace_durably
from training.history import CARD, Models, StoredModel
from training.measure import Examinations, Measurement, load_classifier, measure
from training.photo_examination import photo_examination
from training.pictures import Pictures, load_pictures
from training.publish import sha256


def remeasure(
    model: StoredModel, pictures: Pictures, data_dir: Path, thresholds: Mapping[str, float] | None = None
) -> Measurement:
    """Measures a model and writes the figures into its card; everything else in it stays.

    Args:
        model: with its card.
        pictures: Fashion-MNIST.
        data_dir: where the photos are.
        thresholds: to answer by from now on; by default those of the card.

    Raises:
        TrainingError: it has no card of its own, or the photos that its card speaks of are not at hand.
    """
    data = model.model_path.read_bytes()
    if model.card.get("sha256") != sha256(data):
        raise TrainingError(f"{model.folder / CARD} is not the card of the file beside it.")
    photos = photo_examination(data_dir)
    if photos is None and model.card.get("photos"):
        raise TrainingError(f"The photos are not in {data_dir}; fetch them: python -m bot.dataset --photos.")
    held_out = bool(model.card.get("held_out"))
    examinations = Examinations(
        test=pictures.test,
        trained_on=pictures.rest() if held_out else pictures.train,
        held_out=pictures.held_out_split() if held_out else None,
        photos=photos,
    )
    limits = dict(thresholds or model.card.get("thresholds") or {})
    measurement = measure(load_classifier(data), examinations, limits)
    figures = figures_of(measurement, len(pictures.held_out))
    calibration = {**model.card.get("calibration", {}), **figures.pop("calibration")}
    card = {**model.card, **figures, "calibration": calibration, "thresholds": limits}
    replace_durably(model.folder / CARD, (json.dumps(card, ensure_ascii=False, indent=2) + "\n").encode())
    return measurement


def _chosen_anew(model: StoredModel, data_dir: Path) -> dict[str, float]:
    from training.calibrate import recalibrate
    from training.gather import calibration_photos

    classifier = load_classifier(model.model_path.read_bytes())
    return asdict(recalibrate(classifier, calibration_photos(data_dir)))


def main(argv: Sequence[str] | None = None) -> int:
    """Measures the live model again."""
    parser = argparse.ArgumentParser(prog="python -m training.remeasure", description=__doc__)
    parser.add_argument("--models-dir", type=Path, metavar="DIR")
    parser.add_argument("--data-dir", type=Path, metavar="DIR")
    parser.add_argument("--calibrate", action="store_true", help="choose weights and thresholds anew first")
    args = parser.parse_args(argv)
    settings = load_settings()
    models, data_dir = Models(args.models_dir or settings.models_dir), args.data_dir or settings.data_dir
    try:
        live = models.live()
        if live is None:
            raise TrainingError(f"There is no model in {models.folder}.")
        limits = _chosen_anew(live, data_dir) if args.calibrate else None
        figures = remeasure(live, load_pictures(data_dir), data_dir, limits).figures()
        for name, value in asdict(figures).items():
            print(f"{name}: {'not measured' if value is None else f'{value:.4f}'}")
    except (TrainingError, DataError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    return DONE


if __name__ == "__main__":
    sys.exit(main())
