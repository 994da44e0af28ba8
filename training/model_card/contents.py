"""What the model card tells: measured on the published files, or read from what training recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.course.recorded_runs import Lessons
from bot.datasets import Split, as_pixels, ensure_photos, load_test, photo_list
from bot.registry.card import CardError, ModelCard
from bot.registry.layout import COLOR_CLASSIFIER_FILE, SEGMENTER_FILE
from bot.registry.model_set import sha256
from bot.registry.networks import network_file, open_networks
from bot.vision.color_classifier import view_of
from bot.vision.garment import Garment
from bot.vision.labels import CLASS_COUNT, CLASS_NAMES_EN
from bot.vision.pixels import to_pixels
from training.data.photos import garments_in, read_photo
from training.errors import TrainingError
from training.evaluation.answers import Answer, Figures, Record, figures
from training.evaluation.measure import answers, load_classifier
from training.evaluation.metrics import PhotoScores, accepted_classes, photo_scores
from training.runs.folders import Run

TRIED: Final = "tried.md"
"""The table of experiments in the models folder, taken over as it is."""

Classify = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""From float32 [n, 28, 28], 0..1, to probabilities [n, 10]."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What the networks make of a photo.

    Attributes:
        photo: uint8 [h, w, 3] RGB.
        garment: the first that was found.
        pixels: float32 [28, 28], 0..1.
        color: float32 [12], what the network in colour says of it.
    """

    photo: NDArray[np.uint8]
    garment: Garment
    pixels: NDArray[np.float32]
    color: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Course:
    """The course's recorded network, measured.

    Attributes:
        epochs: of its training.
        test_accuracy: on the test images.
        resized: on photos made gray and 28x28 and divided by 255, as tutorials do.
        usual_answer: what it says of most of them.
        usual_share: of how many.
        confidence: its mean confidence on them.
        inverted: on the negatives of the same.
        found: on what the bot's front end gives.
    """

    epochs: int
    test_accuracy: float
    resized: PhotoScores
    usual_answer: str
    usual_share: float
    confidence: float
    inverted: PhotoScores
    found: PhotoScores


@dataclass(frozen=True, slots=True)
class NetworkSize:
    """How large the published network is.

    Attributes:
        weights: that it learnt.
        multiplications: for one picture, both looks together.
    """

    weights: int
    multiplications: int


@dataclass(frozen=True, slots=True, eq=False)
class Materials:
    """Everything that the page tells.

    Attributes:
        card: of the model.
        segmenter_bytes: size of the network that finds garments.
        color_bytes: size of the network in colour.
        alone: what the model says of the 28x28 pixels, without the network in colour.
        color: what the network in colour says by itself.
        record: its answers on photos.
        figures: of the record.
        test: the test images.
        test_probabilities: float32 [10000, 10], its answers to them.
        views: what it saw of each photo of the record.
        course: the course's network; None where none is recorded.
        size: of the network; None where its Keras file is missing.
        network: that file's SHA-256: a calibration changes the model's file, but nothing of how it was trained.
        run: that made it; None where it is not at hand.
        tried: the table of experiments; None where there is none.
    """

    card: ModelCard
    segmenter_bytes: int
    color_bytes: int
    alone: PhotoScores
    color: PhotoScores
    record: Record
    figures: Figures
    test: Split
    test_probabilities: NDArray[np.float32]
    views: Sequence[View]
    course: Course | None = None
    size: NetworkSize | None = None
    network: str | None = None
    run: Run | None = None
    tried: str | None = None


