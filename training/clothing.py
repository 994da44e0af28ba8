"""Make the network that tells clothing from anything else: ``python -m training.clothing --data-dir data``.

There are few pictures without clothing to learn from, and a network that was trained on them knew them by heart and
called a coffee cup a hat. But of ImageNet's thousand classes most are no clothing, and a network that names them
(:mod:`training.efficientnet_lite`) needs no counterexample of ours: it is left as it is. What is measured here is only
how much likelier it says each name of the training photos' garments than of anything; a view is clothing by the mean of
these ratios over the names it is given (Bayes' rule with every ImageNet class as common as the next).

It also says what share of the names is a bag's: our data has no photo of a bag, ImageNet has thousands.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from bot.dataset import ensure_photos, photo_list
from bot.vision.garment import GarmentFinder
from bot.vision.second_opinion import SIDE
from bot.vision.segmenter import TfliteSegmenter
from training.convert import convert_weights_only
from training.efficientnet_lite import IMAGENET_CLASSES, WEIGHTS, backbone, load_imagenet, read_weights
from training.errors import TrainingError
from training.files import replace_durably
from training.gather import calibrates
from training.second_opinion import Example, answers_to, examples_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

BAGS: Final = (414, 636, 728, 748)
"""Backpack, mailbag, plastic bag and purse: what photos of bags, of which there are none, would be called."""

CARRIED: Final = (414, 636, 748)
"""Those that make a bag of an answer; a plastic bag is also what one training photo in fifty is called."""


def naming_network(weights: Path) -> keras.Model:
    """The network as ImageNet left it: from RGB ``float32 [n, 160, 160, 3]`` in 0..255 to probabilities ``[n, 1000]``.

    Raises:
        TrainingError: ``weights`` is another file.
    """
    known = read_weights(weights)
    network = backbone(SIDE)
    load_imagenet(network, known)
    names = layers.Dense(IMAGENET_CLASSES, activation="softmax")
    model = keras.Model(network.input, names(network.output))
    names.set_weights([known["_fc.weight"].T, known["_fc.bias"]])
    return model


def clothing_ratios(network: keras.Model, examples: Sequence[Example]) -> NDArray[np.float32]:
    """How much likelier each name is said of clothing than of anything: float32 [1000].

    Args:
        network: a :func:`naming_network`.
        examples: garments; every label counts alike, and bags as one more.
    """
    shares: dict[str, list[NDArray[np.float32]]] = {"bag": [np.zeros(IMAGENET_CLASSES, np.float32)]}
    shares["bag"][0][list(BAGS)] = 1 / len(BAGS)
    said = answers_to(lambda views: network(views, training=False), examples)
    for example, share in zip(examples, said, strict=True):
        shares.setdefault(example.label, []).append(share)
    return np.asarray(np.mean([np.mean(each, 0) for each in shares.values()], 0) * IMAGENET_CLASSES, np.float32)


def likelihood(network: keras.Model, ratios: NDArray[np.float32]) -> Callable[[tf.Tensor], tf.Tensor]:
    """From views to ``[n, 2]``: how likely they show clothing, and what share of their names is a bag's.

    The first is 1 where the names are as likely of clothing as not.
    """
    weights = tf.constant(ratios[:, None])

    def told(views: tf.Tensor) -> tf.Tensor:
        names = network(views, training=False)
        bag = tf.reduce_sum(tf.gather(names, CARRIED, axis=1), axis=1, keepdims=True)
        return tf.concat([tf.minimum(1.0, tf.matmul(names, weights)), bag], axis=1)

    return told


def to_tflite(network: keras.Model, ratios: NDArray[np.float32]) -> bytes:
    """Convert for serving: one view at a time, weights in 8 bits."""
    return convert_weights_only(likelihood(network, ratios), tf.TensorSpec((1, SIDE, SIDE, 3), tf.float32, name="view"))


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m training.clothing", description="Make models/clothing.tflite.")
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--weights", type=Path, default=None, help="ImageNet's, unless their package is installed")
    parser.add_argument("--segmenter", type=Path, default=Path("models/segmenter.tflite"))
    parser.add_argument("--output", type=Path, default=Path("models/clothing.tflite"))
    parser.add_argument("--photos", type=int, default=None, help="use only the first so many photos")
    args = parser.parse_args(argv)
    try:
        network = naming_network(WEIGHTS.at(args.weights))
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 2
    listed = [photo for photo in photo_list() if photo.split == "train" and not calibrates(photo)][: args.photos]
    ensure_photos(args.data_dir, listed)
    print(f"finding the garments of {len(listed)} photos ...", flush=True)
    finder = GarmentFinder(TfliteSegmenter(args.segmenter.read_bytes(), interpreters=1))
    ratios = clothing_ratios(network, examples_of(listed, args.data_dir, finder))
    replace_durably(args.output, to_tflite(network, ratios))
    print(f"{args.output} written; now calibrate the model again: python -m training.remeasure --calibrate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
