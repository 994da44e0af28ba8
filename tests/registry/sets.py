"""Whole sets of tiny networks, each easily told from the others."""

from pathlib import Path

from bot.registry.folder import ModelsFolder
from bot.registry.layout import COLOR_CLASSIFIER_FILE, MODEL_FILE, SEGMENTER_FILE
from bot.registry.model_set import ModelSet, networks_entry, sha256
from bot.registry.publishing import AfterStep, completed, sole_publisher, write_set
from bot.vision.garment import Group
from tests.vision.tiny_models import always, always_color, always_group

GROUPS = (Group.UPPER, Group.OUTER, Group.DRESS, Group.LOWER, Group.BAG, Group.OTHER)


def set_of(number: int, version: str, **more: object) -> ModelSet:
    """A set that answers class ``number`` to everything, by both classifiers, and finds one garment everywhere."""
    networks = {
        MODEL_FILE: always(number),
        SEGMENTER_FILE: always_group(GROUPS[number % len(GROUPS)]),
        COLOR_CLASSIFIER_FILE: always_color(number),
    }
    weights = {"model_weight": 1.0, "color_weight": 1.0}
    card = {"version": version, "sha256": sha256(networks[MODEL_FILE]), "thresholds": weights}
    return ModelSet(card | {"networks": networks_entry(networks)} | more, networks)


def publish(folder: Path, new: ModelSet, after_step: AfterStep = lambda step: None) -> str:
    """Makes a set the live one, as a training does, without the history."""
    models = ModelsFolder(folder)
    with sole_publisher(models):
        return write_set(models, completed(models, new), after_step)
