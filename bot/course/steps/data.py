"""The data: ten classes, shown."""

from typing import Final

import numpy as np

from bot.course.recorded_runs import TEST_IMAGES, TRAIN_IMAGES
from bot.course.steps.lesson import FIRST, LabelledImages, Lesson, Slide
from bot.course.steps.page import INNER, TOP, Page
from bot.replies.cards.canvas import AMBER, INK, MARGIN, MUTED, TEAL, WHITE, WIDTH
from bot.replies.numerals import count
from bot.vision.labels import CLASS_COUNT

_SHOWN: Final = 8
_SCALE: Final = 3
_SIDE: Final = 28 * _SCALE
_ROW: Final = _SIDE + 12
_FOOT: Final = 120


def slide(lesson: Lesson) -> Slide:
    """Show some test images of each class."""
    test, words = lesson.test, lesson.words.data
    first = lesson.test_image(FIRST).label
    assert first is not None  # a test image has its label
    names = lesson.words.frame.list_separator.join(f"{label} {lesson.name_of(label)}" for label in range(CLASS_COUNT))
    return Slide(
        _draw(lesson, test).jpeg(80),
        words.text.format(
            total=count(TEST_IMAGES + TRAIN_IMAGES),
            train=count(TRAIN_IMAGES),
            test=count(TEST_IMAGES),
            in_a_class=count(TEST_IMAGES // CLASS_COUNT),
            first=lesson.name_of(first),
            label=first,
        ),
        words.picture.format(names=names, shown=_SHOWN),
    )


def _draw(lesson: Lesson, test: LabelledImages) -> Page:
    words = lesson.words.data
    page = Page(lesson, CLASS_COUNT * _ROW + _FOOT)
    images_left = MARGIN + 300
    gap = (WIDTH - MARGIN - images_left - _SHOWN * _SIDE) / (_SHOWN - 1)
    for label in range(CLASS_COUNT):
        top = TOP + label * _ROW
        page.text((MARGIN, top + _SIDE / 2), str(label), 40, MUTED, bold=True)
        page.text((MARGIN + 44, top + _SIDE / 2), lesson.name_of(label), 32, INK, bold=True, within=238)
        for column, index in enumerate(np.flatnonzero(test.labels == label)[:_SHOWN]):
            page.pixels(test.images[index], (images_left + column * (_SIDE + gap), top), _SCALE)
    top = TOP + CLASS_COUNT * _ROW + 20
    _draw_shares(page, lesson, top, TRAIN_IMAGES, TEST_IMAGES, words.train, words.test)
    return page


def _draw_shares(
    page: Page, lesson: Lesson, top: float, train: int, test: int, train_name: str, test_name: str
) -> None:
    border = MARGIN + INNER * train / (train + test)
    page.box((MARGIN, top, border - 3, top + 64), TEAL, radius=8)
    page.box((border + 3, top, WIDTH - MARGIN, top + 64), AMBER, radius=8)
    inside = train_name.format(number=count(train))
    page.text(((MARGIN + border) / 2, top + 32), inside, 32, WHITE, bold=True, anchor="mm", within=border - MARGIN - 20)
    right = WIDTH - MARGIN
    page.text(((border + right) / 2, top + 32), count(test), 30, WHITE, bold=True, anchor="mm")
    page.text((right, top + 88), test_name.format(number=count(test)), 26, AMBER, bold=True, anchor="rm")
