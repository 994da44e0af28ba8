"""What the lines of the course's program print, computed from the data, the recorded runs and numpy as they would."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.course.printed import SOFTMAX_OF
from bot.course.recorded_runs import CLASSES, SIDE, TEST_IMAGES, TRAIN_IMAGES, weights_of
from bot.course.steps.callback import TARGET
from bot.course.steps.lesson import FIRST, Lesson, recorded
from bot.course.steps.normalise import PIXEL_MAX
from bot.course.steps.rules import said_of
from bot.replies.texts.code import code_texts
from bot.vision.interpreter import ModelError, input_and_output

_ROW: Final = 14
_WIDTHS: Final = (8, 128, 1024)


@dataclass(frozen=True, slots=True)
class Output:
    """What some lines print.

    Attributes:
        lines: as they stand on the screen.
        is_recorded: whether a training that was recorded printed them, and nothing of it was computed now.
    """

    lines: str
    is_recorded: bool = False


def output_of(step: str, lesson: Lesson) -> Output | None:
    """What the lines of a step print; None where they print nothing, or something else each time.

    Raises:
        Missing: what it is computed from is not there.
    """
    make = _OUTPUTS.get(step)
    return None if make is None else make(lesson)


def steps_of(images: int, batch: int) -> int:
    """How many steps an epoch has; the last may be smaller."""
    return math.ceil(images / batch)


def _data(lesson: Lesson) -> Output:
    first = lesson.test_image(FIRST).label
    assert first is not None  # a test image has its label
    lines = (
        f"({TRAIN_IMAGES}, {SIDE}, {SIDE}) ({TRAIN_IMAGES},)",
        f"({TEST_IMAGES}, {SIDE}, {SIDE}) ({TEST_IMAGES},)",
        f"{first} {lesson.name_of(first)}",
        f"{said_of(lesson.test, lesson.test.place(FIRST))}",
    )
    return Output("\n".join(lines))


def _pixels(lesson: Lesson) -> Output:
    image = lesson.test.images[lesson.test.place(FIRST)]
    return Output(f"{image.shape} {image.dtype} {image.min()} {image.max()}\n{_array(image[_ROW])}")


def _normalise(lesson: Lesson) -> Output:
    images = lesson.test.images
    return Output(f"{images.min() / PIXEL_MAX} {images.max() / PIXEL_MAX}")


def _flatten(lesson: Lesson) -> Output:
    images = lesson.test.images[:1]
    return Output(f"{images.shape} {images.reshape(1, -1).shape}")


def _hidden(lesson: Lesson) -> Output:
    relu = np.maximum(np.array([-2.0, -0.5, 0.0, 0.5, 2.0], np.float32), 0)
    return Output(f"(1, {recorded(lesson.materials.lessons.short).neurons})\n{relu}")


def _width(_: Lesson) -> Output:
    return Output("\n".join(f"{neurons} {weights_of(neurons)}" for neurons in _WIDTHS))


def _softmax(_: Lesson) -> Output:
    z = np.array(SOFTMAX_OF)
    softmax = np.exp(z) / np.sum(np.exp(z))
    return Output(f"{_array(softmax)}\n{sum(softmax.tolist())}")


def _loss(_: Lesson) -> Output:
    return Output("sparse_categorical_crossentropy")


def _training(lesson: Lesson) -> Output:
    run = recorded(lesson.materials.lessons.short)
    steps, last = steps_of(TRAIN_IMAGES, run.batch), run.last
    return Output(f"Epoch {last.number}/{last.number}\n{_progress(steps, last.accuracy, last.loss)}", is_recorded=True)


def _gap(lesson: Lesson) -> Output:
    run = recorded(lesson.materials.lessons.short)
    last, steps = run.last, steps_of(TEST_IMAGES, run.batch)
    progress = _progress(steps, last.test_accuracy, last.test_loss)
    return Output(f"{progress}\n[{last.test_loss}, {last.test_accuracy}]", is_recorded=True)


def _result(lesson: Lesson) -> Output:
    first = lesson.test_image(FIRST)
    probabilities = lesson.network.probabilities(first.pixels[None])[0]
    shapes = f"({TEST_IMAGES}, {SIDE}, {SIDE}) ({TEST_IMAGES}, {CLASSES}) ({TEST_IMAGES},)"
    return Output(f"{shapes}\n{_array(probabilities)}\n{int(probabilities.argmax())} {first.label}")


def _overfitting(lesson: Lesson) -> Output:
    run = recorded(lesson.materials.lessons.long)
    last = run.last
    lines = (
        f"Epoch {last.number}/{last.number}",
        _progress(steps_of(TRAIN_IMAGES, run.batch), last.accuracy, last.loss),
        _progress(steps_of(TEST_IMAGES, run.batch), last.test_accuracy, last.test_loss),
    )
    return Output("\n".join(lines), is_recorded=True)


def _callback(lesson: Lesson) -> Output | None:
    run = recorded(lesson.materials.lessons.long)
    stop = run.first_above(TARGET)
    if stop is None:
        return None
    progress = _progress(steps_of(TRAIN_IMAGES, run.batch), stop.accuracy, stop.loss)
    said = code_texts(lesson.language).stopped.format(epoch=stop.number)
    return Output(f"Epoch {stop.number}/{run.last.number}\n{said}\n{progress}", is_recorded=True)


def _tflite(lesson: Lesson) -> Output | None:
    model = lesson.materials.lessons.tflite
    if model is None:
        return None
    try:
        details = input_and_output(model)
    except ModelError:
        return None
    return Output("\n".join(f"{each.index} {each.shape} {each.dtype}" for each in details))


def _array(values: np.ndarray) -> str:
    """An array as Python prints it, in lines that fit a phone."""
    return np.array2string(values, max_line_width=36)


def _progress(steps: int, accuracy: float, loss: float) -> str:
    return f"{steps}/{steps} - accuracy: {accuracy:.4f} - loss: {loss:.4f}"


_OUTPUTS: Final[Mapping[str, Callable[[Lesson], Output | None]]] = {
    "data": _data,
    "pixels": _pixels,
    "normalise": _normalise,
    "flatten": _flatten,
    "hidden": _hidden,
    "width": _width,
    "softmax": _softmax,
    "loss": _loss,
    "training": _training,
    "gap": _gap,
    "result": _result,
    "overfitting": _overfitting,
    "callback": _callback,
    "tflite": _tflite,
}
