"""The recipes ``standard`` and ``best``: Fashion-MNIST and photos of people, put together and trained on.

A refresh teaches the network in colour what people corrected, too: on photos it has the most to say.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.registry.layout import COLOR_CLASSIFIER_FILE, SEGMENTER_FILE
from bot.registry.networks import network_file, open_networks
from bot.vision.fusion import Weights
from bot.vision.recognizer import VisionNetworks
from training.data.corrections import Corrections, corrected_examples, corrected_pictures, pixel_answers
from training.data.fashion_mnist import FashionMnist
from training.data.gather import TO_REMEMBER, VARIANT_SEED, WHOLE, gather
from training.data.replay import cached_replay
from training.data.training_set import with_corrected
from training.engine.color_refresh import ColorRecipe, refreshed
from training.engine.fit import fitted
from training.engine.memory import give_back
from training.evaluation.calibrate import calibrate
from training.evaluation.network_set import WithColor
from training.model_card.card import Trained
from training.networks.classifier import published
from training.plan import PhotoPlan
from training.runs.folders import CACHE, Run


def train(
    plan: PhotoPlan,
    run: Run,
    fashion_mnist: FashionMnist,
    *,
    data_dir: Path,
    models_dir: Path,
    corrections: Corrections,
    start: list[NDArray[np.float32]] | None = None,
    weights: Weights | None = None,
) -> Trained:
    """Trains the residual network on Fashion-MNIST and photos, from where the run stands.

    Args:
        plan: how.
        run: gets a record and a checkpoint after each epoch.
        fashion_mnist: its images.
        data_dir: where the photos are.
        models_dir: has the networks that find garments.
        corrections: what people corrected.
        start: the published weights of the 28x28 network that a refresh starts from, in Keras's order.
        weights: how much each network of the set counts that a refresh starts from.

    Raises:
        DataError: photos are missing and cannot be fetched.
        TrainingError: a photo is damaged.
    """
    amount = TO_REMEMBER if plan.refresh else WHOLE
    segmenter = network_file(models_dir, SEGMENTER_FILE)
    cache = run.folder.parent / CACHE
    training_set, calibration = gather(fashion_mnist, data_dir, segmenter, cache, run.log, amount, run.stage)
    if corrections.learnt:
        run.log(f"{len(corrections.learnt)} corrected photos are learnt from, {len(corrections.measured)} kept apart")
        photos = corrected_pictures(corrections.learnt, training_set.photos.shape[1], VARIANT_SEED)
        training_set = with_corrected(training_set, photos, pixel_answers(corrections.learnt))
    held_out = fashion_mnist.held_out_split()
    network = fitted(plan, run, training_set, held_out, start)
    del training_set
    give_back()
    networks: VisionNetworks = open_networks(models_dir)
    color = None
    if plan.refresh and corrections.learnt:
        color = _refreshed_color(plan, run, data_dir, models_dir, corrections)
        networks = WithColor(networks, color)
        give_back()
    sharpening, thresholds = calibrate(network, held_out, calibration, networks, weights)
    return Trained(
        model=published(network, sharpening),
        epochs=run.kept_epoch(),
        start=network,
        sharpening=sharpening,
        thresholds=thresholds,
        corrections=len(corrections),
        color=color,
    )


def _refreshed_color(plan: PhotoPlan, run: Run, data_dir: Path, models_dir: Path, corrections: Corrections) -> bytes:
    """The network in colour, taught what people corrected: a ``.tflite`` file."""
    segmenter = network_file(models_dir, SEGMENTER_FILE).read_bytes()
    finding = partial(run.stage, "finding garments to remember")
    cache = run.folder.parent / CACHE
    replay = cached_replay(data_dir, segmenter, cache, finding)
    give_back()
    examples = corrected_examples(corrections.learnt)
    run.log(f"teaching the network in colour, which looks at {len(replay):,} views of training photos again ...")

    def after_step(done: int, total: int) -> None:
        run.interruption.check()
        run.stage("teaching the network in colour", done, total)

    published = network_file(models_dir, COLOR_CLASSIFIER_FILE).read_bytes()
    return refreshed(published, replay, examples, ColorRecipe(seed=plan.seed), after_step, cache)
