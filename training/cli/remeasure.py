"""Measures the live model again and renews the figures of its card: ``python -m training.cli.remeasure``.

For when the way from photo to pixels, or from probabilities to verdicts, has changed under a model that has not. With
``--calibrate`` what a training fits last is fitted anew first, on the pictures and photos that it always comes from:
what sharpens the model's logits, weights and thresholds.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.datasets import DataError
from bot.registry.files import replace_durably
from bot.registry.folder import StoredModel, read_card
from bot.registry.layout import CARD_FILE, KERAS_FILE, MODEL_FILE
from bot.registry.model_set import card_bytes, networks_entry, sha256
from bot.registry.networks import open_networks
from bot.settings import settings_or_exit
from bot.vision.classifier import Classifier
from training.data.fashion_mnist import FashionMnist, load_fashion_mnist
from training.errors import BAD_INPUT, DONE, TrainingError
from training.evaluation.measure import Examinations, Measurement, load_classifier, measure
from training.evaluation.network_set import NetworkSet
from training.evaluation.photo_examination import photo_examination
from training.evaluation.worn import WORN, examine_worn, worn_entries
from training.model_card.card import figures_of
from training.networks.sharpening import Sharpening
from training.runs.history import Models
from training.runs.publish import new_version


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What a calibration gives.

    Attributes:
        model: a ``.tflite`` file.
        sharpening: folded into it.
        thresholds: the card's.
    """

    model: bytes
    sharpening: Sharpening
    thresholds: Mapping[str, float]


def remeasure(
    model: StoredModel,
    fashion_mnist: FashionMnist,
    data_dir: Path,
    calibrated: Calibrated | None = None,
) -> Measurement:
    """Measures a model and writes the figures into its card; everything else in it stays.

    Args:
        model: with its card.
        fashion_mnist: Fashion-MNIST.
        data_dir: where the photos are.
        calibrated: what takes the place of the file and of its card's thresholds.

    Raises:
        TrainingError: it has no card of its own, or the photos that its card speaks of are not at hand.
    """
    networks, folder = model.networks(), model.networks_folder
    data, told = networks[MODEL_FILE], read_card(model.folder)
    if told.get("sha256") != sha256(data):
        raise TrainingError(f"{model.folder / CARD_FILE} is not the card of the file beside it.")
    photos = photo_examination(data_dir, folder)
    if photos is None and told.get("photos"):
        fetch = "python -m bot.datasets --photos clothing-photos"
        raise TrainingError(f"The photos are not in {data_dir}; fetch them: {fetch}.")
    held_out = bool(told.get("held_out"))
    examinations = Examinations(
        test=fashion_mnist.test,
        trained_on=fashion_mnist.rest() if held_out else fashion_mnist.train,
        held_out=fashion_mnist.held_out_split() if held_out else None,
        photos=photos,
    )
    if calibrated is not None:
        data = calibrated.model
        networks = {**networks, MODEL_FILE: data}
        told = {
            **told,
            "sha256": sha256(data),
            "bytes": len(data),
            "thresholds": dict(calibrated.thresholds),
            "calibration": asdict(calibrated.sharpening),
        }
    thresholds = dict(told.get("thresholds") or {})
    measurement = measure(load_classifier(data), examinations, thresholds)
    figures = figures_of(measurement, len(fashion_mnist.held_out))
    calibration = {**told.get("calibration", {}), **figures.pop("calibration")}
    card = {**told, **figures, "calibration": calibration, "thresholds": thresholds}
    entry = networks_entry(networks)
    if card.get("networks") not in (None, entry):  # another set, although this model is in it, too
        now = datetime.now().astimezone()
        together = "".join(str(each["sha256"]) for each in entry.values()).encode()
        version = new_version(str(card.get("preset")), together, now)
        card |= {"version": version, "created": now.isoformat(timespec="seconds")}
    card["networks"] = entry
    worn = examine_worn(data_dir, NetworkSet(Classifier(data), open_networks(folder), thresholds))
    card = {name: value for name, value in card.items() if name not in WORN} | worn_entries(worn, card, told)
    for name, network in networks.items():  # a set of the former form is whole from now on
        if name == MODEL_FILE or not (model.folder / name).is_file():
            replace_durably(model.folder / name, network)
    replace_durably(model.folder / CARD_FILE, card_bytes(card))
    return replace(measurement, worn=worn)


def calibrated_anew(model: StoredModel, fashion_mnist: FashionMnist, data_dir: Path) -> Calibrated:
    """Fits again what a training fits last.

    Args:
        model: with the network that a refresh starts from.
        fashion_mnist: Fashion-MNIST, of which the held-out ones are used.
        data_dir: where the photos are.

    Raises:
        TrainingError: that network is missing or damaged, or a photo is.
    """
    from training.data.gather import calibration_photos
    from training.evaluation.calibrate import calibrate
    from training.networks.classifier import published
    from training.networks.convert import from_keras_file, to_tflite

    network = from_keras_file(model.folder / KERAS_FILE)
    photos, networks = calibration_photos(data_dir), open_networks(model.networks_folder)
    sharpening, thresholds = calibrate(network, fashion_mnist.held_out_split(), photos, networks)
    return Calibrated(to_tflite(published(network, sharpening)), sharpening, thresholds)


def main(argv: Sequence[str] | None = None) -> int:
    """Measures the live model again."""
    parser = argparse.ArgumentParser(prog="python -m training.cli.remeasure", description=__doc__)
    parser.add_argument("--models-dir", type=Path, metavar="DIR")
    parser.add_argument("--data-dir", type=Path, metavar="DIR")
    parser.add_argument("--calibrate", action="store_true", help="fit sharpening, weights and thresholds anew first")
    args = parser.parse_args(argv)
    settings = settings_or_exit("remeasure")
    models, data_dir = Models(args.models_dir or settings.models_dir), args.data_dir or settings.data_dir
    try:
        live = models.live()
        if live is None:
            raise TrainingError(f"There is no model in {models.folder}.")
        fashion_mnist = load_fashion_mnist(data_dir)
        calibrated = calibrated_anew(live, fashion_mnist, data_dir) if args.calibrate else None
        figures = remeasure(live, fashion_mnist, data_dir, calibrated).figures()
        for name, value in asdict(figures).items():
            print(f"{name}: {'not measured' if value is None else f'{value:.4f}'}")
    except (TrainingError, DataError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    return DONE


if __name__ == "__main__":
    sys.exit(main())
