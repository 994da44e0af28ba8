"""The recipes ``standard`` and ``best``: Fashion-MNIST and photos of people, put together and trained on."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Final

from bot.vision.garment import GarmentFinder
from bot.vision.segmenter import TfliteSegmenter
from training.calibrate import calibrate
from training.card import Trained
from training.corrections import Corrections, corrected_pictures
from training.fit import fitted, recipe_for
from training.gather import PHOTO_VARIANTS, REFRESH_VARIANTS, VARIANT_SEED, gather
from training.networks import published
from training.photo_examination import SEGMENTER
from training.photos import WORKERS
from training.pictures import Pictures
from training.presets import Plan
from training.runs import Run
from training.world import World, answer_rows, with_corrected

CACHE: Final = "cache"
"""Folder beside the runs that keeps converted photos of the list; corrections are never kept."""


def train(plan: Plan, run: Run, pictures: Pictures, *, data_dir: Path, corrections: Corrections) -> Trained:
    """Trains the residual network on both worlds, from where the run stands.

    Args:
        plan: how.
        run: gets a record and a checkpoint after each epoch; its ``initial_weights`` start a refresh.
        pictures: Fashion-MNIST.
        data_dir: where the photos are.
        corrections: what people corrected.

    Raises:
        DataError: photos are missing and cannot be fetched.
        TrainingError: a photo is damaged.
    """
    variants = REFRESH_VARIANTS if plan.refresh else PHOTO_VARIANTS
    world, calibration = gather(pictures, data_dir, SEGMENTER, run.folder.parent / CACHE, run.log, variants)
    if corrections.learnt:
        run.log(f"{len(corrections.learnt)} corrected photos are learnt from, {len(corrections.measured)} kept apart")
        world = _with_corrections(world, corrections)
    network = fitted(plan, run, world, pictures.held_out_split(), recipe_for(plan))
    temperature, thresholds = calibrate(network, calibration)
    return Trained(
        model=published(network, temperature),
        epochs=plan.epochs,
        start=network,
        temperature=temperature,
        thresholds=asdict(thresholds),
        corrections=len(corrections),
    )


def _with_corrections(world: World, corrections: Corrections) -> World:
    finder = GarmentFinder(TfliteSegmenter(SEGMENTER.read_bytes(), interpreters=WORKERS))
    photos = corrected_pictures(corrections.learnt, finder, world.photos.shape[1], VARIANT_SEED)
    return with_corrected(world, photos, answer_rows([[each.label] for each in corrections.learnt]))