def gather(data_dir: Path, models_dir: Path, record: Record, run: Run | None) -> Materials:
    """Measure what the page tells beside the record.

    Raises:
        DataError: the data is missing and cannot be had.
        TrainingError: card, record and model are not of one another.
    """
    model = (models_dir / "classifier.tflite").read_bytes()
    try:
        card = ModelCard.read(models_dir / "card.json")
    except CardError as error:
        raise TrainingError(str(error)) from error
    if not sha256(model) == card.sha256 == record.sha256:
        raise TrainingError(f"{models_dir}: model, card and answers are not of the same file.")
    test = load_test(data_dir)
    views = look_at(record.photos, data_dir, models_dir)
    lesson = Lessons.read(models_dir / "lesson")
    course = None
    if lesson.network is not None and lesson.short is not None:
        course = examine_course(lesson.network.probabilities, lesson.short.last.number, test, record, views)
    classifier = load_classifier(model)
    keras_file = models_dir / "classifier.keras"
    tried = models_dir / TRIED
    return Materials(
        card=card,
        segmenter_bytes=_size(SEGMENTER_FILE, models_dir),
        color_bytes=_size(COLOR_CLASSIFIER_FILE, models_dir),
        alone=photo_scores(classifier.probabilities(np.stack([view.pixels for view in views])), record.photos),
        color=photo_scores(np.stack([view.color[:CLASS_COUNT] for view in views]), record.photos),
        record=record,
        figures=figures(record),
        test=test,
        test_probabilities=answers(classifier, test),
        views=views,
        course=course,
        size=size_of(keras_file) if keras_file.exists() else None,
        network=sha256(keras_file.read_bytes()) if keras_file.exists() else None,
        run=run,
        tried=tried.read_text(encoding="utf-8").strip() if tried.exists() else None,
    )


def _size(file: str, models_dir: Path) -> int:
    return network_file(models_dir, file).stat().st_size


def look_at(photos: Sequence[Answer], data_dir: Path, models_dir: Path) -> list[View]:
    """See photos as the bot sees them."""
    listed = {photo.image: photo for photo in photo_list()}
    ensure_photos(data_dir, [listed[answer.image] for answer in photos])
    networks = open_networks(models_dir)
    views = []
    for answer in photos:
        photo = read_photo(listed[answer.image].path(data_dir))
        garment = garments_in(photo, networks)[0]
        color = networks.classify(view_of(photo, garment))
        views.append(View(photo.pixels, garment, to_pixels(photo, garment), color))
    return views


def examine_course(classify: Classify, epochs: int, test: Split, record: Record, views: Sequence[View]) -> Course:
    """Measure the course's network as its learners would use it, and behind the bot's front end.

    Args:
        classify: the network.
        epochs: of its training.
        test: the test images.
        record: names the photos.
        views: of the same photos.
    """
    resized = np.stack([tutorial_pixels(view.photo) for view in views])
    plain = classify(resized)
    scored = np.array([bool(accepted_classes(answer)) for answer in record.photos])
    counts = np.bincount(plain[scored].argmax(axis=1), minlength=len(CLASS_NAMES_EN))
    return Course(
        epochs=epochs,
        test_accuracy=float((classify(as_pixels(test.images)).argmax(axis=1) == test.labels).mean()),
        resized=photo_scores(plain, record.photos),
        usual_answer=CLASS_NAMES_EN[int(counts.argmax())],
        usual_share=float(counts.max() / counts.sum()),
        confidence=float(plain[scored].max(axis=1).mean()),
        inverted=photo_scores(classify(1 - resized), record.photos),
        found=photo_scores(classify(np.stack([view.pixels for view in views])), record.photos),
    )


def tutorial_pixels(photo: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What tutorials do with a photo: gray, resized to 28x28, divided by 255."""
    small = Image.fromarray(photo).convert("L").resize((28, 28))
    return np.asarray(small, np.float32) / np.float32(255)


def size_of(keras_file: Path) -> NetworkSize:
    """Count weights and multiplications of the published network, which looks at each picture several times."""
    from training.networks.classifier import looks
    from training.networks.convert import from_keras_file

    network = from_keras_file(keras_file)
    once = 0
    for layer in network.layers:
        kernel = getattr(layer, "kernel", None)
        if kernel is not None:
            once += int(np.prod(kernel.shape)) * int(np.prod(layer.output.shape[1:-1]))
    return NetworkSize(weights=int(network.count_params()), multiplications=len(looks(network.input)) * once)
