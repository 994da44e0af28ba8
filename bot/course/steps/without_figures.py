"""What a step still says where the figures for it are not there: the sentences that need none but the course's own."""

import re
from itertools import takewhile
from typing import Final

from bot.course.recorded_runs import CLASSES, INPUTS, SIDE, TEST_IMAGES, TRAIN_IMAGES, weights_of
from bot.course.steps.callback import TARGET
from bot.course.steps.clicking import SHOWN
from bot.course.steps.lesson import Lesson
from bot.replies.numerals import count, percent
from bot.vision.labels import SANDAL

NEURONS: Final = 128
BATCH: Final = 32
EPOCHS: Final = 5
LONG_EPOCHS: Final = 50

_SENTENCE: Final = re.compile(r"(?<=[。！？])|(?<=[.!?])(?= )|(?<=\n)")
_BLANK: Final = re.compile(r"{(\w+)}")


def without_figures(name: str, text: str, lesson: Lesson) -> str:
    """A step's text without data, records or model: of each line what stands before the first unknown figure: HTML.

    Args:
        name: of the step.
        text: with its blanks.
        lesson: the step.
    """
    known = _known(name, lesson)
    lines: list[str] = []
    for line in text.split("\n"):
        sayable = takewhile(lambda part: set(_BLANK.findall(part)) <= known.keys(), _SENTENCE.split(line))
        said = _balanced("".join(sayable).strip()).format(**known).strip()
        if said or (not line and lines and lines[-1]):
            lines.append(said)
        elif line:
            _take_announcement_back(lines)
    return "\n".join(lines).strip()


def _take_announcement_back(lines: list[str]) -> None:
    """Without the sentence that announced what is left out, where it is the last that was said."""
    while lines and not lines[-1]:
        lines.pop()
    if lines and lines[-1].endswith(("：", ":")):
        before = "".join(_SENTENCE.split(lines.pop())[:-1]).strip()
        if before:
            lines.append(before)
    if lines and lines[-1]:
        lines.append("")


def _known(name: str, lesson: Lesson) -> dict[str, str]:
    """What every step may say of the data set and the course's program, and what the step itself may."""
    epochs = lesson.words.epochs
    always = {
        "side": str(SIDE),
        "classes": str(CLASSES),
        "inputs": str(INPUTS),
        "neurons": str(NEURONS),
        "chosen": str(NEURONS),
        "batch": str(BATCH),
        "heel": lesson.name_of(SANDAL),
        "subject": lesson.words.frame.first_image,
        "train": count(TRAIN_IMAGES),
        "test": count(TEST_IMAGES),
        "target": percent(TARGET, 0),
        "planned": epochs.of(LONG_EPOCHS),
        "short": epochs.of(EPOCHS),
        "long": epochs.of(LONG_EPOCHS),
        "epochs": epochs.of(EPOCHS),
        "sum": "1",
        "taught": "",
        "took": "",
        "note": "",
        "smaller": "",
        "course": "",
    }
    own = {
        "data": {
            "total": count(TRAIN_IMAGES + TEST_IMAGES),
            "in_a_class": count(TEST_IMAGES // CLASSES),
        },
        "pixels": {"total": str(INPUTS)},
        "flatten": {"total": str(INPUTS)},
        "hidden": {"weights": count((INPUTS + 1) * NEURONS)},
        "training": {"images": count(TRAIN_IMAGES), "weights": count(weights_of(NEURONS))},
        "page": {"total": count(TEST_IMAGES), "images": str(SHOWN)},
    }
    not_these = {"gap": {"train", "test"}, "training": {"test"}, "photos": {"course"}}.get(name, set())
    return {key: value for key, value in (always | own.get(name, {})).items() if key not in not_these}


def _balanced(line: str) -> str:
    """Without tags that lost their other half."""
    for tag in ("b", "code"):
        if line.count(f"<{tag}>") != line.count(f"</{tag}>"):
            line = line.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    return line
